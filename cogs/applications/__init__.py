"""Applications.

Note where you applied, and what came of it, stage by stage. Only you see it. A list for the employment office, with
dates and history, is one command away.
"""

from cogs.applications import close, export, progress
from cogs.applications.commands import applications as feature

__all__ = ["close", "export", "feature", "progress"]
