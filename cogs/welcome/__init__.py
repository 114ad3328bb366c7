"""Welcome.

Before the first entry you choose what is kept, what time it is for you, and, if you like, what you are looking for.
What you had asked for then goes on.
"""

from cogs.welcome.commands import welcome as feature

__all__ = ["feature"]
