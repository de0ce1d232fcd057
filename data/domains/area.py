"""Domains that are for sale, expire or compete; what they are worth; where a brand is mentioned."""

from __future__ import annotations

from data.area import Area, Chart, Finder, Number, Table, View
from data.permissions import Permission

_DAILY = "mv_daily_domain_stats"

DOMAINS = Area(
    "domains",
    "Domains",
    "/domains",
    rollups=(View("domains", "rollup_mentions_daily", 1), View("domains", "rollup_domains_daily", 1)),
    views=(View("domains", _DAILY, 1),),
    tables=(
        Table("domains", simulated=True, counted=True),
        Table("brand_mentions", partitioned=True, simulated=True, counted=True),
        Table("domain_history", simulated=True),
        Table("domain_values", simulated=True),
        Table("brand_mention_identities", simulated=True),
        Table("rollup_mentions_daily", simulated=True),
        Table("watched_domains", simulated=True),
    ),
    finders=(
        Finder(
            "domain",
            Permission.DOMAINS_READ,
            "/domains/{}",
            """select domain_name as key, domain_name as title,
                      concat_ws(' · ', 'DA ' || domain_authority, availability_status) as detail
               from domains where domain_name >= :name and domain_name < :name_stop and starts_with(domain_name, :name)
               order by domain_name limit :each""",
        ),
    ),
    numbers=(
        Number("watched", "Watched domains", "domains.watched", worse="below", status="domains", href="/domains"),
        Number("watched_free", "Watched domains free", "domains.available", status="domains", href="/domains"),
    ),
    charts=(
        Chart("portfolios_over_time", "Competitor portfolios", "domains held", _DAILY, Permission.DOMAINS_READ),
        Chart("mentions_by_day", "Brand mentions by day", "mentions a day by tone", _DAILY, Permission.DOMAINS_READ),
    ),
    every={"value_domains": 10, "ask_registries": 15, "read_feeds": 20},
)
