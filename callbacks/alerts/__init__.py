"""The Alerts page."""

from callbacks.alerts import rule_editor
from callbacks.alerts.page import blueprint

__all__ = ["blueprint", "rule_editor"]
