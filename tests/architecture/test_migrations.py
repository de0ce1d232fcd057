"""Migrations are one chain: whoever lands second follows the head of the first."""

from __future__ import annotations

from alembic.config import Config
from alembic.script import ScriptDirectory

from tests.architecture.house import ROOT


def test_the_chain_has_one_head_and_every_file_carries_its_number() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "data" / "migrations"))
    config.set_main_option("path_separator", "os")
    chain = ScriptDirectory.from_config(config)
    assert len(chain.get_heads()) == 1
    files = sorted(path.name[:4] for path in (ROOT / "data" / "migrations" / "versions").glob("[0-9]*.py"))
    assert files == sorted({revision.revision for revision in chain.walk_revisions()})
