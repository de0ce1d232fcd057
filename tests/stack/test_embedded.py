"""What `make run` promises of its processes and its data, with the real ones."""

from __future__ import annotations

import json
import os
import pwd
import signal
import stat
import subprocess
import sys
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psutil
import psycopg
import pytest
import redis

from deploy.embedded.account import Account, able_to_reach
from tests.product import COMMAND, Product, alive
from tests.support import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.stack

AS_ROOT = os.geteuid() == 0
CHILDREN = ("postgres", "valkey", "web", "sockets", "worker", "beat", "satellite")
BACK_S = 15


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """In a folder that nobody else may enter; as root, the account that PostgreSQL runs as is somebody else."""
    with temporary_folder() as folder:
        closed = Path(folder) / "closed"
        closed.mkdir(mode=0o700)
        with running(Product.start(closed / "home")) as product:
            yield product


@pytest.fixture
def folder() -> Iterator[Path]:
    with temporary_folder() as folder:
        yield Path(folder)


@contextmanager
def running(product: Product) -> Iterator[Product]:
    try:
        yield product.wait_ready()
    finally:
        product.stop()


def rows(product: Product) -> list[int]:
    with psycopg.connect(product.addresses()["DATABASE_URL"], connect_timeout=2) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
        return [row[0] for row in connection.execute("SELECT id FROM kept ORDER BY id")]


def keep(product: Product, number: int) -> None:
    rows(product)
    with psycopg.connect(product.addresses()["DATABASE_URL"]) as connection:
        connection.execute("INSERT INTO kept VALUES (%s)", [number])


def healthy(product: Product) -> bool:
    try:
        return httpx.get(f"{product.url}/healthz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def test_the_link_signs_in_once(product: Product) -> None:
    assert product.said().count("Mission Control ready: ") == 1
    assert product.link.startswith(f"{product.url}/login?token=")
    with httpx.Client(follow_redirects=True) as browser, httpx.Client(follow_redirects=True) as second:
        assert browser.get(product.link).status_code == 200
        assert browser.get(f"{product.url}/").status_code == 200
        assert second.get(product.link).status_code == 401


def test_env_leads_psql_and_scripts_to_the_databases(product: Product) -> None:
    addresses = product.addresses()
    assert list(addresses) == ["DATABASE_URL", "REDIS_URL"]
    with psycopg.connect(addresses["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT current_setting('is_superuser')").fetchone() == ("off",)
    with closing(redis.Redis.from_url(addresses["REDIS_URL"])) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_the_databases_listen_on_loopback_alone_and_want_a_password(product: Product) -> None:
    for name in ("postgres", "valkey"):
        listening = psutil.Process(product.processes()[name]["pid"]).net_connections(kind="inet")
        assert {one.laddr.ip for one in listening if one.status == psutil.CONN_LISTEN} == {"127.0.0.1"}
    port = product.addresses()["DATABASE_URL"].rpartition(":")[2].partition("/")[0]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://mission_control:guess@127.0.0.1:{port}/mission_control")
    nameless = "redis://" + product.addresses()["REDIS_URL"].rpartition("@")[2]
    with closing(redis.Redis.from_url(nameless)) as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_no_secret_can_be_read_by_others(product: Product) -> None:
    secrets = [product.home / name for name in ("state.json", "running.json", "valkey/valkey.conf")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}
    known = {address.partition("@")[0].rpartition(":")[2] for address in product.addresses().values()}
    for one in product.everybody():
        assert not any(secret in argument for secret in known for argument in one.cmdline())


@pytest.mark.skipif(not AS_ROOT, reason="only root has to give the database to somebody else")
def test_root_gives_the_database_to_an_account_without_rights(product: Product) -> None:
    server = psutil.Process(product.processes()["postgres"]["pid"])
    assert server.uids().real == server.uids().saved == pwd.getpwnam("nobody").pw_uid
    status = dict(line.split(":\t") for line in Path(f"/proc/{server.pid}/status").read_text().splitlines())
    assert int(status["CapEff"], 16) in {1 << 2, 1 << 1}  # passing closed folders, and nothing else
    assert stat.S_IMODE(product.home.stat().st_mode) == 0o710


def test_a_second_start_on_the_same_home_is_one_line_and_harms_nothing(product: Product) -> None:
    keep(product, 0)
    again = product.command("run")
    assert again.returncode != 0
    assert again.stderr.count("\n") == 1
    assert f"already runs on {product.home} (process {product.process.pid}, {product.url})" in again.stderr
    assert healthy(product)
    assert 0 in rows(product)


def test_a_port_in_use_is_one_line_that_names_it(product: Product, folder: Path) -> None:
    product_env = product.env | {"MISSION_CONTROL_HOME": str(folder / "home")}
    other = subprocess.run([str(COMMAND), "run"], env=product_env, check=False, capture_output=True, text=True)
    assert other.returncode != 0
    assert other.stderr.count("\n") == 1
    assert f"PORT: {product.port} is in use" in other.stderr


@pytest.mark.parametrize("name", CHILDREN)
def test_a_killed_child_is_back_without_a_hand(product: Product, eventually: Callable[..., None], name: str) -> None:
    number = CHILDREN.index(name) + 1
    keep(product, number)
    before = product.processes()[name]

    def back() -> bool:
        now = product.processes()[name]
        return now["pid"] != before["pid"] and now["state"] == "running" and healthy(product)

    os.kill(before["pid"], signal.SIGKILL)
    eventually(back, seconds=BACK_S)
    assert product.processes()[name]["restarts"] == before["restarts"] + 1
    assert number in rows(product)
    assert name in httpx.get(f"{product.url}/readyz", timeout=5).json()["processes"]


def test_after_all_that_everything_is_ready(product: Product, eventually: Callable[..., None]) -> None:
    eventually(lambda: httpx.get(f"{product.url}/readyz", timeout=5).status_code == 200, seconds=BACK_S)


def test_it_ends_in_ten_seconds_leaves_nobody_and_finds_everything_again(folder: Path) -> None:
    with running(Product.start(folder / "home")) as first:
        keep(first, 1)
        with closing(redis.Redis.from_url(first.addresses()["REDIS_URL"])) as client:
            client.rpush("kept", "job")
        everybody = first.everybody()
        assert first.stop(10) == 0
    assert alive(everybody) == []
    assert first.command("env").stderr.startswith("mission-control: Nothing runs on ")
    with running(first.again()) as second:
        assert rows(second) == [1]
        with closing(redis.Redis.from_url(second.addresses()["REDIS_URL"])) as client:
            assert client.lrange("kept", 0, -1) == [b"job"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems cannot tie a child to its parent's life")
def test_a_killed_supervisor_takes_everybody_along_and_its_home_starts_again(
    folder: Path, eventually: Callable[..., None]
) -> None:
    with running(Product.start(folder / "home")) as first:
        keep(first, 1)
        everybody = first.everybody()
        first.process.kill()
        second = first.again()
        eventually(lambda: not alive(everybody), seconds=10)
    with running(second):
        assert rows(second) == [1]


def test_databases_and_a_first_user_of_the_operators_own_are_used(product: Product, folder: Path) -> None:
    addresses = product.addresses() | {"SECRET_KEY": "of the operator's own making, long enough"}
    own = {"ADMIN_EMAIL": "ada@example.org", "ADMIN_PASSWORD": "correct horse battery", "WEBSOCKET_ENABLED": "false"}
    with running(Product.start(folder / "home", **own, **addresses)) as other:
        assert other.addresses() == product.addresses()
        assert set(other.processes()) == {"web", "worker", "beat", "satellite"}
        assert not (other.home / "postgres").exists()
        assert other.link == f"{other.url}/login"


def test_a_home_of_an_older_version_gets_a_second_role_and_its_link_leads_an_enabled_administrator_in(
    folder: Path,
) -> None:
    def ask(url: str, *statements: str) -> list[tuple[str, ...]]:
        with psycopg.connect(url, autocommit=True) as connection:
            answers = [connection.execute(statement) for statement in statements]  # type: ignore[arg-type]
            return answers[-1].fetchall() if answers[-1].description else []

    with running(Product.start(folder / "home")) as first:
        password = "correct horse battery\n"
        added = first.command("user", "add", "ann@example.org", "--role", "admin", "--password-stdin", input=password)
        assert added.returncode == 0, added.stderr
        url = first.addresses()["DATABASE_URL"]
        ask(url, "update users set disabled_at = now() where email = 'admin@localhost'")
        secret = json.loads((first.home / "state.json").read_text())["postgres_admin_password"]
        owner, old = "mission_control_owner", "mission_control"
        moved = (f"alter database {old} owner to {old}", f"reassign owned by {owner} to {old}")
        gone = (f"drop owned by {owner}", f"drop role {owner}")  # its privileges: it owns nothing any more
        ask(f"postgresql://postgres:{secret}@{url.rpartition('@')[2]}", *moved, *gone)
    with running(first.again()) as second:
        with httpx.Client(follow_redirects=True) as browser:
            assert browser.get(second.link).status_code == 200
        url = second.addresses()["DATABASE_URL"]
        who = "select email from users join user_sessions using (user_id) where revoked_at is null"
        assert ask(url, who) == [("ann@example.org",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(url, "alter table audit_log disable trigger audit_log_append_only")
        environments = second.environments()
        assert len(environments) > len(second.processes())
        assert not any("MIGRATION_DATABASE_URL" in one for one in environments)


def test_a_home_whose_data_another_postgresql_wrote_is_one_line(folder: Path) -> None:
    (folder / "home/postgres").mkdir(parents=True)
    (folder / "home/postgres/PG_VERSION").write_text("16\n")
    with ExitStack() as stack:
        product = Product.start(folder / "home")
        stack.callback(product.stop)
        assert product.process.wait(20) != 0
        assert "was written by PostgreSQL 16, this version brings 18" in product.said()


@pytest.mark.skipif(not AS_ROOT, reason="the other tests ran as an ordinary user already")
def test_an_ordinary_user_can_run_everything(folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    account = able_to_reach(Account(nobody.pw_uid, nobody.pw_gid), [COMMAND, Path(sys.executable).resolve()])
    os.chown(folder, account.uid, account.gid)
    with running(Product.start(folder / "home", account=account)) as product:
        assert rows(product) == []
        assert {one.uids().real for one in product.everybody()} == {account.uid}
        assert stat.S_IMODE(product.home.stat().st_mode) == 0o700
