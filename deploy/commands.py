"""The commands of an operator who adds people and programs: `mission-control user …` and `mission-control key …`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from data.permissions import SYSTEM, Role, Scope

if TYPE_CHECKING:
    from data.services import Services
    from data.settings import Settings


def environment() -> Settings:
    """The settings of this process. Loaded late: the clients, which are told all by options, never need them."""
    from data.settings import Settings

    return Settings.load()


def opened(settings: Settings | None = None) -> Services:
    from data.services import Services

    return Services.open(settings or running())


def running() -> Settings:
    """The settings of the instance that runs with this MISSION_CONTROL_HOME, or of the environment."""
    from deploy.embedded.instance_dir import connect

    return connect(environment())


class Here:
    """The running instance, as our own clients find it where nobody tells them an address and a key."""

    def address_and_key(self) -> tuple[str, str]:
        """For the simulator: a simulator that runs there already loses its key to this one."""
        from deploy.embedded.initial_access import simulator_key
        from deploy.embedded.instance_dir import InstanceDir
        from deploy.embedded.programs import local_url

        settings = running()
        found = InstanceDir(settings.home).running()
        return found.url if found else local_url(settings), simulator_key(opened(settings))

    def remove_simulation(self) -> dict[str, int]:
        from data.db import transaction
        from data.ingest import simulation

        with transaction(opened().engine) as connection:
            return simulation.remove(connection, SYSTEM)


@click.group()
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


@click.group()
def key() -> None:
    """API keys."""


@key.command("create")
@click.argument("name")
@click.option("--scopes", required=True, help="Comma-separated: " + ",".join(scope.value for scope in Scope))
@click.option("--simulated", is_flag=True, help="Mark everything sent with this key as simulated.")
def key_create(name: str, scopes: str, *, simulated: bool) -> None:
    """Make a key and print it, alone on the last line."""
    from data.access import keys
    from data.db import transaction

    services = opened()
    with transaction(services.engine) as connection:
        token = keys.create_key(connection, SYSTEM, services.pepper, name, _scopes(scopes), simulated=simulated)[1]
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
    from data.access import keys
    from data.db import transaction

    services = opened()
    with transaction(services.engine) as connection:
        token = keys.rotate_key(connection, SYSTEM, services.pepper, key_id, overlap_seconds)[1]
    click.echo(token)


@key.command("revoke")
@click.argument("key_id")
def key_revoke(key_id: str) -> None:
    """End a key at once."""
    from data.access import keys
    from data.db import transaction

    with transaction(opened().engine) as connection:
        keys.revoke_key(connection, SYSTEM, key_id)
    click.echo(f"{key_id} is revoked.")
