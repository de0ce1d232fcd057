from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.embedded.child import tail
from deploy.embedded.logs import rotate

if TYPE_CHECKING:
    from pathlib import Path


def test_a_full_log_is_put_aside_and_its_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"old\n" * 10)
        rotate(tmp_path, largest=20)
        writer.write(b"new\n")
    assert log.read_bytes() == b"new\n"
    assert (tmp_path / "web.log.1").read_bytes() == b"old\n" * 10


def test_a_small_log_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "web.log").write_text("line\n")
    rotate(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["web.log"]


def test_the_last_lines_of_a_log_are_told_with_its_place(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("".join(f"line {number}\n" for number in range(100_000)))
    assert tail(log, 2).splitlines() == ["  line 99998", "  line 99999", f"  (from {log})"]


def test_a_log_that_was_never_written_is_no_error(tmp_path: Path) -> None:
    assert "no log" in tail(tmp_path / "web.log")
