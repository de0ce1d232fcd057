"""Migrations are one chain, and what is released of them and of the views never changes."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from alembic.config import Config
from alembic.script import ScriptDirectory

from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from pathlib import Path

RELEASED = "tests/architecture/released.sha256"
FILES = ("data/*/views/*.sql", "data/migrations/sql/[0-9]*.sql")


def revisions() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "data" / "migrations"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def changes(root: Path) -> list[str]:
    """What is not as the list says, each with what to do."""
    lines = (root / RELEASED).read_text(encoding="utf-8").splitlines()
    listed = {path: digest for digest, path in (line.split(maxsplit=1) for line in lines if not line.startswith("#"))}
    stored = {
        str(path.relative_to(root)): sha256(path.read_bytes()).hexdigest()
        for pattern in FILES
        for path in root.glob(pattern)
    }
    wrong = []
    for path in sorted(listed.keys() | stored.keys()):
        if path not in listed:
            wrong.append(f"{path} is new: sha256sum {path} >> {RELEASED}")
        elif path not in stored:
            wrong.append(f"{path} is released and gone: restore it; what no migration runs may go, its line too")
        elif listed[path] != stored[path]:
            wrong.append(f"{path} is released and changed: restore it; a change is a new _vNN and a migration")
    return wrong


def test_the_chain_has_one_head_and_every_revision_is_called_as_its_file() -> None:
    """So that whoever lands second follows the first; the number alone is what a version before 0.1.0 wrote down."""
    chain = revisions()
    assert len(chain.get_heads()) == 1
    files = sorted(path.stem for path in (ROOT / "data" / "migrations" / "versions").glob("[0-9]*.py"))
    assert files == sorted(revision.revision for revision in chain.walk_revisions())
    assert len({name[:4] for name in files}) == len(files)
    assert all(name[4] == "_" and len(name) <= 32 for name in files), "as much as alembic_version holds"


def test_what_is_released_never_changes_and_what_is_new_is_listed() -> None:
    assert changes(ROOT) == []


def test_a_changed_a_lost_and_a_new_file_are_each_told_with_what_to_do(tmp_path: Path) -> None:
    names = {f"data/missions/views/{name}_v01.sql": f"-- {name}" for name in ("kept", "changed", "lost")}
    (tmp_path / RELEASED).parent.mkdir(parents=True)
    lines = [f"{sha256(words.encode()).hexdigest()}  {path}\n" for path, words in names.items()]
    (tmp_path / RELEASED).write_text("# a comment\n" + "".join(lines), encoding="utf-8")
    (tmp_path / "data/missions/views").mkdir(parents=True)
    for name, words in (("kept", "-- kept"), ("changed", "-- changed "), ("new", "-- new")):
        (tmp_path / f"data/missions/views/{name}_v01.sql").write_text(words, encoding="utf-8")
    where = "data/missions/views/"
    assert changes(tmp_path) == [
        f"{where}changed_v01.sql is released and changed: restore it; a change is a new _vNN and a migration",
        f"{where}lost_v01.sql is released and gone: restore it; what no migration runs may go, its line too",
        f"{where}new_v01.sql is new: sha256sum {where}new_v01.sql >> {RELEASED}",
    ]
