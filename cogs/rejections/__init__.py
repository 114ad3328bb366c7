"""Rejections.

Write down a no in twenty seconds: where it came from, how far you got, how it felt. Only you see it. Each entry can
be changed, taken back and put back. A lesson that you add is shown to you again when the next no comes.
"""

from cogs.rejections.commands import rejections as feature

__all__ = ["feature"]
