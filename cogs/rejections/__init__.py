"""Rejections.

Write down a no in twenty seconds: where it came from, how far you got, how it felt. Only you see it. Each entry can
be changed, taken back and put back. When you are ready, ask for feedback with an e-mail that is drafted for you, or
look back with a few questions. A lesson that you add is shown to you again when the next no comes.
"""

from cogs.rejections import feedback, reflect
from cogs.rejections.extensions import rejections as feature

__all__ = ["feature", "feedback", "reflect"]
