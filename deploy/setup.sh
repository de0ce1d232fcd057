#!/bin/sh
# setup.sh PYTHON VENV LOCK: makes VENV, installs what LOCK pins (by hash) and this project in place.
set -eu
python=$1 venv=$2 lock=$3
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
  echo "Mission Control needs Python 3.11 or newer; '$python' is not. Set PYTHON=… and run again." >&2; exit 1; }
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv" || {
  echo "Python's venv module is missing: install it (on Debian: apt-get install python3-venv) and run again." >&2; exit 1; }
echo "Installing into $venv …"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
