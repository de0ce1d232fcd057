"""What is stored in several spellings becomes one, and nothing else changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from data import urls
from data.domains.streams import mention_hash
from data.hosts import parse_site
from data.migrations import respell as subject
from data.migrations.respell import respell
from tasks import refresh

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from data.services import Services

LIVE, LOST = "live", "confirmed_lost"


def run(mc: Services) -> dict[str, int]:
    with mc.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return dict(respell(connection))


def rows(mc: Services, sql: str, **values: Any) -> Sequence[Any]:
    with mc.engine.begin() as connection:
        result = connection.execute(text(sql), values)
        return result.all() if result.returns_rows else []


def store(mc: Services, url_from: str, url_to: str, day: int, **more: Any) -> int:
    """A link as it was stored before addresses had one spelling."""
    link = {"target": "acme.io", "source": "blog.org", "rel": None, "state": LIVE, "seen": day, "lost": None, **more}
    [(link_id,)] = rows(
        mc,
        """with link as (
             insert into backlinks (target_domain_name, discovered_date, source_domain_name, url_from, url_to, rel,
               link_state, last_seen, lost_date, lost_reason)
             values (:target, date '2026-06-01' + :day, :source, :url_from, :url_to, :rel, :state,
               date '2026-06-01' + :seen, date '2026-06-01' + cast(:lost as int),
               case when :state = 'confirmed_lost' then 'link_removed' end) returning *),
           identity as (
             insert into backlink_identities (link_hash, target_domain_name, discovered_date, backlink_id)
             select link_hash(url_from, url_to), target_domain_name, discovered_date, backlink_id from link)
           select backlink_id from link""",
        url_from=url_from,
        url_to=url_to,
        day=day,
        **link,
    )
    return int(link_id)


def links(mc: Services) -> list[tuple[Any, ...]]:
    found = rows(
        mc,
        """select b.url_from, b.url_to, b.source_domain_name, b.target_domain_name, b.rel
           from backlinks b join backlink_identities i on i.link_hash = link_hash(b.url_from, b.url_to)
             and i.target_domain_name = b.target_domain_name and i.discovered_date = b.discovered_date
             and i.backlink_id = b.backlink_id order by 1, 2""",
    )
    assert len(found) == rows(mc, "select count(*) from backlinks")[0][0] == _identities(mc)
    return [tuple(row) for row in found]


def _identities(mc: Services) -> int:
    return int(rows(mc, "select count(*) from backlink_identities")[0][0])


def test_one_spelling_is_stored_and_the_rest_stays(mc: Services) -> None:
    store(mc, "https://blog.org/отзыв", "http://acme.io", 1, rel="NoFollow  UGC")
    store(mc, "https://blog.org/plain", "https://www.acme.io/?a=1&b", 1, rel="sponsored")
    store(mc, "http://exam<ple.com/x", "http://u:pw@acme.io/", 1, source="not a domain", target="www.acme.io")
    store(mc, "http://i❤.ws/", "http://acme.io/", 1, source="i❤.ws")
    assert run(mc) == {"links written anew": 3}
    assert links(mc) == [
        ("http://exam<ple.com/x", "http://acme.io/", "not a domain", "acme.io", None),
        ("http://xn--i-7iq.ws/", "http://acme.io/", "xn--i-7iq.ws", "acme.io", None),
        ("https://blog.org/%D0%BE%D1%82%D0%B7%D1%8B%D0%B2", "http://acme.io/", "blog.org", "acme.io", "nofollow ugc"),
        ("https://blog.org/plain", "https://www.acme.io/?a=1&b", "blog.org", "acme.io", "sponsored"),
    ]
    assert run(mc) == {}, "a second run finds nothing"


def test_doubled_links_become_one_with_the_best_of_each(mc: Services) -> None:
    first = store(mc, "https://blog.org/a b", "http://acme.io", 1, state=LOST, lost=9, seen=3)
    store(mc, "https://blog.org/a%20b", "http://acme.io/", 4, seen=20)
    third = store(
        mc, "https://blog.org:443/x/../a b", "http://ACME.io:80/#top", 2, state="suspected", seen=5, rel="UGC"
    )
    rows(
        mc,
        """insert into backlink_link_checks (target_domain_name, discovered_date, backlink_id, checked_at, attempt,
             outcome, verdict) select target_domain_name, discovered_date, backlink_id, now(), 1, 'link_removed',
             'confirmed' from backlinks where backlink_id in (:first, :third)""",
        first=first,
        third=third,
    )
    refresh.bring_up_to_date(mc)
    assert run(mc) == {"links written anew": 2, "doubled links merged": 2}
    [link] = links(mc)
    assert link == ("https://blog.org/a%20b", "http://acme.io/", "blog.org", "acme.io", None)
    [(link_id, found, seen, state, lost, reason)] = rows(
        mc,
        """select backlink_id, discovered_date::date::text, last_seen::date::text, link_state, lost_date, lost_reason
           from backlinks""",
    )
    assert (link_id, found, seen, state, lost, reason) == (first, "2026-06-02", "2026-06-21", LIVE, None, None)
    looked_at = rows(mc, "select distinct backlink_id, discovered_date::date::text from backlink_link_checks")
    assert [tuple(row) for row in looked_at] == [(first, "2026-06-02")]
    refresh.bring_up_to_date(mc)
    assert [
        tuple(row)
        for row in rows(mc, "select target_domain_name, sum(n), sum(n_lost) from rollup_backlinks_hourly group by 1")
    ] == [("acme.io", 1, 0)]
    assert rows(mc, "select * from rollup_backlinks_lost_daily") == []
    [told] = rows(mc, "select detail from audit_log where action = 'addresses.respell'")
    assert told.detail == {"links written anew": 2, "doubled links merged": 2}


def test_numbers_move_to_the_name_of_today(mc: Services) -> None:
    store(mc, "https://blog.org/1", "http://www.acme.io/", 1, target="www.acme.io", state=LOST, lost=2)
    store(mc, "https://blog.org/2", "http://acme.io/", 1)
    refresh.bring_up_to_date(mc)
    run(mc)
    refresh.bring_up_to_date(mc)
    assert [tuple(row) for row in rows(mc, "select target_domain_name, n from rollup_backlinks_hourly")] == [
        ("acme.io", 2)
    ]
    assert [tuple(row) for row in rows(mc, "select target_domain_name, n from rollup_backlinks_lost_daily")] == [
        ("acme.io", 1)
    ]


def test_many_batches_and_many_doubles(mc: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "BLOCKS", 2)
    for number in range(120):
        store(mc, f"https://blog.org/{number}/./a b", "http://acme.io", number % 5)
        store(mc, f"https://blog.org/{number}/a%20b", "http://acme.io/", (number + 2) % 5)
    assert run(mc) == {"links written anew": 120, "doubled links merged": 120}
    assert len(links(mc)) == 120
    assert run(mc) == {}


def test_mentions_and_domains_become_one_too(mc: Services) -> None:
    for number, url in enumerate(["http://news.org:80/é#c1", "http://news.org/%C3%A9#c1", "http://news.org/é#c2"]):
        rows(
            mc,
            """with m as (insert into brand_mentions (brand, published_at, url, domain_name, title, source, source_kind)
                 values ('Acme', date '2026-06-01' + :n, :url, 'news.org', 't', 's', 'news') returning simulated)
               insert into brand_mention_identities select cast(:hash as uuid), simulated from m""",
            n=number,
            url=url,
            hash=mention_hash("Acme", url),
        )
    for name, value in (
        ("www.acme.io", 40),
        ("acme.io", None),
        ("https://acme.io/", 50),
        ("not a domain", 1),
        ("*.b.de", 2),
    ):
        rows(
            mc,
            """with d as (insert into domains (domain_name, domain_authority, last_fetched_at)
                 values (:name, :value, now()) returning *),
               h as (insert into domain_history (domain_name, at, availability_status, lifecycle, source)
                 select domain_name, last_fetched_at, availability_status, lifecycle, 't' from d)
               insert into watched_domains (domain_name, added_by) select domain_name, 'me' from d""",
            name=name,
            value=value,
        )
    counts = run(mc)
    assert counts == {
        "mentions written anew": 1,
        "doubled mentions merged": 1,
        "domains renamed": 1,
        "doubled domains merged": 2,
    }
    stored = sorted(row.url for row in rows(mc, "select url from brand_mentions"))
    assert stored == ["http://news.org/%C3%A9#c1", "http://news.org/%C3%A9#c2"]
    for table in ("domains", "watched_domains", "domain_history"):
        names = {row.domain_name for row in rows(mc, f"select domain_name from {table}")}
        assert names == {"acme.io", "b.de", "not a domain"}, table
    [(authority,)] = rows(mc, "select domain_authority from domains where domain_name = 'acme.io'")
    assert authority in (40, 50)
    assert run(mc) == {}


def test_logins_leave_the_missions(mc: Services) -> None:
    for target in ("https://user:pw@acme.io/@x", "https://acme.io/@x"):
        rows(
            mc, "insert into crawl_jobs (job_type, target_url, submitted_by) values ('c', :target, 'x')", target=target
        )
    run(mc)
    assert {row.target_url for row in rows(mc, "select target_url from crawl_jobs")} == {"https://acme.io/@x"}


ODD = [
    ".",
    "..",
    "%2e",
    "%",
    ":80",
    ":8080",
    "@",
    "xn--",
    "A",
    "'",
    "|",
    " ",
    "#",
    "?",
    "/",
    "a",
    "é",
    "127.0",
    "0x1",
    "\\",
]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.from_regex(subject.PLAIN_URL, fullmatch=True)
        | st.lists(st.sampled_from(ODD)).map(lambda p: "http://h.org/" + "".join(p)),
        min_size=1,
        max_size=30,
    )
)
def test_what_is_not_looked_at_is_in_its_last_spelling(mc: Services, texts: list[str]) -> None:
    stored = [each.replace("\x00", "") for each in texts]
    plain = rows(
        mc,
        "select t from unnest(cast(:texts as text[])) t where not (t !~ :url or t like '%xn--%')",
        texts=stored,
        url=subject.PLAIN_URL,
    )
    for (each,) in plain:
        assert urls.parse(each) == each


@given(st.from_regex(subject.PLAIN_NAME, fullmatch=True))
def test_nor_are_plain_names(name: str) -> None:
    if len(name) < 60 and not name.startswith("xn--"):
        assert parse_site(name) == name
