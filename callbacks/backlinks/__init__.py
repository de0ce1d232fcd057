"""The Backlinks page."""

from callbacks.backlinks.page import blueprint

__all__ = ["blueprint"]
