"""Goals.

Say what you set out to do, in your own words: what, how many, and how often or by when. Weeks begin on Monday where you
are. What you log elsewhere counts by itself, the rest with one press. A goal may rest; its strength bends with what was
left out, comes back with what is done, and never breaks. Only you see it.
"""

from cogs.goals.extensions import goals as feature

__all__ = ["feature"]
