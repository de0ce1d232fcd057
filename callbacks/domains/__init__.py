"""The Domains page, and the page of one domain."""

from callbacks.domains.page import blueprint

__all__ = ["blueprint"]
