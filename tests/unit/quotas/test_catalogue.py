"""The catalogue: the seven providers as they come, and what an edit may make of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from data.quotas.catalogue.records import Provider, default_providers, to_yaml
from data.settings import PROVIDER_KEYS

BY_NAME = {each.provider: each for each in default_providers()}


def test_there_are_the_seven_and_each_has_its_setting() -> None:
    assert {f"{name}_api_key" for name in BY_NAME} == set(PROVIDER_KEYS)


def test_the_limits_are_those_people_start_with() -> None:
    limits = {name: (int(each.quota or 0), each.window) for name, each in BY_NAME.items()}
    assert limits == {
        "serpstack": (1000, "monthly"),
        "valueserp": (100, "trial"),
        "webscraping_ai": (1000, "monthly"),
        "hunter_io": (50, "monthly"),
        "builtwith": (200, "monthly"),
        "clearbit": (50, "monthly"),
        "securitytrails": (50, "monthly"),
    }
    assert [name for name, each in BY_NAME.items() if each.state == "retired"] == ["clearbit"]
    assert BY_NAME["builtwith"].cache_seconds == 90 * 86_400


@pytest.mark.parametrize(
    ("params", "cost"),
    [
        ({}, 5),
        ({"js": True}, 5),
        ({"js": False}, 1),
        ({"js": False, "proxy": "datacenter"}, 1),
        ({"js": False, "proxy": "residential"}, 10),
        ({"js": True, "proxy": "residential"}, 25),
        ({"js": False, "proxy": "stealth"}, 25),
        ({"proxy": "stealth"}, 50),
    ],
)
def test_a_page_costs_what_its_rendering_and_proxy_cost(params: dict[str, Any], cost: int) -> None:
    assert BY_NAME["webscraping_ai"].cost.of(params) == Decimal(cost)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"quota": -1}, "quota"),
        ({"quota": "NaN"}, "quota"),
        ({"window": "weekly"}, "window"),
        ({"window": "trial", "reset": "calendar"}, "trial"),
        ({"window": "monthly", "reset": "none"}, "reset"),
        ({"reset": "anniversary"}, "reset_day"),
        ({"reset": "anniversary", "reset_day": 31}, "reset_day"),
        ({"cost": {"base": 1, "rules": [{"when": {}, "cost": 2}]}}, "when"),
        ({"query_types": ["search", "horoscope"]}, "query_types"),
        ({"concurrency": 0}, "concurrency"),
        ({"timeout_s": 3600}, "timeout_s"),
        ({"api_key": "secret"}, "api_key"),
    ],
)
def test_a_wrong_record_is_refused_by_name(change: dict[str, Any], names: str) -> None:
    with pytest.raises(ValidationError, match=names):
        Provider.model_validate(BY_NAME["serpstack"].model_dump() | change)


def test_the_catalogue_as_text_reads_back_as_it_was() -> None:
    import yaml

    records = yaml.safe_load(to_yaml(list(default_providers())))["providers"]
    assert tuple(Provider.model_validate(record) for record in records) == default_providers()
