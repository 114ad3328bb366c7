"""Lessons.

What you learned, on four checklists: resume, cover letter, interview, and everything else. Only you see them. Tick a
line off when it is done, change it, or take it back. A lesson from a rejection goes on a list with one press.
"""

from cogs.lessons.commands import lessons as feature

__all__ = ["feature"]
