"""The ids of the Uptime page."""

VIEW = "uptime-view"
NOTICE = "uptime-notice"
STAMP = "uptime-stamp"
BY_DAY = "uptime-by-day"
SITES = "uptime-sites"
