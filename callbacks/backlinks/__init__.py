"""The Backlinks page."""

from callbacks.backlinks.charts import CHARTS
from callbacks.backlinks.page import blueprint

__all__ = ["CHARTS", "blueprint"]
