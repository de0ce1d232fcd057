"""The Domains page, and the page of one domain."""

from callbacks.domains.page import CHARTS, blueprint

__all__ = ["CHARTS", "blueprint"]
