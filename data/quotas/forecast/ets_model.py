"""The library's forecasts: statsmodels' exponential smoothing with a week's rhythm, in a process that ends afterwards.

`python -m data.quotas.forecast.ets_model` reads tasks as JSON on its standard input and writes what it found on its
standard output: the library takes 200 MB and two seconds to load, which no process that stays shall pay for. The rest
of the product asks with `fit_all`, which does not load it.

The model is ETS(A,N,A): a level that drifts, a factor for each weekday that is added, errors that are added; smoothing
and first states by maximum likelihood. The deviations of sums are simulated; the level's own error, learnt from so many
days only, is added to them. Where the likelihood has found no maximum there is no fit, and the simple model stays.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import warnings
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

WEEK = 7
KEPT_D = 140
AHEAD_D = 92  # a quarter; beyond it the last week goes on
PATHS = 400  # simulated
LEARNT = 10  # two smoothings, a level, seven weekdays
LONGEST = 100  # iterations towards the likelihood's maximum
TIME_LIMIT_S = 120.0
LEVEL, SEED = 10, 20_26  # of niceness; of the simulated chance, so that the same past has the same forecast


@dataclass(frozen=True, slots=True)
class Task:
    """Credits that were asked for a day, the oldest first; `origins` are (day, days ahead) to be forecast as if nothing
    after that day were known."""

    daily: Sequence[float]
    origins: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class Fitted:
    """Credits of the coming days with the deviations of their sums; and by origin the mean and deviation of the sum.
    Empty lists: no fit."""

    daily: list[float]
    deviations: list[float]
    trials: dict[int, tuple[float, float]]


def fit_all(tasks: Sequence[Task]) -> list[Fitted]:
    """One answer a task, in order. Nothing is fitted where the process fails or takes too long: that is logged."""
    nothing = [Fitted([], [], {}) for _ in tasks]
    if not tasks:
        return nothing
    try:
        output = subprocess.run(  # noqa: S603 — our own module
            [sys.executable, "-m", __name__],
            input=orjson.dumps([asdict(task) for task in tasks]),
            capture_output=True,
            check=True,
            timeout=TIME_LIMIT_S,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        ).stdout
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, OSError) as error:
        stderr = getattr(error, "stderr", None) or b""
        log.warning("forecasts: the library gave none, %s %s", error, stderr.decode(errors="replace")[-500:])
        return nothing
    return [_parse(each) for each in orjson.loads(output)]


def _parse(each: dict[str, Any]) -> Fitted:
    return Fitted(each["daily"], each["deviations"], {origin: (mean, dev) for origin, mean, dev in each["trials"]})


def answer(task: dict[str, Any]) -> dict[str, Any]:
    """What one task comes to; loads the library."""
    daily = task["daily"]
    now, tried = fit(daily, AHEAD_D), []
    for origin, ahead in task["origins"]:
        fitted = fit(daily[:origin], ahead)
        if fitted is not None:
            tried.append((origin, sum(fitted[0]), fitted[1][-1]))
    means, deviations = now or ([], [])
    return {"daily": means, "deviations": deviations, "trials": tried}


def fit(daily: Sequence[float], ahead: int) -> tuple[list[float], list[float]] | None:
    """Means of the coming days and deviations of their sums; None where the model cannot be fitted."""
    import numpy as np
    from statsmodels.tools.sm_exceptions import ConvergenceWarning
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    past = np.asarray(daily[-KEPT_D:], dtype=float)
    if len(past) < 2 * WEEK or not past.std():
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            model = ETSModel(
                past, error="add", seasonal="add", seasonal_periods=WEEK, initialization_method="estimated"
            )
            result = model.fit(disp=False, maxiter=LONGEST)
        except (ConvergenceWarning, ValueError, np.linalg.LinAlgError):
            return None
    means = np.clip(result.forecast(ahead), 0.0, None)
    chance = np.random.default_rng(SEED)
    paths = np.asarray(result.simulate(ahead, anchor="end", repetitions=PATHS, rng=chance)).reshape(ahead, PATHS)
    n, days, alpha = len(past), np.arange(1, ahead + 1), float(result.params[0])
    unsure = days**2 * float(result.sse) / n * max(alpha, 1 / n)
    spread = np.cumsum(paths, axis=0).var(axis=1) * n / (n - LEARNT)
    deviations = np.sqrt(np.maximum.accumulate(spread + unsure))
    if not (np.isfinite(means).all() and np.isfinite(deviations).all()):
        return None
    return means.tolist(), deviations.tolist()


def main() -> None:
    os.nice(LEVEL)
    sys.stdout.buffer.write(orjson.dumps([answer(task) for task in orjson.loads(sys.stdin.buffer.read())]))


if __name__ == "__main__":
    main()
