"""From which value on a link is strong or spam, and what tone a mention has: once, in Python, SQL and what is said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from data.areas import AREAS
from data.backlinks import rules
from data.db import transaction
from data.domains.rules import sentiment_tone
from tests.architecture.house import ROOT, sources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from data.services import Services

# A comparison with one of the thresholds, and a sentence that names it.
LITERAL = re.compile(
    r"\b(?:da|\w*authority)\W{0,3}\s*[<>]=?\s*(?:70|35)\b|[<>]=?\s*(?:70|35)\b.{0,12}authority"
    r"|\w*spam\w*\W{0,3}\s*[<>]=?\s*60\b|\w*sentiment\w*\W{0,3}\s*[<>]=?\s*-?0?\.05\b"
    r"|DA [>≥<] ?(?:70|35)\b|(?:above|over) (?:DA )?70\b|spam score (?:of |≥ )?60\b",
    re.IGNORECASE,
)
OWNERS = {"data/backlinks/rules.py", "data/domains/rules.py"}


def statements() -> Iterator[Path]:
    """The code, and the versioned SQL that counts now."""
    yield from sources()
    yield from (ROOT / "bench").rglob("*.py")
    for area in AREAS:
        latest: dict[str, Path] = {}
        for path in sorted((ROOT / "data" / area.name / "views").glob("*.sql")):
            latest[path.stem.rpartition("_v")[0]] = path
        yield from latest.values()


@pytest.mark.parametrize(
    "words",
    [
        "where domain_authority > 70",
        "(raw.da >= 70)",
        "da < 35",
        "filter (where b.spam_score >= 60)",
        "sentiment <= -0.05",
        '"New above DA 70"',
        "DA ≥ 70",
    ],
)
def test_the_search_knows_a_threshold_when_it_sees_one(words: str) -> None:
    assert LITERAL.search(words)


def test_a_threshold_is_written_once() -> None:
    found = [
        f"{name}: {hit.group()}"
        for path in statements()
        if (name := path.relative_to(ROOT).as_posix()) not in OWNERS
        for hit in LITERAL.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_browser_judges_links_as_python_does() -> None:
    rule = ROOT / "assets" / "js" / "rules" / "authority.js"
    known = dict(re.findall(r"const ([A-Z]+) = (\d+);", rule.read_text(encoding="utf-8")))
    assert known == {
        "HIGH": str(rules.HIGH_AUTHORITY),
        "MIDDLE": str(rules.MIDDLE_AUTHORITY),
        "SPAM": str(rules.TOXIC_SPAM),
    }
    others = [path for path in (ROOT / "assets" / "js").rglob("*.js") if path != rule]
    assert [path.name for path in others if LITERAL.search(path.read_text(encoding="utf-8"))] == []


def test_the_database_judges_links_as_python_does(mc: Services) -> None:
    with transaction(mc.engine) as connection:
        rows = connection.execute(
            text("""select n, is_high_authority(n), authority_tone(n), is_toxic(n)
                    from (select generate_series(0, 100)::smallint) s (n)""")
        ).all()
    assert [tuple(row[1:]) for row in rows] == [
        (rules.is_high_authority(n), rules.authority_tone(n), rules.is_toxic(n)) for n, *_ in rows
    ]
    assert {row[2] for row in rows} == {"high", "middle", "low"}


def test_the_database_hears_a_tone_as_python_does(mc: Services) -> None:
    heard = [-1.0, -0.0500001, -0.05, -0.0499999, -0.0, 0.0, 0.0499999, 0.05, 0.0500001, 1.0]
    with transaction(mc.engine) as connection:
        rows = connection.execute(
            text("select n, sentiment_tone(n) from unnest(cast(:heard as float8[])) n"), {"heard": heard}
        ).all()
        unknown = connection.scalar(text("select sentiment_tone(null)"))
    assert [row[1] for row in rows] == [sentiment_tone(row[0]) for row in rows]
    assert unknown is None


def test_what_is_not_known_is_neither_strong_nor_spam(mc: Services) -> None:
    with transaction(mc.engine) as connection:
        row = connection.execute(
            text("select is_high_authority(null) is true, is_toxic(null) is true, authority_tone(null)")
        ).one()
    assert tuple(row) == (False, False, "low")


@pytest.mark.parametrize(
    ("index", "question"),
    [
        (
            "discovered_date",
            "select 1 from backlinks where is_high_authority(domain_authority) order by discovered_date desc limit 9",
        ),
        ("target_domain_name", "select 1 from backlinks where target_domain_name = 'a.io' and is_toxic(spam_score)"),
    ],
)
def test_the_indexes_of_the_strong_and_of_the_spam_answer_it(mc: Services, index: str, question: str) -> None:
    """Their conditions are the comparisons that the planner puts in the place of the functions."""
    column = "domain_authority > 70" if index == "discovered_date" else "spam_score >= 60"
    with transaction(mc.engine) as connection:
        connection.execute(text("set local enable_seqscan = off"))
        plan = "\n".join(row[0] for row in connection.execute(text(f"explain {question}")))
        names = connection.execute(
            text("select indexname from pg_indexes where indexdef like '%' || :column || '%'"), {"column": column}
        ).scalars()
        assert any(re.search(rf"\b{name}\b", plan) for name in names), plan
    assert "Filter" not in plan
