"""All features together, as the machine looks things up in them; the loader puts them together."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.acts import Act, Job
from bot.catalogue import Catalogue
from bot.extensions import Extensions
from bot.feature import Feature
from bot.platforms.base import Offer
from bot.turn import Expand


@dataclass(frozen=True, slots=True)
class Features:
    """All features together, looked up by key and by words."""

    features: tuple[Feature, ...]
    acts: Mapping[str, Act[...]]
    """By key, former keys too."""
    jobs: Mapping[str, Job[...]]
    schedules: Mapping[str, Expand]
    """By kind."""
    catalogue: Catalogue
    offers: tuple[Offer, ...]
    extensions: Extensions

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that a button, a draft, a stored job or a schedule may carry, sorted."""
        return tuple(sorted({*self.acts, *self.jobs, *self.schedules}))
