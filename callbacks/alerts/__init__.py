"""The Alerts page."""

from callbacks.alerts import delivery, rule_editor
from callbacks.alerts.page import blueprint

__all__ = ["blueprint", "delivery", "rule_editor"]
