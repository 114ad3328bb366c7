"""Settings.

Your time, your quiet hours, your country, what I keep, and whether I may write to you first. Each can be changed on
the card, and undone there.
"""

from cogs.settings.commands import settings as feature

__all__ = ["feature"]
