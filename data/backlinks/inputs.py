"""What an analyst asks of the links: the filters of the page and of the REST endpoints, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from data.backlinks.checks.rules import REASONS
from data.errors import BadInput
from data.hosts import parse_site
from data.timerange import midnight

Kind = Literal["any", "follow", "nofollow", "ugc", "sponsored"]
KINDS: tuple[Kind, ...] = get_args(Kind)
AnswerSource = Literal["days", "sets", "links"]
State = Literal["any", "live", "suspected", "lost", "recovered"]
STATES: tuple[State, ...] = get_args(State)
RIVALS, LONGEST_TEXT, ROWS = 10, 500, 500
ANY_HUNDRED = (0, 100)

_BAND = re.compile(r"(\d{1,3})-(\d{1,3})")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the links of a domain. Each at its default leaves all of them."""

    kind: Kind = "any"
    state: State = "any"
    authority: tuple[int, int] = ANY_HUNDRED
    spam: tuple[int, int] = ANY_HUNDRED
    anchor: str | None = None
    source: str | None = None
    reason: str | None = None

    @property
    def answered_from(self) -> AnswerSource:
        """What can answer: the days of a target know nothing of a link's own properties; its sets know the kind, the
        state, the authority, the band of the spam score, the anchor and where it stands."""
        if replace(self, reason=None) == Filters():
            return "days"
        return "sets" if whole_bands(*self.spam) else "links"

    @property
    def by_state(self) -> bool:
        """Whether they ask for the state or the spam score."""
        return (self.state, self.spam) != ("any", ANY_HUNDRED)


@dataclass(frozen=True, slots=True)
class Question:
    """One view of the page. Days are UTC and both included; `until` is the end of the last one, or now before that."""

    target: str
    start: date
    end: date
    until: datetime
    rivals: tuple[str, ...] = ()
    filters: Filters = Filters()
    overlap: int = 2  # of the rivals, for the intersect
    platforms: bool = False  # whether the intersect lists sites where anybody may write
    rows: int = ROWS  # the most that a list shows

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def since(self) -> datetime:
        return midnight(self.start)

    @property
    def close(self) -> datetime:
        """The first moment after the range."""
        return midnight(self.end + _DAY)

    @property
    def everyone(self) -> list[str]:
        return [self.target, *self.rivals]


def whole_bands(low: int, high: int) -> bool:
    return low in range(0, 91, 10) and high in {*range(9, 90, 10), 100}


def filters(given: dict[str, str]) -> Filters:
    """The filters that an address or a query names. Raises BadInput naming the field."""
    return Filters(
        kind=kind(given.get("type")),
        state=state(given.get("state")),
        authority=hundred("da", given.get("da")),
        spam=hundred("spam", given.get("spam")),
        anchor=words("anchor", given.get("anchor")),
        source=site("source", given.get("source")),
        reason=_reason(given.get("reason")),
    )


def kind(given: str | None) -> Kind:
    if given in (None, ""):
        return "any"
    if given not in KINDS:
        raise BadInput.field("type", msg=f"must be one of {', '.join(KINDS)}")
    return given


def state(given: str | None) -> State:
    if given in (None, ""):
        return "any"
    if given not in STATES:
        raise BadInput.field("state", msg=f"must be one of {', '.join(STATES)}")
    return given


def hundred(field: str, given: str | None) -> tuple[int, int]:
    """`40-49`: both ends included."""
    if given in (None, "", "any"):
        return ANY_HUNDRED
    found = _BAND.fullmatch(given or "")
    low, high = (int(part) for part in found.groups()) if found else (1, 0)
    if not 0 <= low <= high <= ANY_HUNDRED[1]:
        raise BadInput.field(field, msg="must be two numbers from 0 to 100, the lower first, such as 40-49")
    return low, high


def words(field: str, given: str | None) -> str | None:
    """None where nothing is asked; an empty anchor is asked for with a single space."""
    if not given:
        return None
    if len(given) > LONGEST_TEXT or "\0" in given:
        raise BadInput.field(field, msg=f"must be at most {LONGEST_TEXT} characters, without NUL")
    return given


def site(field: str, given: str | None) -> str | None:
    """A domain in the spelling that is stored, however it was typed. What is no name stays, and is found nowhere."""
    typed = words(field, given)
    try:
        return typed and parse_site(typed)
    except ValueError:
        return typed


def domains(given: str | None) -> tuple[str, ...] | None:
    """`a.com,b.com`, each once; None where the choice is left to the competitor set."""
    if given is None or given == "":
        return None
    named = dict.fromkeys(name for part in given.split(",") if (name := part.strip().lower()) and name != "none")
    if len(named) > RIVALS:
        raise BadInput.field("vs", msg=f"must be at most {RIVALS} domains")
    return tuple(dict.fromkeys(site("vs", name) or "" for name in named))


def overlap(given: str | None) -> int:
    if given in (None, ""):
        return 2
    if not (given or "").isascii() or not (given or "").isdigit() or not 1 <= int(given or "") <= RIVALS:
        raise BadInput.field("k", msg=f"must be a whole number from 1 to {RIVALS}")
    return int(given or "")


def platforms(given: str | None) -> bool:
    """Whether sites where anybody may write are listed."""
    if given not in (None, "", "aside", "show"):
        raise BadInput.field("platforms", msg="must be one of aside, show")
    return given == "show"


def _reason(given: str | None) -> str | None:
    if given in (None, ""):
        return None
    if given not in REASONS:
        raise BadInput.field("reason", msg=f"must be one of {', '.join(REASONS)}")
    return given
