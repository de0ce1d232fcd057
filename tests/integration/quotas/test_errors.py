"""What a provider's errors do to its state, and that they never cost more than their time."""

from __future__ import annotations

import time
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from clients.simulator.providers.answers import STANDINS
from clients.simulator.providers.faults import Answers, Drips, Fault, Garbage, Hangs, Resets
from data import clock
from data.errors import BadInput, TooMany

if TYPE_CHECKING:
    from tests.integration.quotas.conftest import Counter


def said(provider: str, what: str) -> Answers:
    """An error in the provider's own words."""
    answer = getattr(STANDINS[provider], what)
    body, content_type = answer.packed()
    return Answers(answer.status, body, answer.headers, content_type)


ASK: dict[str, tuple[str, dict[str, Any]]] = {
    "serpstack": ("search", {"q": "x"}),
    "valueserp": ("search", {"q": "x"}),
    "webscraping_ai": ("page", {"url": "https://acme.io/"}),
    "hunter_io": ("contact", {"domain": "acme.io"}),
    "builtwith": ("technology", {"domain": "acme.io"}),
    "clearbit": ("company", {"domain": "acme.io"}),
    "securitytrails": ("dns", {"domain": "acme.io"}),
}


def refuse(counter: Counter, provider: str, fault: Fault) -> Any:
    """The provider alone, with this error; answers its account afterwards."""
    counter.only(provider, timeout_s=0.6)
    counter.standins.faults[provider] = deque([fault])
    query_type, params = ASK[provider]
    with pytest.raises(TooMany) as refused:
        counter.call(query_type, priority="critical", **params)
    assert any(error["loc"] == [provider] for error in refused.value.errors)
    return counter.account(provider)


@pytest.mark.parametrize(
    ("provider", "fault", "state", "reason"),
    [
        ("valueserp", Answers(402), "exhausted", "402"),
        ("hunter_io", Answers(403, b'{"errors":[{"details":"no credits left"}]}'), "exhausted", "no credits left"),
        ("valueserp", said("valueserp", "exhausted"), "exhausted", "run out of credits"),
        ("serpstack", said("serpstack", "exhausted"), "exhausted", "usage limit"),
        ("webscraping_ai", said("webscraping_ai", "exhausted"), "exhausted", "402"),
        ("builtwith", said("builtwith", "exhausted"), "exhausted", "No API credits left"),
        ("clearbit", said("clearbit", "exhausted"), "exhausted", "402"),
        ("clearbit", said("clearbit", "throttled"), "cooldown", "429"),
        ("builtwith", said("builtwith", "throttled"), "cooldown", "429"),
        ("securitytrails", said("securitytrails", "throttled"), "cooldown", "too fast"),
        ("serpstack", Answers(429), "cooldown", "cannot be asked"),
        ("valueserp", said("valueserp", "refused"), "disabled", "key was refused"),
        ("serpstack", said("serpstack", "refused"), "disabled", "key was refused"),
        ("webscraping_ai", said("webscraping_ai", "refused"), "disabled", "Wrong API key"),
        ("hunter_io", said("hunter_io", "refused"), "disabled", "401"),
        ("builtwith", said("builtwith", "refused"), "disabled", "API key is incorrect"),
        ("clearbit", said("clearbit", "refused"), "disabled", "401"),
        ("securitytrails", said("securitytrails", "refused"), "disabled", "401"),
        ("valueserp", Answers(500), "active", None),
        ("valueserp", Garbage(), "active", None),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_an_error_leads_to_the_state_of_the_table(
    counter: Counter, provider: str, fault: Fault, state: str, reason: str | None
) -> None:
    account = refuse(counter, provider, fault)
    assert account.state == state
    assert (reason or "") in (account.state_reason or "")
    assert (account.reserved, account.in_flight) == (0, 0)
    if state == "exhausted":
        assert account.until == account.window_end  # the reset; None for a trial, which has none
    told = counter.row("select was, state from api_state_changes")
    assert told == (None if state == "active" else ("active", state))


def test_retry_after_says_how_long_a_cooldown_lasts(counter: Counter) -> None:
    account = refuse(counter, "clearbit", Answers(429, b"{}", {"Retry-After": "30"}))
    assert timedelta(seconds=25) < account.until - clock.now() < timedelta(seconds=31)
    counter.do("update api_quota_state set until = now() - interval '1 second' where provider = 'clearbit'")
    counter.gateway.current_accounts(simulated=False, fresh=True)
    assert counter.call("company", domain="acme.io")["provider"] == "clearbit"


def test_a_429_without_retry_after_asks_the_account(counter: Counter) -> None:
    counter.standins.accounts["hunter_io"].used = 50
    account = refuse(counter, "hunter_io", said("hunter_io", "exhausted"))
    assert counter.standins.accounts["hunter_io"].asked == 1
    assert account.state == "exhausted"
    assert "its account says that nothing is left" in account.state_reason
    assert account.remaining_reported == 0


def test_a_refused_key_is_not_tried_again_until_it_is_another_one(counter: Counter) -> None:
    refuse(counter, "hunter_io", said("hunter_io", "refused"))
    calls = counter.standins.accounts["hunter_io"].calls
    counter.gateway.current_accounts(simulated=False, fresh=True)
    with pytest.raises(TooMany):
        counter.call("contact", domain="acme.io", priority="critical")
    assert counter.standins.accounts["hunter_io"].calls == calls
    assert counter.value("select count(*) from audit_log where action = 'provider.disabled'") == 1
    counter.do("update api_quota_state set key_mark = 'of the key before' where provider = 'hunter_io'")
    counter.gateway.current_accounts(simulated=False, fresh=True)
    assert counter.call("contact", domain="acme.io")["provider"] == "hunter_io"


def test_three_failures_in_a_row_rest_a_provider_and_one_success_forgets_them(counter: Counter) -> None:
    counter.only("valueserp")
    counter.standins.faults["valueserp"] = deque([Answers(500), Answers(502), Answers(500)])
    for number in range(3):
        with pytest.raises(TooMany):
            counter.call(q=f"q{number}")
    account = counter.account("valueserp")
    assert (account.state, account.failures) == ("cooldown", 3)
    assert "3 failures in a row" in account.state_reason
    counter.do("update api_quota_state set until = now() - interval '1 second' where provider = 'valueserp'")
    counter.gateway.current_accounts(simulated=False, fresh=True)
    counter.call(q="well again")
    assert counter.account("valueserp").failures == 0


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Hangs(), "timeout"),
        (Drips(), "timeout"),
        (Drips(headers=True), "timeout"),
        (Resets(), "unreachable"),
        (Garbage(), "bad_answer"),
        (Answers(200, b'{"organic_results": "none"}'), "bad_answer"),
        (Answers(200, b"[" * 100_000), "bad_answer"),
        (Answers(200, b"x" * (5 * 1024 * 1024)), "unreachable"),
        (Answers(301, b"", {"Location": "http://127.0.0.1:1/"}), "failed"),
    ],
    ids=["hang", "drip", "drip in the headers", "reset", "no JSON", "wrong form", "nested", "huge", "redirect"],
)
def test_whatever_goes_wrong_is_over_in_its_time_and_another_answers(
    counter: Counter, fault: Fault, outcome: str
) -> None:
    counter.gateway.current_accounts(simulated=False)
    counter.edit("valueserp", timeout_s=0.5)
    counter.standins.faults["valueserp"] = fault
    begun = time.monotonic()
    found = counter.call(q="x", priority="high")
    assert time.monotonic() - begun < 2.0
    assert found["provider"] == "serpstack"
    assert [each["outcome"] for each in found["attempts"]] == [outcome, "ok"]
    assert "ValueSERP was asked first" in found["reason"]
    assert counter.account("valueserp").reserved == 0


def test_a_provider_that_is_away_is_passed_over(counter: Counter) -> None:
    counter.gateway._bases["valueserp"] = "http://127.0.0.1:9"
    found = counter.call(q="x", priority="high")
    assert [each["outcome"] for each in found["attempts"]] == ["unreachable", "ok"]


def test_a_query_that_everybody_refuses_is_the_callers_fault(counter: Counter) -> None:
    counter.only("valueserp")
    counter.standins.faults["valueserp"] = Answers(400, b'{"request_info":{"message":"unknown country"}}')
    with pytest.raises(BadInput, match="unknown country"):
        counter.call(q="x")
    assert counter.account("valueserp").success == 1


def test_a_bad_answer_that_was_billed_is_counted_and_a_failure_is_not(counter: Counter) -> None:
    assert refuse(counter, "valueserp", Garbage()).used == counter.standins.accounts["valueserp"].used == 1
    counter.standins.faults["valueserp"] = deque([Answers(500)])
    with pytest.raises(TooMany):
        counter.call(q="another")
    assert counter.account("valueserp").used == 1
