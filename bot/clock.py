"""The time as features and people see it; leases and time-outs use the monotonic clock instead."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Gives the present instant, aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """The demo's clock: runs like the system's, and can be moved forward.

    How far it is ahead is kept in a file, so that after a restart nothing that has happened lies in the future.
    """

    def __init__(self, kept_in: Path | None = None) -> None:
        self._kept_in = kept_in
        self._ahead = _find_kept(kept_in) if kept_in is not None else timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def move(self, by: timedelta) -> None:
        """Go forward; raises ValueError for going back, since what has happened stays."""
        if by < timedelta():
            raise ValueError("the clock only moves forward")
        self._keep(self._ahead + by)

    def reset(self) -> None:
        """Back to the machine's own time, when the demo starts anew."""
        self._keep(timedelta())

    def _keep(self, ahead: timedelta) -> None:
        if self._kept_in is not None:
            self._kept_in.write_text(str(ahead.total_seconds()), "ascii")
        self._ahead = ahead


def _find_kept(path: Path) -> timedelta:
    """How far ahead the clock was; not at all where it never was moved, or the program died while it wrote that."""
    try:
        return timedelta(seconds=float(path.read_text("ascii")))
    except (FileNotFoundError, ValueError):
        return timedelta()


class StillClock:
    """The tests' clock: stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def move(self, by: timedelta) -> None:
        self._at += by
