"""The ledger against what the providers' account interfaces say, asked over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from data.db import transaction
from data.quotas import forecast_reads, forecasting, purses, reconcile
from data.quotas.catalogue import defaults
from data.quotas.purses import Marks
from data.quotas.verdicts import Account
from tests.integration.quotas.conftest import KEYS

if TYPE_CHECKING:
    from data.services import Services
    from tests.integration.quotas.conftest import Counter

HOUR = timedelta(hours=1)


def check(counter: Counter, at: datetime) -> int:
    return forecasting.check_ledgers(counter.mc, counter.desk, at)


def shown(counter: Counter, provider: str, at: datetime) -> dict[str, Any]:
    """A row of the page's table, with its alarm."""
    with transaction(counter.mc.engine) as connection:
        row = next(row for row in forecast_reads.checks(connection) if row["provider"] == provider)
    return row | {"said": reconcile.alarm(row["drift"], row["answered_at"], at)}


def test_calls_that_were_made_here_are_no_drift(counter: Counter) -> None:
    for number in range(3):
        counter.call("contact", domain=f"firm{number}.com")
    now = datetime.now(UTC)
    assert check(counter, now) >= 3
    row = shown(counter, "hunter_io", now)
    assert (row["ledger"], row["reported"], row["drift"], row["said"]) == (3, 3, 0, None)
    assert counter.standins.accounts["hunter_io"].asked == 2  # for the real purse, and for the simulated one


def test_calls_of_somebody_else_are_drift_and_over_five_percent_an_alarm(counter: Counter) -> None:
    now = datetime.now(UTC)
    for number in range(4):
        counter.call("dns", domain=f"firm{number}.com")
    counter.standins.accounts["securitytrails"].used += 1
    check(counter, now)
    row = shown(counter, "securitytrails", now)
    assert (row["ledger"], row["reported"], row["said"]) == (4, 5, "drift +20 %")
    assert counter.value("select alarm from api_reconciliations where provider = 'securitytrails' and not simulated")
    assert counter.purse("securitytrails").unmetered == 1  # and no longer ours to spend


def test_an_account_is_asked_once_an_hour(counter: Counter) -> None:
    now, account = datetime.now(UTC), counter.standins.accounts["webscraping_ai"]
    purses = 2
    for at in (now, now + HOUR / 2, now + HOUR):
        check(counter, at)
    assert account.asked == 2 * purses


def test_an_alarm_is_looked_into_after_five_minutes(counter: Counter) -> None:
    now, account = datetime.now(UTC), counter.standins.accounts["securitytrails"]
    account.used += 3
    check(counter, now)
    assert shown(counter, "securitytrails", now)["said"] == "drift +100 %"
    account.used -= 3
    check(counter, now + HOUR / 20)
    assert shown(counter, "securitytrails", now)["said"]
    check(counter, now + HOUR / 12)
    assert shown(counter, "securitytrails", now)["said"] is None


def test_an_account_that_does_not_answer_is_an_alarm_after_a_day(counter: Counter) -> None:
    now = datetime.now(UTC)
    check(counter, now)
    counter.standins.keys = set(KEYS.values()) - {KEYS["hunter_io"]}
    check(counter, now + HOUR)
    row = shown(counter, "hunter_io", now + HOUR)
    assert row["reason"] == "its account did not answer"
    assert row["said"] is None  # the check before is an hour old
    check(counter, now + 25 * HOUR)
    assert shown(counter, "hunter_io", now + 25 * HOUR)["said"] == "last check 25 h ago"
    counter.standins.keys = set(KEYS.values())
    check(counter, now + 26 * HOUR)
    assert shown(counter, "hunter_io", now + 26 * HOUR)["said"] is None


def test_a_number_that_comes_with_the_answers_is_read_there_and_one_that_never_comes_is_not_missed(
    counter: Counter,
) -> None:
    now = datetime.now(UTC)
    counter.call("technology", domain="firm.com")
    check(counter, now)
    row = shown(counter, "builtwith", now)
    assert (row["ledger"], row["reported"], row["said"]) == (1, 1, None)
    assert shown(counter, "serpstack", now)["checked_at"] is None


def test_a_reset_named_on_the_31st_stays_there_after_a_short_month(mc: Services) -> None:
    """Read from the books at every turn of a month, as a process that starts anew does."""
    provider = next(each for each in defaults() if each.reset == "unix")
    nobody = Marks(real={}, standins=False)
    begun, named = datetime(2027, 1, 15, tzinfo=UTC), datetime(2027, 1, 31, tzinfo=UTC)
    ends = []
    with transaction(mc.engine) as connection:
        purses.bring_up_to_date(connection, nobody, begun, simulated=False)
        purses.note_account(connection, provider, Account(resets_at=named), begun, simulated=False)
        for now in (begun, datetime(2027, 2, 10, tzinfo=UTC), datetime(2027, 3, 10, tzinfo=UTC)):
            purses.bring_up_to_date(connection, nobody, now, simulated=False)
            loaded = purses.load(connection, nobody, now, simulated=False)
            ends += [each.window_end for each in loaded if each.provider.provider == provider.provider]
            february = datetime(2027, 2, 28, tzinfo=UTC)
            if now > named and now < february:  # the provider says the short month's reset: no new day of the month
                purses.note_account(connection, provider, Account(resets_at=february), now, simulated=False)
    assert [(end.month, end.day) for end in ends] == [(1, 31), (2, 28), (3, 31)]
