"""Which account PostgreSQL runs as. It refuses root, so a process that is root has to hand it to somebody else."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

NOBODY = "nobody"
BOUND = (
    "PostgreSQL does not run as root, and this root may not act as another account: "
    "run as an ordinary user, or set DATABASE_URL"
)
# Numbers of linux/capability.h, the weaker one first. Containers are usually given the second alone.
DAC_READ_SEARCH, DAC_OVERRIDE = 2, 1


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int
    capability: int | None = None


def unprivileged(owned: Path) -> Account | None:
    """None where this process is no root. The owner of `owned`, when somebody else made it, stays its owner."""
    if os.geteuid() != 0:
        return None
    if owned.exists() and owned.stat().st_uid != 0:
        return Account(owned.stat().st_uid, owned.stat().st_gid)
    try:
        entry = pwd.getpwnam(NOBODY)
    except KeyError:
        raise SettingsError(
            f"PostgreSQL does not run as root and this system has no account '{NOBODY}': "
            "run as an ordinary user, or set DATABASE_URL"
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def able_to_reach(account: Account, needed: Sequence[Path]) -> Account:
    """The account, with one capability if it could not reach the files otherwise.

    A clone below a folder that only root may enter (/root, say) hides both the programs and the data from every
    other account, whoever owns the files themselves. Then PostgreSQL keeps the right to pass such folders. That
    gives it no right to write, and the role that Mission Control signs in with is no superuser, so no SQL of ours
    can read files with it. Copying the programs elsewhere would leave files outside the home, and a bind mount
    asks for far more rights than this.
    """
    if reaches(account, needed):
        return account
    for capability in (DAC_READ_SEARCH, DAC_OVERRIDE):
        if permitted_capabilities() >> capability & 1:
            return Account(account.uid, account.gid, capability)
    raise SettingsError(
        f"MISSION_CONTROL_HOME: PostgreSQL runs as uid {account.uid}, which cannot enter {needed[0]} or {needed[-1]}; "
        "move the clone and its home to folders that others may enter, or run as an ordinary user"
    )


def give(account: Account, path: Path) -> None:
    """Makes it the account's own. Raises SettingsError where root is not allowed to."""
    try:
        os.chown(path, account.uid, account.gid)
    except PermissionError:
        raise SettingsError(BOUND) from None


def let_pass(account: Account, folder: Path) -> None:
    """The account's group may pass through, not look around. What is inside has modes of its own."""
    try:
        os.chown(folder, -1, account.gid)
        folder.chmod(0o710)
    except PermissionError:
        raise SettingsError(BOUND) from None


def reaches(account: Account, needed: Sequence[Path]) -> bool:
    """Asked of the system itself, by a process of that account: modes, groups, ACLs and mounts all count."""
    test = 'for path; do test -r "$path" || exit 1; done'
    argv = ["/bin/sh", "-c", test, "sh", *map(str, needed)]
    who: dict[str, Any] = {"user": account.uid, "group": account.gid, "extra_groups": []}
    try:
        answer = subprocess.run(argv, cwd="/", check=False, stdin=subprocess.DEVNULL, **who)  # noqa: S603 — a fixed text
    except PermissionError:
        raise SettingsError(BOUND) from None
    return answer.returncode == 0


def permitted_capabilities() -> int:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines() if ":" in line)
    return int(lines.get("CapPrm", "0").strip(), 16)
