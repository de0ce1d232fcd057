"""The ledger against what the providers' account interfaces say, asked over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from data.db import transaction
from data.quotas.catalogue.records import default_providers
from data.quotas.forecast import commands, reads
from data.quotas.ledger import accounts, reconciliation
from data.quotas.ledger.accounts import KeyFingerprints
from data.quotas.providers.outcomes import ReportedUsage
from tests.integration.quotas.conftest import KEYS

if TYPE_CHECKING:
    from data.services import Services
    from tests.integration.quotas.conftest import Counter

HOUR = timedelta(hours=1)


def check(counter: Counter, at: datetime) -> int:
    return commands.check_ledgers(counter.mc, counter.gateway, at)


def shown(counter: Counter, provider: str, at: datetime) -> dict[str, Any]:
    """A row of the page's table, with its alarm."""
    with transaction(counter.mc.engine) as connection:
        row = next(row for row in reads.list_checks(connection) if row["provider"] == provider)
    return row | {"said": reconciliation.alarm(row["drift"], row["answered_at"], at)}


def test_calls_that_were_made_here_are_no_drift(counter: Counter) -> None:
    for number in range(3):
        counter.call("contact", domain=f"firm{number}.com")
    now = datetime.now(UTC)
    assert check(counter, now) >= 3
    row = shown(counter, "hunter_io", now)
    assert (row["ledger"], row["reported"], row["drift"], row["said"]) == (3, 3, 0, None)
    assert counter.standins.accounts["hunter_io"].asked == 2  # for the real account, and for the simulated one


def test_calls_of_somebody_else_are_drift_and_over_five_percent_an_alarm(counter: Counter) -> None:
    now = datetime.now(UTC)
    for number in range(4):
        counter.call("dns", domain=f"firm{number}.com")
    counter.standins.accounts["securitytrails"].used += 1
    check(counter, now)
    row = shown(counter, "securitytrails", now)
    assert (row["ledger"], row["reported"], row["said"]) == (4, 5, "drift +20 %")
    assert counter.value("select alarm from api_reconciliations where provider = 'securitytrails' and not simulated")
    assert counter.account("securitytrails").unmetered == 1  # and no longer ours to spend


def test_an_account_is_asked_once_an_hour(counter: Counter) -> None:
    now, account = datetime.now(UTC), counter.standins.accounts["webscraping_ai"]
    accounts = 2
    for at in (now, now + HOUR / 2, now + HOUR):
        check(counter, at)
    assert account.asked == 2 * accounts


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
    provider = next(each for each in default_providers() if each.reset == "unix")
    nobody = KeyFingerprints(real={}, standins=False)
    begun, named = datetime(2027, 1, 15, tzinfo=UTC), datetime(2027, 1, 31, tzinfo=UTC)
    ends = []
    with transaction(mc.engine) as connection:
        accounts.roll_over(connection, nobody, begun, simulated=False)
        accounts.record_reported_usage(connection, provider, ReportedUsage(resets_at=named), begun, simulated=False)
        for now in (begun, datetime(2027, 2, 10, tzinfo=UTC), datetime(2027, 3, 10, tzinfo=UTC)):
            accounts.roll_over(connection, nobody, now, simulated=False)
            loaded = accounts.list_accounts(connection, nobody, now, simulated=False)
            ends += [each.window_end for each in loaded if each.provider.provider == provider.provider]
            february = datetime(2027, 2, 28, tzinfo=UTC)
            if now > named and now < february:  # the provider says the short month's reset: no new day of the month
                accounts.record_reported_usage(
                    connection, provider, ReportedUsage(resets_at=february), now, simulated=False
                )
    assert [(end.month, end.day) for end in ends] == [(1, 31), (2, 28), (3, 31)]
