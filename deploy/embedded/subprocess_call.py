"""Work in a process that ends with it: what it loads is not kept by the supervisor, which lives for weeks."""

from __future__ import annotations

from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from data.errors import MissionControlError
from deploy.embedded.child import StartError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

P = ParamSpec("P")
T = TypeVar("T")


def call_in_subprocess(work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """What `work` returns, which must be picklable. Raises the MissionControlError that it raises, and StartError when
    it ends without a word. The caller has one thread, so that forking is safe."""
    context = get_context("fork")
    said, child = context.Pipe(duplex=False)
    process = context.Process(target=_tell, args=(child, work, args, named))
    process.start()
    child.close()
    try:
        answer, failure = said.recv()
    except EOFError:
        raise StartError(f"{work.__name__} ended without an answer") from None
    finally:
        process.join()
        said.close()
    if failure:
        raise failure
    found: T = answer
    return found


def _tell(said: Connection, work: Callable[..., Any], args: Any, named: Any) -> None:  # noqa: ANN401 — any work's own
    try:
        said.send((work(*args, **named), None))
    except MissionControlError as error:
        said.send((None, error))
