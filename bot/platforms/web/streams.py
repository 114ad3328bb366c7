"""The open pages: who listens, and what each of them is still to be told."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

QUEUED_EVENTS: Final = 3000
"""More than a whole page has messages: a browser that is so far behind has stopped reading."""

Event = Mapping[str, Any]
"""One thing that a page shows: a message, the clock's new time, the tour, or that it should load itself anew."""

Queue = asyncio.Queue[Event | None]
"""What one page is still to be told; None is the end."""


class Streams:
    """By persona, because one person may have the page open more than once."""

    def __init__(self) -> None:
        self._open: dict[str, set[Queue]] = {}

    def listens(self, slug: str) -> bool:
        return bool(self._open.get(slug))

    @contextmanager
    def opened(self, slug: str, queue: Queue) -> Iterator[None]:
        """The queue hears what the persona is told until the end of the block."""
        queues = self._open.setdefault(slug, set())
        queues.add(queue)
        try:
            yield
        finally:
            queues.discard(queue)

    def tell(self, slug: str, event: Event) -> None:
        for queue in tuple(self._open.get(slug, ())):
            offer(queue, event)

    def end(self) -> None:
        for queue in [each for queues in self._open.values() for each in queues]:
            offer(queue, None)


def offer(queue: Queue, event: Event | None) -> None:
    """Puts it in; a page that has stopped reading is cut off instead, and catches up when it comes back."""
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        event = None
    queue.put_nowait(event)
