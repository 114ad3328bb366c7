"""Looks at what a person wrote before anything comes of it, and shows its author alone what a feature has to say.

It knows neither what the act does nor what became of it: a match keeps nothing, tells nobody, is written into no log,
and leaves the answer as it is. It only comes first.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

from bot.cards import Divider, Element
from bot.extensions import Screen
from bot.logs import new_reference
from bot.platforms.base import Answer

logger = logging.getLogger(__name__)


def screened(screens: Sequence[Screen], texts: Sequence[str]) -> tuple[Element, ...]:
    """What comes before the answer; mostly nothing. Never raises: a broken screen costs nobody their answer."""
    if not texts:
        return ()
    try:
        shown = [card for card in (screen(texts) for screen in screens) if card is not None]
    except Exception as error:  # noqa: BLE001 - as the docstring says
        # Only the kind of error: what it says of itself may quote the text.
        logger.error("not screened", extra={"fields": {  # noqa: TRY400 - as above
            "reference": new_reference(), "error": type(error).__name__,
        }})  # fmt: skip
        return ()
    return tuple(part for card in shown for part in (*card.body, Divider()))


def after(first: tuple[Element, ...], answer: Answer) -> Answer:
    """The answer with these elements before it, also once the work that goes on has replaced its card.

    A form shows no card; what is in it comes by here again when it is sent.
    """
    if not first or answer.card is None:
        return answer
    then = answer.then
    card = replace(answer.card, body=(*first, *answer.card.body))
    return replace(answer, card=card, then=None if then is None else partial(_later, first, then))


async def _later(first: tuple[Element, ...], then: Callable[[], Awaitable[Answer]]) -> Answer:
    return after(first, await then())
