"""Submitting a mission: fields, hints, and a place for each field's error."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from components.kit import live
from components.kit.cards import panel
from components.kit.forms import field, submit
from components.missions import ids

JOB_TYPES = (
    "backlink_discovery",
    "competitor_scan",
    "domain_audit",
    "expired_domains",
    "full_site_crawl",
    "serp_positions",
)
_NUMBER = {"type": "number", "inputMode": "numeric", "step": "any"}


def submit_form() -> html.Section:
    fields = [
        _field("target_url", "Target", "a domain, or an http or https address", placeholder="acme.io"),
        _field("job_type", "Job type", "what the crawl is for", value="full_site_crawl", list="missions-job-types"),
        _field("priority", "Priority", "1 to 10, 10 goes first", value=5, **_NUMBER),
        _field("max_pages", "Maximum pages", "Leave empty to crawl the whole site.", value=500, **_NUMBER),
        _field("delay_seconds", "Delay, seconds", "between two fetches of one site", value=1, **_NUMBER),
    ]
    suggestions = html.Datalist([html.Option(value=name) for name in JOB_TYPES], id="missions-job-types")
    body = html.Div(
        [suggestions, *fields, submit("Submit mission", ids.SUBMIT)],
        className="form for-operators",
        **live.attrs(data_enter=ids.SUBMIT),
    )
    viewer = html.P(
        "You have read-only access. Operators and above can submit missions.", className="empty for-viewers"
    )
    return panel(
        "Submit a mission",
        *(body, viewer),
        name="submit",
        age=None,
        explained="A mission joins the queue at once; the satellite that is free next takes the one of highest "
        "priority.",
    )


def _field(name: str, label: str, hint: str, **properties: Any) -> html.Div:  # noqa: ANN401 — any property of an input
    control = dcc.Input(id=ids.field(name), autoComplete="off", **properties)
    return field(label, control, hint=hint, error=ids.error(name))
