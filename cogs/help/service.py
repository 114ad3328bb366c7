"""Which commands a member may see, and which ones fit what was typed."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import groupby

from bot.catalogue import Catalogue, Entry
from db.members import Role


def find_allowed(catalogue: Catalogue, *, role: Role) -> Mapping[str, Entry]:
    """The commands a role may use, in the catalogue's order."""
    return {words: entry for words, entry in catalogue.items() if entry.role <= role}


def find_groups(catalogue: Catalogue, *, role: Role) -> Sequence[Sequence[Entry]]:
    """The same by feature."""
    allowed = find_allowed(catalogue, role=role).values()
    return [tuple(entries) for _, entries in groupby(allowed, key=lambda entry: entry.feature)]


def find_near(catalogue: Catalogue, *, typed: str, role: Role, limit: int) -> Sequence[Entry]:
    """What fits the typed words: the command itself alone, else all that hold them, else what is spelt alike."""
    allowed = find_allowed(catalogue, role=role)
    wanted = " ".join(typed.casefold().removeprefix("/").split())
    if wanted in allowed:
        return (allowed[wanted],)
    holding = [words for words in allowed if wanted in words]
    return [allowed[words] for words in (holding or get_close_matches(wanted, allowed, n=limit, cutoff=0.5))[:limit]]
