"""Becomes a program after tying it to its parent's life and, where asked, to another account.

Started as `python -I launch.py OPTIONS PROGRAM ARGUMENT…`; OPTIONS is the JSON that `child.launch_argv` writes.
A file of its own, with nothing but the standard library, because it runs between fork and exec of every child.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 28, 47, 2
NO_SETUID_FIXUP = 1 << 2
CAPABILITY_VERSION_3 = 0x20080522


def prctl(*arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(*(ctypes.c_ulong(value) for value in (*arguments, *[0] * (5 - len(arguments))))) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"prctl{arguments}: {os.strerror(error)}")


def become(uid: int, gid: int, capability: int | None) -> None:
    """Gives up root for good, all but the one capability (a number of linux/capability.h)."""
    if capability is not None:
        # access(2), with which PostgreSQL looks for its own programs, ignores capabilities unless this bit is set.
        prctl(PR_SET_SECUREBITS, NO_SETUID_FIXUP)
        prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if capability is not None:
        keep_only(capability)
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def keep_only(capability: int) -> None:
    """Permitted, effective and inheritable become this one capability, so that it can be made ambient."""
    low, high = (1 << capability) & 0xFFFFFFFF, (1 << capability) >> 32
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(low, low, low, high, high, high)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.capset(header, sets) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"capset: {os.strerror(error)}")


def die_with_parent(signal_number: int, parent: int) -> None:
    """Linux only. Comes after the change of account, which would clear it."""
    if sys.platform != "linux":
        return
    prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:  # it died before we asked
        sys.exit(f"launch: the parent {parent} is gone")


def main() -> None:
    options = json.loads(sys.argv[1])
    os.umask(0o077)
    if options["uid"] is not None:
        become(options["uid"], options["gid"], options["capability"])
    die_with_parent(options["death_signal"], options["parent"])
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 — replacing this process is its purpose


if __name__ == "__main__":
    main()
