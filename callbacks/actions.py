"""What a person presses: done and committed, or refused in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from callbacks.web.api import release, unit
from components.kit import toasts
from data.db import translated
from data.errors import BadInput, Conflict, NotFound, TooMany, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from components.kit.toasts import Toast

USER_ERRORS = (BadInput, Conflict, NotFound, TooMany, Unavailable)

T = TypeVar("T")


def perform(do: Callable[[], T], words: Callable[[T], str]) -> tuple[Toast, T | None]:
    """Do what was pressed, and commit it. The toast says what was done, or why nothing was; the answer is what `do`
    gave, None when nothing was done."""
    try:
        with translated():
            answer = do()
        release()
    except USER_ERRORS as error:
        unit().rollback()
        return toasts.refused(error.detail), None
    except ValidationError as error:
        unit().rollback()
        return toasts.refused(first_fault(error)), None
    return toasts.done(words(answer)), answer


def first_fault(error: ValidationError) -> str:
    found = error.errors()[0]
    where, why = ".".join(map(str, found["loc"])), found["msg"].removeprefix("Value error, ")
    return f"{where.replace('_', ' ')}: {why}" if where else why
