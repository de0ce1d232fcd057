"""Domains that are for sale, expire or compete; what they are worth; where a brand is mentioned."""

from __future__ import annotations

from data.area import Area, Finder, Table, View
from data.permissions import Permission

DOMAINS = Area(
    "domains",
    "Domains",
    "/domains",
    rollups=(View("domains", "rollup_mentions_daily", 1), View("domains", "rollup_domains_daily", 1)),
    views=(View("domains", "mv_daily_domain_stats", 1),),
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
    every={"value_domains": 10, "ask_registries": 15, "read_feeds": 20},
)
