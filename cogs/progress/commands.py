"""The private page of one's progress: what every feature has to show of it, what was done before what came of it."""

from collections.abc import Sequence
from typing import Final

from bot.acts import Needs
from bot.call import Call
from bot.cards import (
    Actions,
    Button,
    Card,
    Chart,
    Divider,
    Element,
    Fields,
    Heading,
    Note,
    Progress,
    Row,
    Style,
    Table,
    Text,
    Typed,
    plain,
    say,
)
from bot.feature import Feature

progress = Feature("progress", "See what you have done, for yourself alone.")

FIRST_STEPS: Final = ("goal set", "application log", "rejection log")
"""The first of these that there is."""
PARTS: Final = 30
"""Of a page, as Discord counts them; it takes 40, and the page has a title and buttons of its own."""
LETTERS: Final = 1900
"""Of a page. Discord takes 4000, and where people wrote nothing but marks each of them is two."""


@progress.command("progress", needs=Needs(reads=True))
async def show(call: Call) -> Card:
    """See your progress.

    Only you see it. What you did comes first, then what came of it.
    """
    return await _page(call, 1)


@progress.action(needs=Needs(reads=True))
async def page(call: Call, number: int) -> Card:
    return await _page(call, number)


async def _page(call: Call, number: int) -> Card:
    sections = [await section(call) for section in call.extensions.progress_in_order]
    pages = _pages([section for section in sections if section])
    if not pages:
        return Card(_nothing_yet(call), title=say("Your progress"))
    number = min(max(number, 1), len(pages))
    return Card((*pages[number - 1], *_turn(number, len(pages))), title=say("Your progress"))


def _pages(sections: Sequence[Sequence[Element]]) -> list[list[Element]]:
    """As many sections on a page as fit a message on every platform; one is never divided."""
    pages: list[list[Element]] = []
    for section in sections:
        longer = [*pages[-1], Divider(), *section] if pages else []
        if pages and sum(map(_parts, longer)) <= PARTS and sum(map(_letters, longer)) <= LETTERS:
            pages[-1] = longer
        else:
            pages.append([*section])
    return pages


def _parts(element: Element) -> int:
    match element:
        case Row():
            return 3
        case Actions(items):
            return 2 * len(items)
        case Chart():
            return 2
        case _:
            return 1


def _letters(element: Element) -> int:
    match element:
        case Heading(words) | Text(words) | Note(words) | Row(words):
            return len(plain(words))
        case Progress(label):
            return len(plain(label)) + 40
        case Fields(items):
            return sum(len(label) + len(plain(value)) + 10 for label, value in items)
        case Table(caption, headers, rows):
            longest = [
                max(map(len, column)) + 2 for column in zip(headers, *(map(plain, row) for row in rows), strict=True)
            ]
            return len(caption) + sum(longest) * (len(rows) + 2)
        case Chart(title, categories, series, alt):
            width = max(map(len, categories), default=0) + sum(len(each.name) + 2 for each in series)
            return len(title) + len(plain(alt)) + width * (len(categories) + 2)
        case Divider() | Actions():
            return 0


def _turn(number: int, last: int) -> tuple[Element, ...]:
    back = (page.button("Back", Style.PLAIN, number - 1),) if number > 1 else ()
    on = (page.button("More of it", Style.PLAIN, number + 1),) if number < last else ()
    buttons: tuple[Button, ...] = (*back, *on)
    return (Actions(buttons),) if buttons else ()


def _nothing_yet(call: Call) -> tuple[Element, ...]:
    kind = say("This page fills with what you do, one small thing at a time. Nothing here counts against you.")
    first = next((words for words in FIRST_STEPS if words in call.catalogue), None)
    step = (Text(say("A first step: {command}", command=Typed(first))),) if first else ()
    return (Text(kind), *step)
