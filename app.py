"""The composition root: every process of Mission Control is put together here. Nothing imports it."""

from __future__ import annotations

import functools
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from clients.satellite.command import satellite
from clients.simulator.command import simulate
from data.errors import MissionControlError
from deploy.commands import Here, environment, key, running, user
from deploy.embedded import pulse
from deploy.rules_command import rules

if TYPE_CHECKING:
    from dash import Dash
    from flask import Flask

    from data.settings import Settings


ASSETS = Path(__file__).with_name("assets")
# How long a request waits for PostgreSQL: for one statement, and for a connection that has waited in the pool.
WEB_PATIENCE_S, IDLE_PATIENCE_S = 4.0, 1.5


def create_server(settings: Settings | None = None) -> Flask:
    """The web process: REST, sign-in, probes and the pages. Connects to nothing until it is asked."""
    from werkzeug.middleware.proxy_fix import ProxyFix

    from callbacks.http.v1 import alarms, export, ingest, layouts, live, root, search
    from callbacks.web import alert_links, api, auth, errors, guard, idempotency, limits, probes
    from data.areas import parts
    from data.deadline import set_deadline
    from data.quotas.routing.gateway import ProviderGateway
    from data.services import Services
    from data.version import VERSION

    import_module("pandas")  # half a second that the first panel would wait for
    services = Services.open(settings or environment())
    set_deadline(services.engine, WEB_PATIENCE_S, idle_s=IDLE_PATIENCE_S)
    server = api.create_api(__name__, VERSION)
    server.extensions["mission_control"] = services
    server.extensions["quotas"] = ProviderGateway(services)
    if hops := services.settings.trusted_proxies:
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    errors.register(server)
    limits.register(server)
    guard.register(server, limits.Limiter(services))
    for module in (root, ingest, live, layouts, search, alarms):
        server.register_api(module.api)
    for module in parts("callbacks.http.v1"):
        for one in module.APIS:
            server.register_api(one)
    export.register(server, *(dataset for module in parts("data", "exports") for dataset in module.DATASETS))
    server.register_blueprint(auth.auth)
    server.register_blueprint(alert_links.pages)
    server.register_blueprint(probes.probes)
    create_app(server)
    idempotency.register(server)
    return server


def create_sockets(settings: Settings | None = None) -> Flask:
    """The service that holds the live sockets, in a process of its own."""
    from callbacks.sockets import service

    return service.create_sockets(settings or environment())


def create_app(server: Flask) -> Dash:
    """The pages on `server`."""
    from callbacks import shell
    from callbacks.web import bootstrap, bundle, callback_validation, csp, trouble
    from components.shell.layout import INDEX
    from data.areas import parts

    made = bundle.register(server, ASSETS)
    app = bootstrap.PrerenderedDash(
        __name__,
        server=cast("Any", server),
        use_pages=True,
        title="Mission Control",
        update_title="",
        index_string=INDEX,
        serve_locally=True,
        compress=True,
        include_assets_files=False,  # ours come as a bundle
        suppress_callback_exceptions=False,
    )
    app.bundle = made
    refresh_ms = server.extensions["mission_control"].settings.dashboard_refresh_rate
    app.layout = functools.partial(shell.frame, refresh_ms=refresh_ms)
    for module in (shell, *parts("callbacks")):
        module.blueprint.register(app)
    callback_validation.register(server, app)
    csp.register(app)
    server.after_request(bootstrap.no_store)
    trouble.register(server)
    return app


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(context: click.Context) -> None:
    """Mission Control: one pane of glass for crawls, paid APIs and dashboards."""
    pulse.beat(os.environ)
    context.obj = Here()


cli.add_command(simulate)
cli.add_command(satellite)
cli.add_command(rules)


@cli.command()
def run() -> None:
    """Run everything: databases, web, sockets, background work and one satellite. Ctrl-C ends it."""
    from deploy.embedded.run import run as everything

    everything(environment())


@cli.command()
def env() -> None:
    """Print the addresses of the running instance, for psql and scripts."""
    from deploy.embedded.instance_dir import connect

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
    """Say when background work is due, publish the live state, and tell people of alerts."""
    from data.services import Services
    from tasks.application import application
    from tasks.delivery import relaying
    from tasks.live import publishing

    settings = environment()
    services = Services.open(settings)
    with publishing(services), relaying(services):
        application(settings).Beat(loglevel="INFO").run()


@cli.command()
def migrate() -> None:
    """Bring the database up to this version."""
    from data.migrations import run as migrations

    engine = migrations.engine_for(running())
    migrations.migrate(engine)
    click.echo("The database is up to date.")
    if not migrations.is_audit_safe(engine):
        click.echo(
            "The application's role could drop the audit: set MIGRATION_DATABASE_URL (docs/operations.md, Roles)"
        )


@cli.command()
@click.argument("service", required=False, type=click.Choice(["web", "sockets", "worker", "beat", "satellite"]))
def health(service: str | None) -> None:
    """Say whether a service of this machine does its work, for a container's health check; without SERVICE the one that
    the container was started for."""
    from deploy.health import started, trouble

    if words := trouble(service or started(), environment()):
        raise click.ClickException(words)


cli.add_command(user)
cli.add_command(key)


def main() -> None:
    """The command line; an error of ours is one line, without a traceback."""
    try:
        cli()
    except MissionControlError as error:
        sys.exit(f"mission-control: {error.detail}")


if __name__ == "__main__":
    main()
