"""From filters to SQL: the conditions that a link (alias b) has to meet, and what they bind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.backlinks.inputs import ANY_AUTHORITY, Filters, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

# LIKE, not a regular expression: it is asked of every link of a domain.
_PAID = "(b.rel like '%nofollow%' or b.rel like '%ugc%' or b.rel like '%sponsored%')"
_KINDS: dict[Kind, str] = {
    "any": "",
    "follow": f"{_PAID} is not true",
    "nofollow": "b.rel like '%nofollow%'",
    "ugc": "b.rel like '%ugc%'",
    "sponsored": "b.rel like '%sponsored%'",
}


def matching(targets: Sequence[str], filters: Filters) -> tuple[str, dict[str, Any]]:
    """Conditions for links to `targets`, to be joined to a statement's own by `and`."""
    found, values = ["b.target_domain_name = any(:targets)"], {"targets": list(targets)}
    more: dict[str, Any] = {}
    if _KINDS[filters.kind]:
        found.append(_KINDS[filters.kind])
    if filters.authority != ANY_AUTHORITY:
        found.append("b.domain_authority between :low and :high")
        more |= {"low": filters.authority[0], "high": filters.authority[1]}
    if filters.anchor is not None:
        found.append("coalesce(b.anchor, '') = :anchor")
        more["anchor"] = filters.anchor.strip()
    if filters.source is not None:
        found.append("b.source_domain_name = :source")
        more["source"] = filters.source
    return " and ".join(found), values | more
