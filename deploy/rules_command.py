"""`mission-control rules check` and `rules test`: a file of alert rules is looked at before it is in force."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import yaml

from data.errors import BadInput

if TYPE_CHECKING:
    from data.alerts.rule import Rule

START = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLE = """
\b
rules: alert_rules.yaml           # a file beside this one, or the rules themselves
tests:
  - name: a full queue
    interval: 1m
    samples:
      'queue_depth{queue="job_queue"}': [10, 2000, 2000, 10]
    expect:
      - {at: 1m, rule: Queue above 1000, now: firing}
      - {at: 3m, rule: Queue above 1000, now: resolved}
"""


@click.group()
def rules() -> None:
    """Alert rules."""


@rules.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Read FILE as it would be loaded, and say what is wrong: rule, line and reason."""
    found = _load(_text(file))
    click.echo(f"{file}: {len(found)} rule{'' if len(found) == 1 else 's'}, all good.")


@rules.command(epilog=EXAMPLE)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def test(file: Path) -> None:
    """Give the samples in FILE to its rules, and hold what becomes of them against what is expected."""
    from data.alerts import rulebook

    try:
        value, _ = rulebook.read(_text(file))
    except BadInput as error:
        raise click.ClickException(error.detail) from None
    if not isinstance(value, dict) or not isinstance(value.get("tests"), list):
        raise click.ClickException(f"{file}: must hold a list named tests")
    found = _rules_of(value.get("rules"), file)
    failed = sum(not _run(each, found) for each in value["tests"])
    if failed:
        raise click.ClickException(f"{failed} of {len(value['tests'])} tests failed")
    click.echo(f"{len(value['tests'])} tests passed.")


def _rules_of(said: Any, file: Path) -> tuple[Rule, ...]:  # noqa: ANN401 — whatever the file holds
    from data.alerts import rulebook

    if isinstance(said, str):
        beside = file.parent / said
        if not beside.is_file():
            raise click.ClickException(f"{file}: there is no file {said} beside it")
        return _load(_text(beside))
    if said is None:
        return rulebook.shipped()
    return _load(yaml.safe_dump({"rules": said}, sort_keys=False))


def _run(wanted: Any, found: tuple[Rule, ...]) -> bool:  # noqa: ANN401 — whatever the file holds
    """Whether a test passes; it says what became of its samples."""
    from pydantic import ValidationError

    from data.alerts import preview

    if not isinstance(wanted, dict):
        raise click.ClickException("a test must be a mapping with samples and expect")
    name = str(wanted.get("name", "a test"))
    fields = {key: value for key, value in wanted.items() if key in ("samples", "interval")}
    try:
        trial = preview.Trial.model_validate({"samples": {}, **fields})
        played = preview.play_samples(found, trial.samples or {}, trial.interval, START)
    except (BadInput, ValidationError) as error:
        why = error.detail if isinstance(error, BadInput) else error.errors()[0]["msg"]
        raise click.ClickException(f"{name}: {why}") from None
    told = [_plain(each) for each in played.transitions]
    missing = [each for each in wanted.get("expect", []) if not any(_fits(each, one) for one in told)]
    named = {"firing", "resolved", "nodata", "error"}
    beyond = [one for one in told if one["now"] in named and not any(_fits(each, one) for each in wanted["expect"])]
    if "expect" not in wanted:
        missing, beyond = [], []
    click.echo(f"{'FAILED' if missing or beyond else 'ok'}  {name}")
    for one in told:
        click.echo(f"  {_said(one)}{'   unexpected' if one in beyond else ''}")
    for each in missing:
        click.echo(f"  expected, and missing: {each}")
    return not missing and not beyond


def _plain(transition: dict[str, Any]) -> dict[str, Any]:
    seconds = int((transition["at"] - START).total_seconds())
    return {**transition, "at": seconds, "was": str(transition["was"]), "now": str(transition["now"])}


def _fits(wanted: Any, told: dict[str, Any]) -> bool:  # noqa: ANN401 — whatever the file holds
    from data.alerts.language.parse import duration

    if not isinstance(wanted, dict):
        raise click.ClickException(f"what is expected must be a mapping with at, rule and now: {wanted}")
    at = wanted.get("at", told["at"])
    if isinstance(at, str):
        try:
            at = duration(at)
        except (KeyError, ValueError, IndexError):
            raise click.ClickException(f"at: must be a duration as 30s or 5m, not {at}") from None
    state = wanted.get("now", wanted.get("state", told["now"]))
    labels = wanted.get("labels") or {}
    same = at == told["at"] and wanted.get("rule", told["rule"]) == told["rule"] and state == told["now"]
    return same and isinstance(labels, dict) and labels.items() <= told["labels"].items()


def _said(told: dict[str, Any]) -> str:
    from data.alerts.rule import said_duration

    labels = ", ".join(f"{name}={value}" for name, value in sorted(told["labels"].items()))
    of = f" {{{labels}}}" if labels else ""
    return f"{said_duration(told['at']):>6}  {told['rule']}{of}: {told['was']} → {told['now']}"


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file}: cannot be read: {error}") from None


def _load(document: str) -> tuple[Rule, ...]:
    from data.alerts import rulebook

    try:
        return rulebook.from_yaml(document)
    except BadInput as error:
        lines = [str(each["msg"]) for each in error.errors] or [error.detail]
        raise click.ClickException("\n".join(["the rules are refused", *(f"  {line}" for line in lines)])) from None
