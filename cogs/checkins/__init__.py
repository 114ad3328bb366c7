"""Check-ins.

Once or twice a week your group asks how you are. One tap is enough, words are optional, and what you answer is yours
alone until you choose to share a line of it. Skip one, pause for some weeks, or answer late: nothing breaks.
"""

from cogs.checkins.extensions import checkins as feature

__all__ = ["feature"]
