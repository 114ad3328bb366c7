"""How long to wait before something that failed is tried again."""

from collections.abc import Callable
from typing import Final

_DOUBLINGS: Final = 16
"""Far beyond any longest wait, and far below what a float takes."""


def full_jitter(failures: int, *, first: float, longest: float, fraction: Callable[[], float]) -> float:
    """Seconds after so many failures: a random part of a longest wait that doubles each time.

    So what fails together does not come back together. `fraction` gives the part, from 0 to 1.
    """
    return fraction() * min(longest, first * 2.0 ** min(failures - 1, _DOUBLINGS))
