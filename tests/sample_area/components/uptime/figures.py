"""What is drawn of our sites. Frames have the columns that `data/uptime/reads.py` selects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import plotly.graph_objects as go

from components.kit import axes
from components.kit.charts import empty_figure, figure
from components.kit.theme import CYAN

if TYPE_CHECKING:
    from datetime import date


def by_day(frame: pd.DataFrame, *, start: date, end: date) -> go.Figure:
    """The share of probes that were answered; a day without probes is a gap."""
    if frame.empty:
        return empty_figure("No site was probed in this range")
    days = frame.assign(day=pd.to_datetime(frame["day"])).set_index("day")
    days = days.reindex(pd.date_range(start, end, freq="D"))
    share = (100 * days["answered"] / days["probes"]).astype("float64").to_numpy()
    line = go.Scatter(y=share, name="% answered", line={"color": CYAN}, x0=start.isoformat(), dx=axes.DAY_MS)
    return axes.days(figure(line), start, end)
