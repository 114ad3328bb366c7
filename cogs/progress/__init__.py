"""Progress.

One private page of what you have done: this week and your goals first, then the last weeks, then what came of it. A
quiet week is shown as what it is, and takes nothing away.
"""

from cogs.progress.commands import progress as feature

__all__ = ["feature"]
