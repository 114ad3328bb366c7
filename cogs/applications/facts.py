"""How an application reads: what is known of it, and its history, on a card or in a list to take along."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.cards import Element, Fields, Note, Table, Words, say, say_n
from cogs.applications.tables import Application, Move, Stage

SHOWN: Final = 8
"""As many steps as a card shows; the export has them all."""
HEARD: Final[Mapping[Stage, str]] = {
    Stage.OFFER: "An offer. It is yours to weigh now, at your own pace.",
    Stage.REJECTED: "It is closed as a rejection. The work that you put into it stays yours.",
    Stage.WITHDRAWN: "It is closed because you withdrew. That was yours to decide.",
    Stage.GHOSTED: "It is closed without a reply. That is counted apart from rejections.",
}


def facts(entry: Application, moves: Sequence[Move]) -> Sequence[Element]:
    """What is known of it, and once it has moved on, its last steps."""
    rows: dict[str, str | None] = {
        "Role": entry.role,
        "Found": entry.found,
        "How": entry.method.label if entry.method else None,
        "Contact": entry.contact,
        "Notes": entry.notes,
    }
    status = ("Status", say("{stage}", stage=entry.stage.label))
    applied = ("Applied", say("{day}", day=entry.applied_on))
    known = Fields((status, applied, *((label, say("{value}", value=value)) for label, value in rows.items() if value)))
    return (known, *(_history(moves) if len(moves) > 1 else ()))


def step(move: Move) -> str:
    """What a step of its history is called."""
    return move.stage.label if move.is_news else "Nothing new yet"


def told(move: Move) -> Words:
    """What is said when a step was noted."""
    if not move.is_news:
        return say("Nothing new yet: noted. I ask again after three more weeks.")
    return Words(HEARD.get(move.stage, "It is now here: {stage}."), {"stage": move.stage.label})


def _history(moves: Sequence[Move]) -> Sequence[Element]:
    rows: list[tuple[Words, ...]] = [
        (say("{step}", step=step(each)), say("{day}", day=each.happened_on)) for each in moves[-SHOWN:]
    ]
    earlier = len(moves) - len(rows)
    words = say_n(earlier, "One earlier step is in the export.", "{n} earlier steps are in the export.")
    return (Table("What happened", ("Step", "Day"), tuple(rows)), *((Note(words),) if earlier else ()))
