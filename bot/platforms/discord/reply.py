"""Answers one interaction: in time, once, in place where that is asked, and without pinging anybody."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import discord

from bot.cards import Actions, Button, Card, Note, Style, Text, Tone, say
from bot.logs import new_reference
from bot.pack import without_mark
from bot.platforms.base import Answer, Form, Request
from bot.platforms.discord import draw, forms
from bot.platforms.discord.limits import TooLarge
from bot.platforms.discord.pictures import pictures
from bot.platforms.discord.reading import on_own_message

logger = logging.getLogger(__name__)

ALREADY_ACKNOWLEDGED: Final = 40060
TOO_LATE: Final = frozenset({10015, 10062, 50027})
"""Unknown webhook, unknown interaction, invalid webhook token: the 3 seconds or the 15 minutes are over."""
BAD_REQUEST: Final = 400

Sent = TypeVar("Sent")
Edit = Callable[[draw.Message], Awaitable[None]]


class Reply:
    """The way back to one person's press, command or form."""

    def __init__(self, interaction: discord.Interaction, asked: Request | None) -> None:
        self._interaction = interaction
        self._asked = asked
        self._in_private = on_own_message(interaction)
        self._deferred = False

    async def give(self, work: Awaitable[Answer], *, defer_after: float) -> None:
        """Shows what the work gives; says that it is on its way where that takes longer than `defer_after` seconds."""
        deferring: list[asyncio.Task[None]] = []

        def defer() -> None:
            deferring.append(asyncio.create_task(self._defer()))

        # The work itself is no task of its own: nearly always it is done long before the timer.
        timer = asyncio.get_running_loop().call_later(defer_after, defer)
        try:
            answer = await _with_pictures(work)
        except BaseException:
            for each in deferring:
                each.cancel()
            raise
        finally:
            timer.cancel()
        for each in deferring:
            await each
        await self.show(answer)

    async def show(self, answer: Answer) -> None:
        """Shows a form or a card, and afterwards what goes on after it."""
        if answer.form is not None:
            answer = await self._open(answer.form)
        if answer.card is None:
            return
        edit = await self._send(answer.card, replace=answer.replace)
        if answer.then is not None:
            later = await answer.then()
            if later.card is not None:
                await self._edit(edit, later.card)

    async def _open(self, form: Form) -> Answer:
        """Opens the form; gives a card instead where Discord no longer takes one."""
        if self._deferred or self._interaction.type is discord.InteractionType.modal_submit:
            return Answer(_form_by_button(form, self._asked))
        try:
            forms.payload(form)
        except TooLarge as error:
            logger.error("does not fit", extra={"fields": {"limit": str(error)}})  # noqa: TRY400 - the limit says it all
            return Answer(_does_not_fit())
        await self._acknowledge(lambda: self._interaction.response.send_modal(forms.modal(form)))
        return Answer()

    async def _send(self, card: Card, *, replace: bool) -> Edit:
        drawn = await _drawn(card)
        try:
            return await self._deliver(drawn, replace=replace)
        except discord.HTTPException as error:
            if error.status != BAD_REQUEST or error.code in TOO_LATE:
                raise
            # Our own limits let it through and Discord did not: the person still hears that it was done.
            logger.error("refused by Discord", extra={"fields": {"code": error.code}})  # noqa: TRY400 - its text quotes
            return await self._deliver(draw.message(_does_not_fit()), replace=replace)

    async def _deliver(self, drawn: draw.Message, *, replace: bool) -> Edit:
        interaction = self._interaction
        replace = replace and self._in_private
        if not self._deferred:
            await self._acknowledge(lambda: _first(interaction, drawn, replace=replace))
            return self._edit_original
        if replace or (drawn.private and not self._in_private):
            await self._edit_original(drawn)
            return self._edit_original
        if not self._in_private:
            # What was promised privately cannot become public: the promise goes, a new message comes.
            await interaction.delete_original_response()

        async def send() -> discord.WebhookMessage:
            return await interaction.followup.send(
                view=drawn.view(),
                files=drawn.uploads(),
                ephemeral=drawn.private,
                allowed_mentions=drawn.mentions,
                wait=True,
            )

        # A second drawing does no harm where one person sees it; a public one is never risked.
        sent = await (_again_if_lost(send) if drawn.private else send())

        async def edit(later: draw.Message) -> None:
            await _again_if_lost(
                lambda: sent.edit(view=later.view(), attachments=later.uploads(), allowed_mentions=later.mentions)
            )

        return edit

    async def _edit(self, edit: Edit, card: Card) -> None:
        await edit(await _drawn(card))

    async def _edit_original(self, drawn: draw.Message) -> None:
        await _again_if_lost(
            lambda: self._interaction.edit_original_response(
                view=drawn.view(), attachments=drawn.uploads(), allowed_mentions=drawn.mentions
            )
        )

    async def _defer(self) -> None:
        # From a private message of ours nothing is announced: the answer may take its place.
        thinking = not self._in_private
        self._deferred = True
        await self._acknowledge(lambda: self._interaction.response.defer(ephemeral=True, thinking=thinking))

    async def _acknowledge(self, send: Callable[[], Awaitable[object]]) -> None:
        """The first answer. Discord takes one: after a lost connection, "already acknowledged" means that it came."""
        await _again_if_lost(lambda: self._once(send))

    async def _once(self, send: Callable[[], Awaitable[object]]) -> None:
        try:
            await send()
        except discord.HTTPException as error:
            # discord.py retries a 500 by itself, and the first try may have worked.
            if error.code != ALREADY_ACKNOWLEDGED:
                raise


async def _again_if_lost(send: Callable[[], Awaitable[Sent]]) -> Sent:
    """Sends once more after a connection that broke. The first may have come, so only what may come twice."""
    try:
        return await send()
    except discord.DiscordException:
        raise
    except Exception:  # noqa: BLE001 - whatever the connection broke with
        return await send()


async def _first(interaction: discord.Interaction, drawn: draw.Message, *, replace: bool) -> None:
    if replace:
        await interaction.response.edit_message(
            view=drawn.view(), attachments=drawn.uploads(), allowed_mentions=drawn.mentions
        )
    else:
        await interaction.response.send_message(
            view=drawn.view(), files=drawn.uploads(), ephemeral=drawn.private, allowed_mentions=drawn.mentions
        )


async def _with_pictures(work: Awaitable[Answer]) -> Answer:
    """The answer once the pictures of its card are made, which takes its time too; they are kept for the drawing."""
    answer = await work
    if answer.card is not None:
        await pictures(answer.card)
    return answer


async def _drawn(card: Card) -> draw.Message:
    try:
        return draw.message(card, await pictures(card))
    except TooLarge as error:
        logger.error("does not fit", extra={"fields": {"limit": str(error)}})  # noqa: TRY400 - the limit says it all
        return draw.message(_does_not_fit())


def _does_not_fit() -> Card:
    reference = new_reference()
    logger.error("not shown", extra={"fields": {"reference": reference}})
    return Card(
        (
            Text(say("What you asked was done, but the answer does not fit into a message here.")),
            Note(say("Tell the host this reference: `{reference}`", reference=reference)),
        ),
        tone=Tone.WARN,
    )


def _form_by_button(form: Form, asked: Request | None) -> Card:
    """A form opens only as the first answer, within Discord's 3 seconds, and never from another form."""
    again = Actions((Button("Open the form", without_mark(form.packed), Style.PRIMARY),))
    typed = bool(asked and asked.values)
    lost = (Note(say("What you typed has to be typed again.")),) if typed else ()
    return Card((Text(say("The form could not open by itself. Open it here.")), *lost, again), tone=Tone.WARN)
