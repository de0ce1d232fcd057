"""What happens around the fleet: people submit and hold missions, the web gains links."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from clients.simulator.links import Row, links_of_second
from clients.simulator.rules import SUBMIT_EVERY, opening_orders, orders_due, pages_of, pause_length, to_pause
from clients.simulator.session_context import SessionContext, tolerate

if TYPE_CHECKING:
    from clients.simulator.missions import Order

LINKS_EVERY = timedelta(seconds=1.5)
LOOK_AT_QUEUE = timedelta(seconds=15)
OPERATOR = timedelta(seconds=20)
CONFLICT, MISSING = 409, 404
MEAN_SPEED = 51.0  # pages a minute of an ordinary satellite


class BackgroundActivity:
    def __init__(self, context: SessionContext) -> None:
        self._context = context
        self._told_until = context.started
        self._holds: dict[str, datetime] = {}  # paused missions and when they go on
        self._queued = 0
        self._counted_at: datetime | None = None

    def discover(self, at: datetime) -> timedelta:
        """Sends the links found since the last time, second by second; after a long outage not the whole of it."""
        second = max(self._told_until, at - timedelta(minutes=2)) + timedelta(seconds=1)
        rows: list[Row] = []
        while second <= at:
            rows += links_of_second(self._context.world, second.replace(microsecond=0), self._context.since(second))
            self._told_until = second
            second += timedelta(seconds=1)
        if rows:
            self._context.send("backlinks", [self._credited(row) for row in rows])
        return LINKS_EVERY

    def submit(self, at: datetime) -> timedelta:
        """Puts new work into the queue."""
        if self._counted_at is None or at - self._counted_at >= LOOK_AT_QUEUE:
            self._count_queue(at)
        opening = self._queued == 0 and not self._context.runs
        world, since = self._context.world, self._context.since(at)
        orders = opening_orders(world, at) if opening else orders_due(world, at, since, self._queued)
        for order in orders:
            self._order(order)
        return SUBMIT_EVERY

    def operate(self, at: datetime) -> timedelta:
        """Holds a mission now and then, and lets those go on that were held long enough."""
        self._adopt_holds(at)
        job_id = to_pause(self._context.world.seed, at, self._context.since(at), self._context.runs.values())
        if job_id and not self._holds:
            self._holds[job_id] = at + pause_length(self._context.world.seed, job_id)
            tolerate(lambda: self._context.api.act(job_id, "pause"), f"pause {job_id}", quiet=(CONFLICT, MISSING))
        for held in [each for each, until in self._holds.items() if until <= at]:
            del self._holds[held]
            self._resume(held)
        return OPERATOR

    def _resume(self, job_id: str) -> None:
        tolerate(lambda: self._context.api.act(job_id, "resume"), f"resume {job_id}", quiet=(CONFLICT, MISSING))

    def _adopt_holds(self, at: datetime) -> None:
        """Missions that were held before this session began, or by somebody else."""
        for run in self._context.runs.values():
            if run.paused and run.job_id not in self._holds:
                self._holds[run.job_id] = at + pause_length(self._context.world.seed, run.job_id)

    def _count_queue(self, at: datetime) -> None:
        waiting = tolerate(
            lambda: sum(each["simulated"] for each in self._context.api.missions(status="queued")), "queue"
        )
        if waiting is not None:
            self._queued, self._counted_at = waiting, at

    def _order(self, order: Order) -> None:
        config = {"max_pages": pages_of(order, MEAN_SPEED), "delay_seconds": 1.0}
        made = tolerate(
            lambda: self._context.api.submit_mission(
                order.kind.name, order.target_url, priority=order.priority, config=config
            ),
            f"submit {order.kind.name}",
        )
        self._queued += made is not None

    def _credited(self, row: Row) -> Row:
        """The link with the mission that found it, where one is looking at that domain."""
        domain = row["target_domain_name"]
        found = next((run.job_id for run in self._context.runs.values() if run.host == domain and not run.paused), None)
        return row | {"job_id": found} if found else row
