"""My data.

See what is kept about you, take it with you in one archive, or delete all of it.
"""

from cogs.mydata.commands import mydata as feature

__all__ = ["feature"]
