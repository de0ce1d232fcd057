"""The ids of the Alerts page."""

from __future__ import annotations

from typing import Any

VIEW = "alerts-view"
NOTICE = "alerts-notice"
TICK = "alerts-tick"
ACTED = "alerts-acted"
HAND = "alerts-hand"
TOAST = "alerts-toast"
CARDS = "alerts-cards"
INBOX = "alerts-inbox"
INBOX_NOTE = "alerts-inbox-note"
TIMELINE = "alerts-timeline"
TIMELINE_OF = "alerts-timeline-of"
DOCUMENT = "alerts-document"
VERSION = "alerts-version"
VERSION_OF = "alerts-version-of"
SAVE = "alerts-save"
LOAD = "alerts-load"
ERROR = "alerts-error"
CURVE = "alerts-curve"
PREVIEW = "alerts-preview"
PREVIEWED = "alerts-previewed"
RULES = "alerts-rules"
SIGNALS = "alerts-signals"
QUALITY = "alerts-quality"
DELIVERY_HAND = "alerts-delivery-hand"
SILENCES = "alerts-silences"
SILENCE_OF = "alerts-silence-of"
SILENCE_MINUTES = "alerts-silence-minutes"
SILENCE_REASON = "alerts-silence-reason"
SILENCE_ERROR = "alerts-silence-error"
SILENCE_SET = "alerts-silence-set"
SILENCE_PREVIEW = "alerts-silence-preview"
SILENCE_WOULD = "alerts-silence-would"
CHANNELS = "alerts-channels"
CHANNEL_NAME = "alerts-channel-name"
CHANNEL_KIND = "alerts-channel-kind"
CHANNEL_FIELDS = "alerts-channel-fields"
CHANNEL_ERROR = "alerts-channel-error"
CHANNEL_ADD = "alerts-channel-add"
ON_CALL = "alerts-on-call"
PLANS = "alerts-plans"
PLANS_ERROR = "alerts-plans-error"
PLANS_SAVE = "alerts-plans-save"

Pattern = dict[str, Any]


def filter(var: Any) -> Pattern:  # noqa: A001, ANN401 — the word of the address; a name, or Dash's ALL
    """A control whose value stands in the address as `var-…`."""
    return {"type": "alerts-filter", "var": var}
