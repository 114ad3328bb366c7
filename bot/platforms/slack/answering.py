"""From an event to its answer: asks the desk, and shows what it says where Slack lets it be seen.

In this order:
1. A form opens at once, with the trigger of the event, which Slack takes for 3 seconds and once.
2. A card goes where its event came from: the conversation (`response_url`), the modal, App Home's direct message.
3. Where that is no longer possible (30 minutes, 5 uses, a closed modal), it goes to the direct messages.
Slack is acknowledged with the answer, or without it as soon as `defer_after` has passed: the work then goes on.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import failure
from bot.cards import Actions, Button, Card, Style, Text, say
from bot.clock import Clock
from bot.logs import new_reference
from bot.platforms.base import Answer, Arrival, Capabilities, Desk, Form, Request
from bot.platforms.slack.commands import read_command
from bot.platforms.slack.draw import NAME, home, message, page, plain_text, rich_text
from bot.platforms.slack.files import hand_over
from bot.platforms.slack.forms import in_fields, modal
from bot.platforms.slack.incoming import Event, HomeOpened, Pressed, Shortcut, Submitted, Typed
from bot.platforms.slack.limits import Json, TooLarge
from bot.platforms.slack.outgoing import Destination, Direct, NewView, NotSentError, Outgoing, Reply, View
from bot.platforms.slack.people import People
from bot.platforms.slack.words import Spelling

log = logging.getLogger(__name__)

CAPABILITIES: Final = Capabilities(field_errors=True, private_files=False)
SETTLE_SECONDS: Final = 0.5
"""How long Slack may need to draw what an acknowledgement says, before it is drawn over."""
FORMS_KEPT: Final = 200


class _Deadline:
    """Whether Slack was already acknowledged without the answer, and since when."""

    def __init__(self, settle_seconds: float) -> None:
        self._settle_seconds = settle_seconds
        self._passed_at: float | None = None

    @property
    def passed(self) -> bool:
        return self._passed_at is not None

    def passes(self) -> None:
        self._passed_at = asyncio.get_running_loop().time()

    async def settled(self) -> None:
        if self._passed_at is not None:
            await asyncio.sleep(self._passed_at + self._settle_seconds - asyncio.get_running_loop().time())


@dataclass(frozen=True, slots=True)
class _Turn:
    """One event on its way to its answer."""

    event: Event
    client: AsyncWebClient
    arrival: Arrival
    deadline: _Deadline


class Answering:
    """Answers events, each in a task of its own that outlives the acknowledgement. Never raises."""

    def __init__(
        self,
        desk: Desk,
        *,
        clock: Clock,
        outgoing: Outgoing,
        people: People,
        spelling: Spelling,
        defer_after: float,
        settle_seconds: float,
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._outgoing = outgoing
        self._people = people
        self._spelling = spelling
        self._defer_after = defer_after
        self._settle_seconds = settle_seconds
        self._work: set[asyncio.Task[BoltResponse]] = set()
        self._forms: OrderedDict[tuple[str, str, str], Form] = OrderedDict()

    async def respond(self, event: Event, client: AsyncWebClient) -> BoltResponse:
        """What Slack gets as acknowledgement, within `defer_after` seconds."""
        deadline = _Deadline(self._settle_seconds)
        work = self._start(self._answer(event, client, deadline))
        done, _ = await asyncio.wait({work}, timeout=self._defer_after)
        if done:
            return work.result()
        deadline.passes()
        return _instead(_working()) if isinstance(event.did, Submitted) else _acknowledged()

    async def idle(self) -> None:
        """Waits until no work is in hand."""
        while self._work:
            await asyncio.wait(self._work)

    async def finish(self, *, seconds: float) -> None:
        """Lets work in hand finish, and ends what takes longer."""
        try:
            async with asyncio.timeout(seconds):
                await self.idle()
        except TimeoutError:
            for task in self._work:
                task.cancel()
            await asyncio.gather(*self._work, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, BoltResponse]) -> asyncio.Task[BoltResponse]:
        task = asyncio.create_task(_safely(work))
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return task

    async def _answer(self, event: Event, client: AsyncWebClient, deadline: _Deadline) -> BoltResponse:
        if isinstance(event.did, HomeOpened):
            await self._draw_home(await self._turn(event, client, deadline))
            return _acknowledged()
        asked = self._request(event)
        if asked is None:
            return _acknowledged()
        turn = await self._turn(event, client, deadline, needs_role=self._desk.needs_role(asked.packed))
        answer = await self._desk.answer(turn.arrival, asked)
        if answer.form is not None:
            try:
                return await self._form(turn, answer.form)
            except TooLarge as refused:
                answer = Answer(_failed(refused))
        if answer.card is None:
            return _acknowledged()
        if isinstance(event.did, Submitted):
            return await self._after_submit(turn, answer, answer.card)
        shown = await self._show(turn, self._destinations(event, replace=answer.replace), answer.card)
        self._go_on(turn, shown, answer.then)
        if event.in_home:
            await self._draw_home(turn)
        return _acknowledged()

    def _request(self, event: Event) -> Request | None:
        match event.did:
            case Typed(text):
                return read_command(self._desk, text)
            case Pressed(str(packed)):
                return Request(packed)
            case Submitted(packed, values):
                return Request(packed, values, submitted=True)
            case Shortcut(key):
                return Request(key)
            case _:
                return None

    async def _turn(
        self, event: Event, client: AsyncWebClient, deadline: _Deadline, *, needs_role: bool = False
    ) -> _Turn:
        profile = await self._people.find(client, tenant=event.tenant, user=event.user, fresh=needs_role)
        arrival = Arrival(
            id=event.id,
            platform="slack",
            tenant=event.tenant,
            user=event.user,
            name=profile.name or event.name,
            channel=event.origin.channel,
            direct=event.direct,
            destination=f"slack:{event.team}:{event.origin.channel}" if event.origin.channel else "",
            community=event.team,
            is_admin=profile.is_admin,
            zone=profile.zone,
            capabilities=CAPABILITIES,
            on_own_message=event.origin.own,
        )
        return _Turn(event, client, arrival, deadline)

    def _destinations(self, event: Event, *, replace: bool) -> Sequence[Destination]:
        direct = Direct(event.user)
        origin = event.origin
        if isinstance(event.did, Shortcut):
            return NewView(event.trigger, on_top=False), direct
        if origin.view:
            new = () if replace else (NewView(event.trigger, on_top=True),)
            return *new, View(origin.view), direct
        return (Reply(origin.response_url, replace), direct) if origin.response_url else (direct,)

    async def _form(self, turn: _Turn, form: Form) -> BoltResponse:
        event = turn.event
        form = self._as_it_was(event, form)
        today = self._clock.now().astimezone(ZoneInfo(turn.arrival.zone or "UTC")).date()
        view = modal(form, today=today, spelling=self._spelling, origin=event.origin)
        if isinstance(event.did, Submitted):
            if turn.deadline.passed:
                await turn.deadline.settled()
                await self._outgoing.update_view(turn.client, event.view, view)
                return _acknowledged()
            if form.errors and form.packed == event.did.packed:
                return BoltResponse(status=200, body={"response_action": "errors", "errors": in_fields(form)})
            return _instead(view)
        try:
            await self._outgoing.open_form(turn.client, event.trigger, view, on_top=bool(event.origin.view))
        except NotSentError as late:
            log.info("a form could not open", extra={"fields": {"code": late.code}})
            self._forms[event.tenant, event.user, form.packed] = form
            if len(self._forms) > FORMS_KEPT:
                self._forms.popitem(last=False)
            await self._show(turn, self._destinations(event, replace=False), _form_waits(form))
        return _acknowledged()

    def _as_it_was(self, event: Event, form: Form) -> Form:
        """The form with what was typed before it could not open."""
        before = self._forms.pop((event.tenant, event.user, form.packed), None)
        if before is None:
            return form
        values = {field.name: field.value for field in before.fields}
        fields = tuple(replace(field, value=field.value or values.get(field.name)) for field in form.fields)
        return replace(form, fields=fields, errors=form.errors or before.errors)

    async def _after_submit(self, turn: _Turn, answer: Answer, card: Card) -> BoltResponse:
        event, origin = turn.event, turn.event.origin
        card = await self._drawable(turn, card)
        elsewhere: Destination | None = None
        if origin.response_url:
            elsewhere = Reply(origin.response_url, answer.replace)
        elif origin.view and answer.replace:
            elsewhere = View(origin.view)
        if elsewhere is not None:
            try:
                shown = await self._outgoing.show(turn.client, event.team, elsewhere, card)
            except NotSentError as refused:
                log.info("an answer goes to the form", extra={"fields": {"code": refused.code}})
            else:
                self._go_on(turn, shown, answer.then)
                if turn.deadline.passed:
                    await turn.deadline.settled()
                    await self._show(turn, [View(event.view)], card)
                return _acknowledged()
        if answer.then is not None:
            # What is shown as acknowledgement cannot safely be drawn over at once, so the work is waited for.
            card = await self._drawable(turn, (await answer.then()).card or card)
        if turn.deadline.passed:
            await turn.deadline.settled()
            await self._show(turn, [View(event.view), Direct(event.user)], card)
            return _acknowledged()
        return _instead(page(card, spelling=self._spelling))

    def _go_on(self, turn: _Turn, shown: Destination | None, then: Callable[[], Awaitable[Answer]] | None) -> None:
        if then is None:
            return

        async def work() -> BoltResponse:
            card = (await then()).card
            if card is not None:
                places = [shown] if shown is not None else []
                await self._show(turn, [*places, Direct(turn.event.user)], card)
            return _acknowledged()

        # The event is answered without it; `finish` waits for it all the same.
        _ = self._start(work())

    async def _show(self, turn: _Turn, where: Sequence[Destination], card: Card) -> Destination | None:
        """Shows a card in the first place that takes it. None, and a line in the log, where none does."""
        card = await self._drawable(turn, card)
        code = ""
        for place in where:
            try:
                return await self._outgoing.show(turn.client, turn.event.team, place, card)
            except NotSentError as refused:
                code = refused.code
        log.warning("an answer could not be shown", extra={"fields": {"code": code}})
        return None

    async def _drawable(self, turn: _Turn, card: Card, *, draw: Callable[..., Json] = message) -> Card:
        """The card once its files are handed over; a reference in place of one that cannot be drawn."""
        card = await hand_over(
            card,
            arrival=turn.arrival,
            team=turn.event.team,
            desk=self._desk,
            outgoing=self._outgoing,
            client=turn.client,
        )
        try:
            draw(card, spelling=self._spelling)
        except Exception as error:  # noqa: BLE001 - a card that cannot be drawn is answered like any failure
            return _failed(error)
        return card

    async def _draw_home(self, turn: _Turn) -> None:
        card = await self._drawable(turn, await self._desk.home(turn.arrival), draw=home)
        await self._outgoing.publish_home(turn.client, turn.event.team, turn.event.user, card)


async def _safely(work: Coroutine[Any, Any, BoltResponse]) -> BoltResponse:
    """The one place that catches everything: what raised is never acknowledged as a failure of ours to Slack."""
    try:
        return await work
    except Exception as error:
        log.error("failed", exc_info=error, extra={"fields": {"reference": new_reference()}})  # noqa: TRY400 - the same
        return _acknowledged()


def _failed(error: Exception) -> Card:
    reference = new_reference()
    log.error("failed", exc_info=error, extra={"fields": {"reference": reference}})
    return failure(reference)


def _form_waits(form: Form) -> Card:
    return Card((
        Text(say("This took longer than Slack waits for a form. What you typed is kept for now.")),
        Actions((Button("Open the form", form.packed, Style.PRIMARY),)),
    ))  # fmt: skip


def _acknowledged() -> BoltResponse:
    return BoltResponse(status=200, body="")


def _instead(view: Json) -> BoltResponse:
    return BoltResponse(status=200, body={"response_action": "update", "view": view})


def _working() -> Json:
    words = "Working on it. You can close this window: the answer reaches you all the same."
    return {
        "type": "modal",
        "title": plain_text(NAME),
        "close": plain_text("Close"),
        "blocks": [rich_text([{"type": "text", "text": words}])],
    }
