"""The image without an engine that could build it: its Dockerfile is read, and each of its commands run by hand.

The build goes into a bare virtual environment in an empty folder. What the lock pins is taken from the environment of
the tests instead of being fetched again; the project itself is built and installed as the Dockerfile says.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

import app
from deploy.embedded.ports import free_port
from deploy.health import started
from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support import Services

pytestmark = pytest.mark.stack

PREFIX = "/opt/mission-control"
# What an image without installer and build tools cannot import, the environment of the tests can: so it is forbidden.
GONE = """
import sys

class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("pip", "setuptools", "pkg_resources", "wheel", "_distutils_hack"):
            raise ModuleNotFoundError(f"{name} is not in the image", name=name)

sys.meta_path.insert(0, Gone())
"""


@dataclass(frozen=True)
class Step:
    word: str
    text: str


def steps(source: str) -> list[Step]:
    """The instructions of a Dockerfile: lines that go on are one, comments are none."""
    lines = [line for line in source.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [Step(*line.split(None, 1)) for line in joined.splitlines() if line.strip()]


STEPS = steps((ROOT / "Dockerfile").read_text())
LAST = max(n for n, step in enumerate(STEPS) if step.word == "FROM")
BUILD, FINAL = STEPS[:LAST], STEPS[LAST:]


def of(context: list[Step], word: str) -> list[str]:
    return [step.text for step in context if step.word == word]


def environment() -> dict[str, str]:
    return dict(each.split("=", 1) for text in of(FINAL, "ENV") for each in shlex.split(text))


@dataclass(frozen=True)
class Image:
    """A virtual environment as the build context leaves it, and an empty folder to work in."""

    venv: Path
    home: Path
    env: dict[str, str]

    def command(self, *arguments: str) -> list[str]:
        [entry] = json.loads(of(FINAL, "ENTRYPOINT")[0])
        return [str(self.venv / "bin" / entry), *arguments]

    def run(self, *arguments: str, **more: str) -> str:
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.home,
            env=self.env | more,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def well(self, service: str, **more: str) -> bool:
        done = subprocess.run(
            self.command("health", service),
            cwd=self.home,
            env=self.env | more,
            capture_output=True,
            timeout=30,
            check=False,
        )
        return done.returncode == 0

    @contextmanager
    def service(self, *arguments: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
        """Started as the container would be, ended as `docker stop` does."""
        log = (self.home / f"{arguments[0]}.log").open("wb")
        process = subprocess.Popen(
            self.command(*arguments), cwd=self.home, env=self.env | more, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield process
            assert process.poll() is None, (self.home / f"{arguments[0]}.log").read_text()[-3000:]
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
            log.close()


def context(folder: Path) -> None:
    """What `COPY . .` copies: the files of the clone that .dockerignore lets through."""
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    kept = [line[1:] for line in ignored if line.startswith("!")]
    dropped = [line.removeprefix("**/") for line in ignored if line.startswith("**/")]
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True)
    for name in listed.stdout.decode().splitlines():
        parts = Path(name).parts
        if parts[0] in kept and not any(fnmatch(part, each) for part in parts for each in dropped):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    folder = tmp_path_factory.mktemp("image")
    venv, source, home = folder / "venv", folder / "src", folder / "home"
    source.mkdir()
    home.mkdir()
    context(source)
    for text in of(BUILD, "RUN"):
        for line in text.split("&&"):
            words = [word.replace(PREFIX, str(venv)) for word in shlex.split(line)]
            if words[:3] == ["python", "-m", "venv"]:
                subprocess.run([sys.executable, "-m", "venv", "--without-pip", words[3]], check=True)
                site = next((venv / "lib").glob("python*/site-packages"))
                (site / "tests.pth").write_text(sysconfig.get_path("purelib"))  # instead of fetching the lock again
            elif "uninstall" in words:
                (site / "gone.pth").write_text("import gone\n")
                (site / "gone.py").write_text(GONE)
            elif "--require-hashes" not in words:
                subprocess.run(words, cwd=source, check=True, capture_output=True, timeout=300)
    shutil.rmtree(source)
    keep = {name: os.environ[name] for name in ("LANG", "LD_LIBRARY_PATH") if name in os.environ}
    ours = environment() | {"PATH": f"{venv}/bin:{os.defpath}", "MISSION_CONTROL_HOME": str(home), "HOST": "127.0.0.1"}
    return Image(venv, home, keep | ours)


@pytest.fixture(scope="module")
def living(image: Image, services: Services) -> Iterator[Image]:
    """The image with a database and a Redis of other people's, brought up to date by its own command."""
    url = services.create_database()
    port = free_port()
    own = {
        "DATABASE_URL": url,
        "REDIS_URL": re.sub(r"/\d*$", "/7", services.redis_url),
        "SECRET_KEY": "image tests only " * 3,
        "PORT": str(port),
        "SOCKETS_PORT": str(free_port()),
    }
    living = Image(image.venv, image.home, image.env | own)
    assert "up to date" in living.run("migrate")
    yield living
    services.drop_database(url)


def fetched(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 — our own loopback server
        return answer.status, answer.read().decode("utf-8", "replace")


def test_the_image_is_built_in_two_stages_on_python_alone_and_runs_as_nobody() -> None:
    assert [text.split()[0] for text in of(STEPS, "FROM")] == ["python:${PYTHON}-slim-bookworm"] * 2
    user = of(FINAL, "USER")[-1]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert of(FINAL, "COPY") == [f"--from=build {PREFIX} {PREFIX}"]
    assert "mission-control" in of(FINAL, "HEALTHCHECK")[0]
    assert json.loads(of(FINAL, "CMD")[0]) == ["web"]
    [locked] = [text for text in of(BUILD, "RUN") if "requirements.lock" in text]
    assert {"--require-hashes", "--only-binary"} <= set(shlex.split(locked))
    for context in (BUILD, FINAL):
        assert any("pip uninstall" in text for text in of(context, "RUN"))
    assert "apt-get" not in str(STEPS)
    assert not any("SECRET" in name or "PASSWORD" in name for name in environment())


def test_every_service_of_the_house_is_a_command_of_the_image() -> None:
    assert {"web", "sockets", "worker", "beat", "satellite", "migrate", "health", "user", "key"} <= set(
        app.cli.commands
    )
    composed = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]
    ours = {name: each["command"][0] for name, each in composed.items() if each["image"] == "mission-control"}
    assert ours == {name: name for name in ("migrate", "web", "sockets", "worker", "beat", "satellite")}
    assert all("healthcheck" in each for each in composed.values() if each["image"] != "mission-control")


@pytest.mark.parametrize(
    ("command", "service"),
    [
        (b"/opt/mission-control/bin/python\0-m\0gunicorn\0--bind=0.0.0.0:8050\0app:create_server()\0", "web"),
        (b"/opt/mission-control/bin/python\0-m\0gunicorn\0app:create_sockets()\0", "sockets"),
        (b"/opt/mission-control/bin/python\0/opt/mission-control/bin/mission-control\0worker\0", "worker"),
        (b"/sbin/docker-init\0--\0mission-control\0beat\0", "beat"),
        (b"mission-control\0satellite\0--name\0SAT-1\0", "satellite"),
        (b"", "web"),
    ],
)
def test_the_health_check_knows_what_the_container_was_started_for(
    tmp_path: Path, command: bytes, service: str
) -> None:
    (tmp_path / "cmdline").write_bytes(command)
    assert started(tmp_path / "cmdline") == service


def test_all_that_is_no_module_is_installed_too(image: Image) -> None:
    site = next((image.venv / "lib").glob("python*/site-packages"))
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True)
    folders = ("assets", "callbacks", "clients", "components", "data", "deploy", "pages", "tasks")
    expected = {
        name for name in listed.stdout.decode().splitlines() if name.startswith(tuple(f"{f}/" for f in folders))
    }
    missing = sorted(name for name in expected if not (site / name).is_file())
    assert missing == []
    installed = {each.relative_to(site).as_posix() for folder in folders for each in (site / folder).rglob("*.*")}
    assert {name for name in installed if "__pycache__" not in name and (site / name).is_file()} <= expected


def test_web_serves_pages_style_and_scripts_and_is_well(living: Image, eventually: Callable[..., None]) -> None:
    url = f"http://127.0.0.1:{living.env['PORT']}"
    with living.service("web"):
        eventually(lambda: living.well("web"), seconds=60, every=0.5)
        assert fetched(f"{url}/healthz") == (200, '{"status":"ok"}')
        status, page = fetched(f"{url}/login")
        assert status == 200
        bundles = set(re.findall(r'(?:href|src)="(/assets/bundle/[^"]+)"', page))
        for path in bundles or {"/api/v1/openapi.json"}:
            assert fetched(url + path)[0] == 200
        assert fetched(f"{url}/api/v1/")[0] == 200
    assert not living.well("web")


def test_sockets_answer_and_are_well(living: Image, eventually: Callable[..., None]) -> None:
    assert not living.well("sockets")
    with living.service("sockets"):
        eventually(lambda: living.well("sockets"), seconds=60, every=0.5)


def test_worker_and_beat_work_together(living: Image, eventually: Callable[..., None]) -> None:
    assert not living.well("worker")
    with living.service("worker"), living.service("beat"):
        eventually(lambda: living.well("worker") and living.well("beat"), seconds=90, every=1)


def test_a_satellite_signs_on_with_a_key_of_the_image_s_making(living: Image, eventually: Callable[..., None]) -> None:
    key = living.run("key", "create", "SAT-IMAGE", "--scopes", "satellite").split()[-1]
    reader = living.run("key", "create", "reader", "--scopes", "read").split()[-1]
    url = f"http://127.0.0.1:{living.env['PORT']}"
    ask = urllib.request.Request(f"{url}/api/v1/satellites", headers={"Authorization": f"Bearer {reader}"})  # noqa: S310
    more = {"MISSION_CONTROL_URL": url, "MISSION_CONTROL_KEY": key}
    with living.service("web"):
        eventually(lambda: living.well("web"), seconds=60, every=0.5)
        with living.service("satellite", "--name", "SAT-IMAGE", **more):
            eventually(lambda: b"SAT-IMAGE" in urllib.request.urlopen(ask, timeout=10).read(), seconds=60, every=0.5)  # noqa: S310
            assert living.well("satellite")
