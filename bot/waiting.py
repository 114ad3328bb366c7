"""Waiting for so long, and no longer than it makes sense."""

import asyncio


async def pause(seconds: float, *, unless: asyncio.Event) -> None:
    """Until the event is set, for `seconds` at most."""
    try:
        async with asyncio.timeout(seconds):
            await unless.wait()
    except TimeoutError:
        pass
