"""Support.

People to talk to when it is heavy: lines for your country, a way to steady yourself, words to send to one person.
The button is on every private answer. Nobody is told that you opened it, and nothing about it is kept.
"""

from cogs.support.commands import support as feature

__all__ = ["feature"]
