"""Events and courses.

Note an event that you went to, whom you met there, and one next step. Note a course that you finished, and who gave
it. Goals that are about events or courses move by it. Only you see it.
"""

from cogs.steps.commands import steps as feature

__all__ = ["feature"]
