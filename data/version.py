"""The version of the product, from its package."""

from __future__ import annotations

from importlib.metadata import version

VERSION = version("mission-control")
