"""A time limit that costs nothing while it is kept.

`asyncio.timeout` takes 5 µs of a request's 95. Here all who wait stand in one line, the longest
waiting first, and one timer looks at its head.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


class Patience:
    """Waits for things, each for at most `seconds`; one for a process and its event loop."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waiting: dict[asyncio.Task[object], float] = {}
        self._overdue: set[asyncio.Task[object]] = set()
        self._timer: asyncio.TimerHandle | None = None

    async def wait_for(self, awaited: Awaitable[T]) -> T:
        """Raises TimeoutError when it takes too long. A task waits for one thing at a time."""
        task = asyncio.current_task()
        assert task is not None, "a coroutine runs in a task"  # noqa: S101
        loop = asyncio.get_running_loop()
        self._waiting[task] = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._look, loop)
        try:
            return await awaited
        except asyncio.CancelledError:
            if task in self._overdue and not task.uncancel():
                raise TimeoutError from None
            raise
        finally:
            self._waiting.pop(task, None)
            self._overdue.discard(task)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wake up those who waited too long, and look again when the next one will have."""
        self._timer = None
        for task, end in list(self._waiting.items()):
            if end > loop.time():
                self._timer = loop.call_at(end, self._look, loop)
                break
            del self._waiting[task]
            self._overdue.add(task)
            task.cancel()
