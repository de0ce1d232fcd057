#!/bin/sh
# setup.sh PYTHON VENV LOCK: makes VENV, installs what LOCK pins (by hash) and this project in place.
set -eu
python=$1 venv=$2 lock=$3

has_pip() { "$1" -m pip --version >/dev/null 2>&1; }

# Debian and its kin ship Python without what `venv` needs to put pip into a new environment. An installed pip can
# then do the work from outside; else root may install the missing package; else a person has to.
make_venv() {
  "$python" -m venv --clear "$venv" >/dev/null 2>&1 && return
  if has_pip "$python"; then "$python" -m venv --clear --without-pip "$venv" && return; fi
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y python3-venv; } >/dev/null 2>&1 &&
      "$python" -m venv --clear "$venv" >/dev/null 2>&1 && return
  fi
  rm -rf "$venv"
  echo "Python's venv module is incomplete: install it (on Debian: apt-get install python3-venv) and run again." >&2
  exit 1
}

pip_install() {
  if has_pip "$venv/bin/python"; then set -- "$venv/bin/python" -m pip install "$@"
  else set -- "$python" -m pip --python "$venv/bin/python" install "$@"; fi
  "$@" --quiet --disable-pip-version-check
}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
  echo "Mission Control needs Python 3.11 or newer; '$python' is not. Set PYTHON=… and run again." >&2; exit 1; }
"$venv/bin/python" -c '' 2>/dev/null || make_venv
echo "Installing into $venv (a minute or two the first time) …"
pip_install --require-hashes -r "$lock"
pip_install --no-deps --no-build-isolation --no-index -e .
