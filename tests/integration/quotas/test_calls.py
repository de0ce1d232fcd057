"""A call through the choke point, against stand-ins that answer as the providers document."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from clients.simulator.seeded_random import seeded_random
from data.errors import BadInput, TooMany
from data.permissions import SYSTEM
from data.quotas.catalogue import writes
from data.quotas.providers import CLIENTS
from data.quotas.routing.gateway import ProviderGateway

if TYPE_CHECKING:
    from tests.integration.quotas.conftest import Counter

ASKED: list[tuple[str, str, dict[str, Any], Any]] = [
    ("serpstack", "search", {"q": "wall screens"}, lambda said: said["results"][0]["url"].startswith("https://")),
    ("valueserp", "search", {"q": "wall screens"}, lambda said: len(said["results"]) == 10),
    ("webscraping_ai", "page", {"url": "https://acme.io/a?b=1"}, lambda said: "acme.io" in said["html"]),
    ("hunter_io", "contact", {"domain": "acme.io"}, lambda said: said["emails"][0]["email"].endswith("@acme.io")),
    ("hunter_io", "company", {"domain": "acme.io"}, lambda said: said["domain"] == "acme.io"),
    ("clearbit", "company", {"domain": "acme.io"}, lambda said: said["name"] == "Acme"),
    ("builtwith", "technology", {"domain": "acme.io"}, lambda said: said["groups"][0]["live"] > 0),
    ("securitytrails", "dns", {"domain": "acme.io"}, lambda said: said["records"]["a"][0]["ip"].startswith("192.0.2.")),
    ("securitytrails", "whois", {"domain": "acme.io"}, lambda said: said["contacts"][0]["type"] == "registrant"),
]


@pytest.mark.parametrize(("provider", "query_type", "params", "right"), ASKED, ids=lambda value: str(value)[:20])
def test_each_client_gets_an_answer_and_its_cost_is_metered(
    counter: Counter, provider: str, query_type: str, params: dict[str, Any], right: Any
) -> None:
    counter.only(provider)
    said = counter.call(query_type, **params)
    assert said["provider"] == provider
    assert right(said["answer"])
    usage = counter.row("select * from api_usage")
    assert (usage.provider, usage.outcome, usage.status_code, usage.cached) == (provider, "ok", 200, False)
    assert usage.credits == counter.account(provider).used == counter.standins.accounts[provider].used == 1
    assert str(usage.decision_id) == said["decision_id"]
    assert counter.account(provider).reserved == 0
    assert counter.value("select outcome from api_decisions") == "answered"


@pytest.mark.parametrize("provider", ["valueserp", "webscraping_ai", "hunter_io", "builtwith", "securitytrails"])
def test_an_account_tells_the_providers_own_number(counter: Counter, provider: str) -> None:
    counter.standins.accounts[provider].used = 7
    reported = counter.gateway.refresh_reported_usage(provider, simulated=False)
    assert reported is not None
    assert reported.remaining == counter.standins.accounts[provider].limit - 7
    account = counter.account(provider)
    assert (account.remaining_reported, account.unmetered) == (reported.remaining, 7)
    assert counter.gateway.current_accounts(simulated=False, fresh=True)


def test_a_provider_without_an_account_has_no_number(counter: Counter) -> None:
    assert CLIENTS["serpstack"].account_request("key") is None
    assert counter.gateway.refresh_reported_usage("serpstack", simulated=False) is None


def test_the_same_query_is_paid_for_once(counter: Counter) -> None:
    first = counter.call(q="Wall  screens")
    again = counter.call(q="Wall screens")
    assert (first["cached"], again["cached"]) == (False, True)
    assert again["answer"] == first["answer"]
    assert again["last_fetched_at"] == first["last_fetched_at"]
    assert (again["credits"], again["saved"]) == (0, 1)
    assert sum(account.used for account in counter.standins.accounts.values()) == 1
    assert counter.row("select hits, saved from api_cache") == (1, 1)
    assert counter.row("select saved, credits from api_usage where cached") == (1, 0)


def test_technologies_are_kept_for_ninety_days(counter: Counter) -> None:
    counter.call("technology", domain="acme.io")
    assert counter.value("select (expires_at - last_fetched_at)::text from api_cache") == "90 days"


def test_what_nobody_knows_is_an_answer_and_is_kept(counter: Counter) -> None:
    unknown = next(
        domain
        for domain in (f"unknown{number}.io" for number in range(200))
        if seeded_random("company known", domain).random() < 0.05
    )
    counter.only("hunter_io")
    said = counter.call("company", domain=unknown)
    assert (said["found"], said["answer"]) == (False, None)
    assert counter.call("company", domain=unknown)["cached"]


def test_a_wrong_query_is_refused_before_anything_is_spent(counter: Counter) -> None:
    with pytest.raises(BadInput, match=r"params\.q"):
        counter.call("search", query="x")
    assert counter.value("select count(*) from api_decisions") == 0


def test_the_last_fifth_is_kept_for_those_who_need_it(counter: Counter) -> None:
    counter.only("valueserp", quota=10)
    for number in range(8):
        counter.call(q=f"q{number}")
    with pytest.raises(TooMany, match="kept for priority high"):
        counter.call(q="one more")
    assert counter.call(q="one more", priority="high")["provider"] == "valueserp"
    counter.call(q="the last", priority="critical")
    with pytest.raises(TooMany) as refused:
        counter.call(q="too late", priority="critical")
    assert {error["loc"][0] for error in refused.value.errors} == {"serpstack", "valueserp"}
    assert counter.standins.accounts["valueserp"].used == 10


def test_a_scarce_provider_is_spared_where_a_stale_answer_will_do(counter: Counter) -> None:
    counter.only("valueserp", quota=10)
    counter.call(q="known")
    counter.do("update api_cache set expires_at = now() - interval '1 minute'")
    counter.do("update api_quota_state set used = 8 where provider = 'valueserp'")
    counter.gateway.current_accounts(simulated=False, fresh=True)
    stale = counter.call(q="known", priority="low")
    assert (stale["cached"], stale["stale"]) == (True, True)
    assert not counter.call(q="known", priority="high")["cached"]


def test_high_takes_the_best_and_low_the_cheapest(counter: Counter) -> None:
    assert counter.call(q="important", priority="high")["provider"] == "valueserp"
    assert counter.call(q="by the way", priority="low")["provider"] == "serpstack"
    sentence = counter.value("select sentence from api_decisions where priority = 'low'")
    assert sentence.startswith("SerpStack takes this search at priority low: 1 search of 1000 left")
    assert "ValueSERP scores" in sentence


def test_what_the_provider_counts_beyond_our_ledger_is_not_ours_to_spend(counter: Counter) -> None:
    counter.only("valueserp", quota=100)
    counter.standins.accounts["valueserp"].used = 60
    counter.call(q="first")
    account = counter.account("valueserp")
    assert (account.used, account.unmetered, account.remaining_reported) == (1, 60, 39)
    found = next(
        each
        for each in counter.gateway.current_accounts(simulated=False, fresh=True)
        if each.provider.provider == "valueserp"
    )
    assert found.remaining == Decimal(39)


def test_a_drill_routes_around_and_ends_by_itself(counter: Counter) -> None:
    with counter.mc.engine.begin() as connection:
        writes.drill(connection, SYSTEM, "valueserp", 10)
    counter.gateway.current_accounts(simulated=False, fresh=True)
    said = counter.call(q="in the drill", priority="high")
    assert said["provider"] == "serpstack"
    assert "failover drill" in said["reason"]
    counter.do("update api_providers set drill_until = now() - interval '1 second'")
    counter.gateway.current_accounts(simulated=False, fresh=True)
    assert counter.call(q="after the drill", priority="high")["provider"] == "valueserp"


def test_a_retired_provider_is_used_only_with_a_key(counter: Counter) -> None:
    counter.edit("hunter_io", state="disabled")
    assert counter.call("company", domain="acme.io")["provider"] == "clearbit"
    counter.gateway.close()
    keyless = counter.mc.settings.model_copy(update={"clearbit_api_key": None})
    counter.gateway = ProviderGateway(dataclasses.replace(counter.mc, settings=keyless), bases=counter.standins.bases())
    with pytest.raises(TooMany) as refused:
        counter.call("company", domain="other.io")
    assert any("retired" in error["msg"] for error in refused.value.errors)
