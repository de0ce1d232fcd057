#!/bin/sh
# Makes sure that the browser tests have Chromium and its driver; else says in one line what to install.
set -eu
have() { command -v "$1" >/dev/null 2>&1; }
if { have chromium || have google-chrome || have chromium-browser; } && have chromedriver; then exit 0; fi
if have apt-get && [ "$(id -u)" = 0 ]; then
  echo "Installing Chromium from the system's packages …"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium chromium-driver; } >/dev/null 2>&1 && exit 0
fi
echo "Browser tests need Chromium and its driver: install the packages chromium and chromium-driver." >&2
[ "${CI:-}" = true ] && exit 1
exit 0
