"""The composition root: every process of Mission Control is put together here. Nothing imports it."""

from __future__ import annotations

import functools
import os
import sys
from typing import TYPE_CHECKING, Any, cast

import click

from clients.satellite.command import satellite
from clients.simulator.command import simulate
from data.errors import MissionControlError
from data.permissions import SYSTEM, Role, Scope

if TYPE_CHECKING:
    from dash import Dash
    from flask import Flask

    from data.services import Services
    from data.settings import Settings


def environment() -> Settings:
    """The settings of this process. Loaded late: the clients, which are told all by options, never need them."""
    from data.settings import Settings

    return Settings.load()


def create_server(settings: Settings | None = None) -> Flask:
    """The web process: REST, sign-in, probes and the pages. Connects to nothing until it is asked."""
    from callbacks.http import (
        api,
        auth,
        errors,
        guard,
        idempotency,
        ingest,
        limits,
        probes,
        v1_access,
        v1_live,
        v1_missions,
        v1_root,
        v1_satellites,
    )
    from data.services import Services
    from data.version import VERSION

    services = Services.open(settings or environment())
    server = api.create_api(__name__, VERSION)
    server.extensions["mission_control"] = services
    errors.register(server)
    limits.register(server)
    guard.register(server, limits.Limiter(services))
    idempotency.register(server)
    for part in (v1_root, ingest, v1_missions, v1_satellites, v1_access, v1_live):
        server.register_api(part.api)
    server.register_blueprint(auth.auth)
    server.register_blueprint(probes.probes)
    create_app(server)
    return server


def create_sockets(settings: Settings | None = None) -> Flask:
    """The service that holds the live sockets, in a process of its own."""
    from callbacks.sockets import service

    return service.create_sockets(settings or environment())


def create_app(server: Flask) -> Dash:
    """The pages on `server`."""
    from dash import Dash

    from callbacks import missions, shell
    from callbacks.http import dash_guard, policy
    from components.shell.layout import INDEX, layout

    app = Dash(
        __name__,
        server=cast("Any", server),
        use_pages=True,
        title="Mission Control",
        update_title="",
        index_string=INDEX,
        serve_locally=True,
        compress=True,
        suppress_callback_exceptions=False,
    )
    refresh_ms = server.extensions["mission_control"].settings.dashboard_refresh_rate
    app.layout = functools.partial(layout, refresh_ms=refresh_ms)
    for area in (shell, missions):
        area.blueprint.register(app)
    dash_guard.register(server, app)
    policy.register(app)
    return app


def opened(settings: Settings | None = None) -> Services:
    from data.services import Services

    return Services.open(settings or running())


def running() -> Settings:
    """The settings of the instance that runs with this MISSION_CONTROL_HOME, or of the environment."""
    from deploy.embedded.home import connect

    return connect(environment())


class Here:
    """The running instance, as our own clients find it where nobody tells them an address and a key."""

    def address_and_key(self) -> tuple[str, str]:
        """For the simulator: a simulator that runs there already loses its key to this one."""
        from deploy.embedded.doors import simulator_key
        from deploy.embedded.home import Home
        from deploy.embedded.programs import local_url

        settings = running()
        found = Home(settings.home).running()
        return found.url if found else local_url(settings), simulator_key(opened(settings))

    def remove_simulation(self) -> dict[str, int]:
        from data.db import transaction
        from data.sources import simulation

        with transaction(opened().engine) as connection:
            return simulation.remove(connection, SYSTEM)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(context: click.Context) -> None:
    """Mission Control: one pane of glass for crawls, paid APIs and dashboards."""
    context.obj = Here()


cli.add_command(simulate)
cli.add_command(satellite)


@cli.command()
def run() -> None:
    """Run everything: databases, web, sockets, background work and one satellite. Ctrl-C ends it."""
    from deploy.embedded.run import run as everything

    everything(environment())


@cli.command()
def env() -> None:
    """Print the addresses of the running instance, for psql and scripts."""
    from deploy.embedded.home import connect

    settings = connect(environment())
    for name in ("database_url", "redis_url"):
        click.echo(f"{name.upper()}={getattr(settings, name).get_secret_value()}")


@cli.command()
def web() -> None:
    """Serve the pages and the REST API."""
    from deploy import gunicorn

    _exec("gunicorn", gunicorn.web(environment()))


@cli.command()
def sockets() -> None:
    """Serve the live sockets."""
    from deploy import gunicorn

    _exec("gunicorn", gunicorn.sockets(environment()))


def _exec(module: str, arguments: list[str]) -> None:
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 — our own module, no shell


@cli.command()
@click.option("--concurrency", default=2, show_default=True)
def worker(concurrency: int) -> None:
    """Do the background work."""
    from tasks.worker import create_worker

    create_worker(environment()).worker_main(
        ["worker", f"--concurrency={concurrency}", "--loglevel=INFO", "--without-gossip", "--without-mingle"]
    )


@cli.command()
def beat() -> None:
    """Say when background work is due, and publish the live state."""
    from data.services import Services
    from tasks.live import publishing
    from tasks.worker import create_worker

    settings = environment()
    with publishing(Services.open(settings)):
        create_worker(settings).Beat(loglevel="INFO").run()


@cli.command()
def migrate() -> None:
    """Bring the database up to this version."""
    from data.migrations.run import migrate as to_head

    to_head(opened().engine)
    click.echo("The database is up to date.")


@cli.group()
def user() -> None:
    """Users."""


@user.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def user_add(email: str, role: str, *, password_stdin: bool) -> None:
    """Add a user, or give a known one this role and password."""
    from data.access import writes
    from data.db import transaction

    password = sys.stdin.readline().rstrip("\n") if password_stdin else click.prompt("Password", hide_input=True)
    if len(password) < 10:
        raise click.ClickException("the password must have at least 10 characters")
    with transaction(opened().engine) as connection:
        writes.ensure_user(connection, SYSTEM, email, Role(role), password)
    click.echo(f"{email} is {role}.")


@cli.group()
def key() -> None:
    """API keys."""


@key.command("create")
@click.argument("name")
@click.option("--scopes", required=True, help="Comma-separated: " + ",".join(scope.value for scope in Scope))
@click.option("--simulated", is_flag=True, help="Mark everything sent with this key as simulated.")
def key_create(name: str, scopes: str, *, simulated: bool) -> None:
    """Make a key and print it, alone on the last line."""
    from data.access import writes
    from data.db import transaction

    services = opened()
    with transaction(services.engine) as connection:
        token = writes.create_key(connection, SYSTEM, services.pepper, name, _scopes(scopes), simulated=simulated)[1]
    click.echo(token)


def _scopes(words: str) -> list[Scope]:
    try:
        return [Scope(word.strip()) for word in words.split(",")]
    except ValueError as error:
        raise click.ClickException(str(error)) from None


@key.command("rotate")
@click.argument("key_id")
@click.option("--overlap-seconds", default=0, show_default=True, help="How long the old key works on.")
def key_rotate(key_id: str, overlap_seconds: int) -> None:
    """Make a second key of the same name and print it, alone on the last line."""
    from data.access import writes
    from data.db import transaction

    services = opened()
    with transaction(services.engine) as connection:
        token = writes.rotate_key(connection, SYSTEM, services.pepper, key_id, overlap_seconds)[1]
    click.echo(token)


@key.command("revoke")
@click.argument("key_id")
def key_revoke(key_id: str) -> None:
    """End a key at once."""
    from data.access import writes
    from data.db import transaction

    with transaction(opened().engine) as connection:
        writes.revoke_key(connection, SYSTEM, key_id)
    click.echo(f"{key_id} is revoked.")


def main() -> None:
    """The command line; an error of ours is one line, without a traceback."""
    try:
        cli()
    except MissionControlError as error:
        sys.exit(f"mission-control: {error.detail}")


if __name__ == "__main__":
    main()
