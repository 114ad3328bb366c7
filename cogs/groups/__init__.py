"""Groups.

A few people who look for work at the same time, with a private place of their own and somebody who leads it. See which
groups there are, come in or ask to, and leave whenever you like. Who is in a group is seen by its members and by those
who look after it.
"""

from cogs.groups import closed, find, setup, who
from cogs.groups.commands import groups as feature

__all__ = ["closed", "feature", "find", "setup", "who"]
