"""The benchmark of the value calculator reads a simulated register as the product does, and leaves nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from bench.valuation import HIDDEN, register
from data.domains.rules import USUAL_WEIGHTS
from data.domains.valuation.price_curve import PROMISE, backtest

if TYPE_CHECKING:
    from data.services import Services


def test_the_band_holds_what_it_promises_with_anything_hidden_and_nothing_stays(mc: Services) -> None:
    prices = register(mc.engine, 7)
    assert len(prices) == 180
    assert all(None not in price.scores.values() for price in prices[:5])
    for hidden in HIDDEN.values():
        found = backtest(prices, USUAL_WEIGHTS, hidden=hidden, every=3)
        assert found.tried == 60
        assert PROMISE - 0.12 <= found.held <= 1
    with mc.engine.begin() as connection:
        for table in ("domains", "backlinks", "domain_changes", "ingest_receipts"):
            assert connection.scalar(text(f"select count(*) from {table}")) == 0
