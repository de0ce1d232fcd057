"""Work in a process that ends with it."""

from __future__ import annotations

import importlib
import os
import sys

import pytest

from data.errors import SettingsError, Unavailable
from deploy.embedded.child import StartError
from deploy.embedded.subprocess_call import call_in_subprocess

SELDOM = "this"  # a module that nothing else here loads


def load(name: str) -> tuple[int, bool]:
    sys.stdout = None  # type: ignore[assignment] — it prints a poem
    importlib.import_module(name)
    return os.getpid(), name in sys.modules


def refuse() -> None:
    raise Unavailable("PostgreSQL does not answer", retry_after=2)


def die() -> None:
    os._exit(3)


def test_it_answers_and_what_it_loaded_is_not_kept() -> None:
    pid, loaded = call_in_subprocess(load, SELDOM)
    assert (pid != os.getpid(), loaded, SELDOM in sys.modules) == (True, True, False)


def test_what_is_wrong_there_is_wrong_here() -> None:
    with pytest.raises(Unavailable, match="does not answer") as raised:
        call_in_subprocess(refuse)
    assert raised.value.retry_after == 2
    assert not isinstance(raised.value, SettingsError)


def test_a_death_without_a_word_stops_the_start() -> None:
    with pytest.raises(StartError, match="die ended without an answer"):
        call_in_subprocess(die)
