"""Help.

All that you can ask for, with an example of each. `help` with a command's words shows what it asks.
"""

from cogs.help.commands import helping as feature

__all__ = ["feature"]
