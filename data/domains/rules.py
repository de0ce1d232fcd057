"""What a domain is worth, and why. Pure: what is known of the domain and the weights go in, a valuation comes out.

Every factor is a score from 0 to 100; the score of a domain is their mean by weight, over the factors that are known.
What that is in money, and how wide the band is, the register of asking prices says (`valuation/price_curve.py`): what
is not known widens the band and pulls to the prices of others. Where less than ENOUGH of the weights is known there is
no value at all. A gate is no factor: a domain that fails one is not for us, however good the rest, and the value says
so."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import idna

from data.domains.valuation.price_curve import GUESS, Price, PriceCurve, estimate, known_share, money, points, promise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from decimal import Decimal

Tone = Literal["positive", "neutral", "negative"]
TONE = 0.05  # from here on a sentiment is one; between lies neutral (the database's `sentiment_tone`)
ENOUGH = 0.35  # of the weights: the least that must be known for a value
SPAM_GATE, TOXIC_GATE = 0.30, 60
LINKS_TO_JUDGE = 10
YEAR_DAYS = 365.25
_FULL_DOMAINS, _FULL_YEARS, _FULL_LINK_AUTHORITY = 1000, 15, 60
_GOOD_LENGTH, _BAD_LENGTH = 8, 30
_ENDINGS = {"com": 100, "org": 85, "net": 80, "io": 80, "co": 75, "dev": 70, "ai": 85, "edu": 90, "gov": 90}
_OTHER_ENDING, _CHEAP_ENDING = 50, 15
_CHEAP = frozenset({"top", "xyz", "click", "icu", "buzz", "cheap", "info", "biz", "loan", "win"})

CONCERNS: Final = {
    "archive_history": "the archive shows another, unwanted use",
    "not_indexed": "search engines do not list it",
    "anchor_language": "anchors are in languages that do not fit",
    "link_spam": "too many of its links are spam",
    "trademark": "the name is somebody's mark",
    "toxic": "its own spam score is toxic",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a domain; None where nothing is. `spam_share` and `link_authority` are of the links to it."""

    domain_name: str
    authority: int | None = None
    referring_domains: int | None = None
    links: int | None = None
    link_authority: float | None = None
    spam_share: float | None = None
    spam_score: int | None = None
    registered_at: datetime | None = None
    concerns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """`score` is None where nothing is known; `why` says what was looked at."""

    score: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Factor:
    name: str
    title: str
    weight: float
    score: float | None
    points: float  # what it adds to the domain's score
    why: str


@dataclass(frozen=True, slots=True)
class Gate:
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Valuation:
    """`score`, `value`, `low` and `high` are None where too little is known; `missing` names what is not.

    `known` is the known share of the weights; `band` says what the band may be trusted for."""

    domain_name: str
    unicode_name: str
    known: float
    score: float | None
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    factors: tuple[Factor, ...]
    missing: tuple[str, ...]
    rejected: tuple[Gate, ...]
    why: str
    band: str

    def amounts(self) -> dict[str, Decimal | None]:
        return {"value": self.value, "low": self.low, "high": self.high}


def value(known: Known, weights: Mapping[str, float], now: datetime, register: PriceCurve = GUESS) -> Valuation:
    """The domain's worth at `now`. `weights` has every name of FACTORS, and one of them is above 0."""
    measured = {name: measure(known, now) for name, (_, measure) in FACTORS.items()}
    scores = {name: found.score for name, found in measured.items()}
    whole = sum(weights[name] for name, score in scores.items() if score is not None)
    factors = tuple(_factor(name, measured[name], weights[name], whole) for name in FACTORS)
    share, rejected = known_share(scores, weights), gates(known)
    enough = share >= ENOUGH - 1e-9
    found = estimate(scores, weights, register)
    return Valuation(
        domain_name=known.domain_name,
        unicode_name=unicode_name(known.domain_name),
        known=round(share, 3),
        score=round(sum(factor.points for factor in factors), 1) if enough else None,
        value=money(found.points) if enough else None,
        low=money(found.points - found.reach) if enough else None,
        high=money(found.points + found.reach) if enough else None,
        factors=factors,
        missing=tuple(factor.title for factor in factors if factor.score is None and factor.weight > 0),
        rejected=rejected,
        why=_sentence(factors, rejected, share),
        band=promise(register) if enough else "",
    )


def sentiment_tone(sentiment: float) -> Tone:
    return "positive" if sentiment >= TONE else "negative" if sentiment <= -TONE else "neutral"


def price(known: Known, asked: Decimal, now: datetime) -> Price:
    """A domain with an asking price, as the register takes it."""
    return Price({name: measure(known, now).score for name, (_, measure) in FACTORS.items()}, points(asked))


def unicode_name(name: str) -> str:
    """A domain name as people write it; the name itself where nothing else can be shown."""
    try:
        labels = [_label(label) for label in name.split(".")]
    except (UnicodeError, ValueError):
        return name
    return ".".join(labels) if all(label and label.isprintable() for label in labels) else name


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return idna.decode(label)
    except idna.IDNAError:  # an emoji, say: registered all the same
        return label[4:].encode().decode("punycode")


def gates(known: Known) -> tuple[Gate, ...]:
    """Why this domain is not for us; empty when nothing speaks against it."""
    found = list(known.concerns)
    if known.spam_share is not None and (known.links or 0) >= LINKS_TO_JUDGE and known.spam_share >= SPAM_GATE:
        found.append("link_spam")
    if known.spam_score is not None and known.spam_score >= TOXIC_GATE:
        found.append("toxic")
    return tuple(Gate(name, CONCERNS[name]) for name in dict.fromkeys(found) if name in CONCERNS)


def _factor(name: str, measured: Measure, weight: float, whole: float) -> Factor:
    points = (measured.score or 0.0) * weight / whole if whole and measured.score is not None else 0.0
    rounded = None if measured.score is None else round(measured.score, 1)
    return Factor(name, FACTORS[name][0], weight, rounded, round(points, 2), measured.why)


def _sentence(factors: tuple[Factor, ...], rejected: tuple[Gate, ...], share: float) -> str:
    known = [factor for factor in factors if factor.score is not None and factor.weight > 0]
    unknown = ", ".join(factor.title.lower() for factor in factors if factor.score is None and factor.weight > 0)
    if not known:
        return f"Nothing that counts is known of it: {unknown}."
    if share < ENOUGH - 1e-9:
        words = f"Too little is known for a value: {share:.0%} of the weights, and {ENOUGH:.0%} are needed"
        words += f". Not known: {unknown}"
    else:
        words = f"{_best_and_worst(known)}{f'. Not known, so the band is wider: {unknown}' if unknown else ''}"
    if rejected:
        words = f"Not for us: {'; '.join(gate.why for gate in rejected)}. Else: {words}"
    return words + "."


def _best_and_worst(known: list[Factor]) -> str:
    best = max(known, key=lambda factor: factor.points)
    costs = {factor.name: factor.weight * (100 - (factor.score or 0)) for factor in known}
    worst = max(known, key=lambda factor: costs[factor.name])
    if worst.name == best.name or costs[worst.name] <= 0:
        return f"Strongest: {best.why}"
    return f"Strongest: {best.why}. Weakest: {worst.why}"


def _authority(known: Known, _: datetime) -> Measure:
    if known.authority is None:
        return Measure(None, "authority not known")
    return Measure(float(known.authority), f"authority {known.authority} of 100")


def _referring(known: Known, _: datetime) -> Measure:
    if known.referring_domains is None:
        return Measure(None, "no links were looked for")
    share = math.log1p(known.referring_domains) / math.log1p(_FULL_DOMAINS)
    return Measure(min(100.0, 100 * share), f"{known.referring_domains:,} referring domains")


def _links(known: Known, _: datetime) -> Measure:
    if known.link_authority is None:
        return Measure(None, "authority of its links not known")
    score = min(100.0, 100 * known.link_authority / _FULL_LINK_AUTHORITY)
    return Measure(score, f"links of authority {known.link_authority:.0f} on average")


def _clean(known: Known, _: datetime) -> Measure:
    if known.spam_share is None:
        return Measure(None, "spam among its links not known")
    return Measure(100 * max(0.0, 1 - known.spam_share / SPAM_GATE), f"{known.spam_share:.0%} of its links are spam")


def _age(known: Known, now: datetime) -> Measure:
    if known.registered_at is None:
        return Measure(None, "age not known")
    years = max(0.0, (now - known.registered_at).days / YEAR_DAYS)
    return Measure(min(100.0, 100 * years / _FULL_YEARS), f"first registered {years:.0f} years ago")


def _name(known: Known, _: datetime) -> Measure:
    """Of the name as people read it: `xn--mnchen-3ya` is six letters, not fourteen signs and two hyphens."""
    label, ending = unicode_name(known.domain_name).partition(".")[::2]
    last = ending.rpartition(".")[2]
    length = min(1.0, max(0.0, (_BAD_LENGTH - len(label)) / (_BAD_LENGTH - _GOOD_LENGTH)))
    good = _ENDINGS.get(last, _CHEAP_ENDING if last in _CHEAP else _OTHER_ENDING)
    odd = 15 * label.count("-") + 10 * (any(mark.isdigit() for mark in label)) + 15 * (not label.isascii())
    return Measure(max(0.0, 0.5 * 100 * length + 0.5 * good - odd), f"{len(label)} characters, .{last or '?'}")


FACTORS: Final[dict[str, tuple[str, Callable[[Known, datetime], Measure]]]] = {
    "authority": ("Authority", _authority),
    "referring_domains": ("Referring domains", _referring),
    "link_authority": ("Authority of links", _links),
    "cleanliness": ("Clean links", _clean),
    "age": ("Age", _age),
    "name": ("Name", _name),
}
USUAL_WEIGHTS: Final[dict[str, float]] = {
    "authority": 30,
    "referring_domains": 25,
    "link_authority": 15,
    "cleanliness": 15,
    "age": 10,
    "name": 5,
}
