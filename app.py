"""The composition root: every process of Mission Control is put together here. Nothing imports it."""

from __future__ import annotations

import click

from clients.simulator.command import simulate


@click.group()
def main() -> None:
    """Mission Control: one pane of glass for crawls, paid APIs and dashboards."""


main.add_command(simulate)


if __name__ == "__main__":
    main()
