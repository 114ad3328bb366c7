"""All that people can ask for, as help pages, docs and platforms list it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.cards import Typed
from bot.options import Field
from db.members import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One command in the list of all."""

    words: str
    """As it is typed, without a platform's prefix: `rejection log`."""
    summary: str
    details: str
    fields: tuple[Field, ...]
    role: Role
    feature: str
    feature_summary: str

    @property
    def example(self) -> Typed:
        """The command with the examples of its fields filled in; each platform spells it in its own way."""
        shown = {field.name: field.ask.example for field in self.fields if field.ask.example}
        return Typed(self.words, shown)


Catalogue = Mapping[str, Entry]
"""Command words -> entry, in the order features are listed."""
