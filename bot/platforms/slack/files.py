"""Files on Slack: never private to a conversation, so they go to the direct messages, and leave again."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import Actions, Button, Card, Element, File, Note, Text, Tone, Words, say
from bot.pack import pack
from bot.platforms.base import Arrival, Desk
from bot.platforms.slack.limits import TooLarge
from bot.platforms.slack.outgoing import Direct, NotSentError, Outgoing

log = logging.getLogger(__name__)

KEPT_HOURS: Final = 24
_WITHDRAW: Final = "withdraw"
"""The machine's own action that takes a post back."""


async def hand_over(
    card: Card, *, arrival: Arrival, team: str, desk: Desk, outgoing: Outgoing, client: AsyncWebClient
) -> Card:
    """Sends a card's files to the member's direct messages, and gives the card without them, saying so."""
    notes: list[Words] = []
    for file in card.files:
        try:
            await _send(file, arrival=arrival, team=team, desk=desk, outgoing=outgoing, client=client)
            notes.append(say("{name} is in your direct messages with me.", name=file.name))
        except (NotSentError, TooLarge) as refused:
            log.warning("a file could not be sent", extra={"fields": {"code": str(refused)}})
            notes.append(say("I could not send {name}. Please try again in a few minutes.", name=file.name))
    return replace(card, files=(), body=_with_notes(card.body, notes))


async def _send(
    file: File, *, arrival: Arrival, team: str, desk: Desk, outgoing: Outgoing, client: AsyncWebClient
) -> None:
    channel, file_id = await outgoing.upload(client, arrival.user, file, words=file.description)
    destination = f"slack:{team}:{channel}"
    post = await desk.posted(arrival, destination=destination, message=file_id, job=_WITHDRAW, hours=KEPT_HOURS)
    stays = "{name} stays in this workspace until it is removed, and its admins may be able to see it."
    body: list[Element] = [Text(say(stays, name=file.name))]
    if post is None:
        body.append(Note(say("I cannot remove it for you. Delete it here once you have saved it.")))
    else:
        body.append(Note(say("Save it now: I remove it after {hours} hours.", hours=KEPT_HOURS)))
        body.append(Actions((Button("Remove the file now", pack(_WITHDRAW, [post])),)))
    await outgoing.show(client, team, Direct(arrival.user), Card(tuple(body), tone=Tone.WARN))


def _with_notes(body: Sequence[Element], notes: Sequence[Words]) -> tuple[Element, ...]:
    """The notes above the last row of buttons."""
    last = len(body) - 1 if body and isinstance(body[-1], Actions) else len(body)
    return (*body[:last], *map(Note, notes), *body[last:])
