"""The one path that everything asked goes, whatever it was asked with."""

import json
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from bot import presence
from bot.acts import Command, Filling, Needs, Reply, Resume, Where, Working
from bot.answers import already_done, failure, finished, form_of, refused, wrong_fields
from bot.asked import Asked, find_asked, free_texts
from bot.call import Asking, Call
from bot.cards import Card, Element, Style, say
from bot.catalogue import Catalogue
from bot.clock import Clock
from bot.errors import Gone, NotAllowed, Refusal, WrongFields
from bot.extensions import Hold
from bot.features import Features
from bot.logs import new_reference
from bot.machine import fix, with_missed
from bot.members import Members
from bot.options import read_all
from bot.outbox import JobCall, withdraw_post
from bot.pack import in_place, is_in_place, key_of, without_mark
from bot.platforms.base import Answer, Arrival, Departure, Form, Offer, Request
from bot.runs import Runs
from bot.screening import after, screened
from db.drafts import find_draft, save_draft
from db.handled import claim, find_answer, set_answer
from db.members import Role
from db.posts import create_post, mark_posted
from db.session import Database, is_transient

logger = logging.getLogger(__name__)

SUGGESTIONS: Final = 25
SUGGESTION_LENGTH: Final = 100


class _SeenBeforeError(Exception):
    """The same event was handled before; carries the packed call that draws what came of it."""

    def __init__(self, redraw: str | None) -> None:
        super().__init__("seen before")
        self.redraw = redraw


class Dispatcher:
    """Answers what is asked, in this order, and never raises.

    1. Screen what was written; what there is to say of it comes before the answer, whatever the answer is.
    2. Find the act by its key, and unpack the values that travelled in the button; else one neutral answer.
    3. Open a session: one that writes only where the act writes and no form is to be opened.
    4. Find the member and the place.
    5. Refuse what the role or the place does not allow.
    6. Let each gate hold it back (consent); what was asked then waits sealed as a draft.
    7. Open the form where too little was typed; else read the values, and name the fields that cannot be read.
    8. Claim the event, so that its second arrival changes nothing and shows the first one's current state.
    9. Run the handler; commit; give the card. A deadlock or a lock is tried once more, from 3.
    10. A refusal is a private card. Anything else raised is a reference, in the card and in the log.
    """

    def __init__(self, features: Features, *, database: Database, clock: Clock, members: Members, runs: Runs) -> None:
        self._features = features
        self._database = database
        self._clock = clock
        self._members = members
        self._runs = runs

    @property
    def catalogue(self) -> Catalogue:
        return self._features.catalogue

    @property
    def offers(self) -> Sequence[Offer]:
        return self._features.offers

    def find_command(self, path: Sequence[str]) -> Offer | None:
        return next((offer for offer in self.offers if offer.path == tuple(path)), None)

    def needs_role(self, packed: str) -> bool:
        """Whether it takes more than a member to do this."""
        act = self._features.acts.get(key_of(without_mark(packed)))
        return act is not None and act.needs.role > Role.MEMBER

    async def answer(self, arrival: Arrival, request: Request) -> Answer:
        """Carries out what is asked, and gives what to show."""
        started = time.monotonic()
        key = key_of(without_mark(request.packed))
        first = self._first(key, request)
        try:
            answer = await self._answer(arrival, request)
        except Exception as error:  # noqa: BLE001 - every failure becomes an answer here
            answer = self._failed(error, key)
        known = key if key in self._features.acts else "unknown"
        logger.info("answered", extra={"fields": {
            "platform": arrival.platform, "key": known, "ms": round((time.monotonic() - started) * 1000, 1),
        }})  # fmt: skip
        return after(first, self._finished(answer))

    async def complete(self, arrival: Arrival, key: str, field_name: str, typed: str) -> Sequence[str]:
        """Suggestions for one field; none where they fail."""
        act = self._features.acts.get(key)
        field = next((field for field in act.fields if field.name == field_name), None) if act else None
        if act is None or field is None or field.ask.complete is None:
            return ()
        try:
            async with self._database.reading() as db:
                call = await self._call(db, arrival, writes=False)
                self._allow(call, act.needs)
                found = await field.ask.complete(call, typed)
        except Refusal:
            return ()
        except Exception as error:  # noqa: BLE001 - suggestions are never worth an error on the screen
            self._failed(error, key)
            return ()
        return [each for each in found if 0 < len(each) <= SUGGESTION_LENGTH][:SUGGESTIONS]

    async def home(self, arrival: Arrival) -> Card:
        """One's own page, of all that features show there."""
        try:
            async with self._database.reading() as db:
                call = await self._call(db, arrival, writes=False)
                extensions = self._features.extensions
                body = [part for section in extensions.own_page for part in await section(call)]
        except Exception as error:  # noqa: BLE001 - every failure becomes an answer here
            return self._finished(self._failed(error, "home")).card or failure("")
        return finished(Card(tuple(body), title=say("Your page")), extensions)

    async def posted(self, arrival: Arrival, *, destination: str, message: str, job: str, hours: int) -> UUID | None:
        """Notes a message in the person's direct messages, to be withdrawn after `hours`; None where it fails."""
        now = self._clock.now()
        try:
            async with self._database.writing() as db:
                call = await self._call(db, arrival, writes=False)
                post = await create_post(
                    db,
                    job=job,
                    args=[],
                    destination=destination,
                    at=now,
                    person_id=call.member.person.id if call.member.person else None,
                )
                await mark_posted(db, post.id, message_ref=message)
                await withdraw_post(db, post.id, at=now + timedelta(hours=hours))
        except Exception as error:  # noqa: BLE001 - the file is already there; the person removes it by hand
            self._failed(error, job)
            return None
        return post.id

    async def departed(self, departure: Departure) -> None:
        """Has it looked up whether somebody has left. Raises what is in the way: the platform says it again."""
        async with self._database.writing() as db:
            await presence.note(Asking(db, self._clock.now(), self._features.extensions), departure)

    async def _answer(self, arrival: Arrival, request: Request) -> Answer:
        asked = find_asked(self._features, arrival, request)
        try:
            return await self._carry_out(asked)
        except _SeenBeforeError as seen:
            if seen.redraw is None:
                return Answer(already_done())
            again = find_asked(self._features, arrival, Request(seen.redraw))
            return await self._carry_out(again)
        except WrongFields as wrong:
            return await self._wrong(asked, wrong)

    async def _carry_out(self, asked: Asked) -> Answer:
        try:
            outcome = await self._once(asked)
        except Exception as error:
            if not is_transient(error):
                raise
            logger.warning("trying once more", extra={"fields": {"key": asked.act.key}})
            outcome = await self._once(asked)
        return outcome if isinstance(outcome, Answer) else await self._go_on(asked, outcome)

    async def _once(self, asked: Asked) -> Answer | Reply:
        """One transaction. Gives an answer where a gate or a form comes first, else the handler's reply."""
        drafts: list[UUID] = []

        async def hold() -> UUID:
            drafts.append(uuid4())
            return drafts[-1]

        async with self._session(asked) as db:
            call = await self._call(db, asked.arrival, writes=asked.writes, needs=asked.act.needs)
            self._allow(call, asked.act.needs)
            held = await self._held(call, asked, hold)
            if held is None:
                return await self._handle(call, asked)
        # Only now: whoever waits for a second connection while holding one can starve all the others.
        for draft_id in drafts:
            await self._save(asked, draft_id)
        return Answer(held, replace=asked.arrival.on_own_message)

    async def _held(self, call: Call, asked: Asked, hold: Hold) -> Card | None:
        for gate in self._features.extensions.gate:
            card = await gate(call, asked.act.needs, hold)
            if card is not None:
                return card
        return None

    async def _handle(self, call: Call, asked: Asked) -> Answer | Reply:
        if asked.opens_form:
            return Answer(form=await self._form(call, asked))
        values = read_all(asked.act.fields, asked.request.values, today=call.today)
        fingerprint = await self._claim(call, asked)
        reply = await asked.act.handler(call, *asked.bound, **asked.arguments(values))
        shown = reply.card if isinstance(reply, Working) else reply
        if isinstance(shown, Card) and not shown.private:
            raise TypeError(f"{asked.act.key} answers for others to see: an answer is its asker's, the rest is a post")
        if isinstance(reply, Card) and call.member.missed and isinstance(asked.act, Command):
            reply = with_missed(reply)
        if fingerprint and isinstance(reply, Card) and reply.redraw:
            if not self._features.acts[key_of(reply.redraw)].needs.reads:
                raise TypeError(f"{asked.act.key} is to be drawn again by what does not only read")
            await set_answer(call.db, fingerprint, reply.redraw)
        return reply

    async def _go_on(self, asked: Asked, reply: Reply) -> Answer:
        """What follows the commit."""
        match reply:
            case Card():
                return Answer(reply, replace=asked.takes_place)
            case Working(card, job):
                return Answer(card, replace=asked.takes_place, then=lambda: self._work(job))
            case Resume():
                return await self._resume(asked.arrival, reply)

    async def _work(self, job: JobCall) -> Answer:
        key = key_of(job.packed)
        try:
            card = await self._runs.run(job.packed)
        except Exception as error:  # noqa: BLE001 - every failure becomes an answer here
            return self._finished(self._failed(error, key))
        return self._finished(Answer(card, replace=True))

    async def _resume(self, arrival: Arrival, resume: Resume) -> Answer:
        owner = self._members.fingerprint(arrival)
        async with self._database.reading() as db:
            content = await find_draft(db, resume.draft_id, owner=owner, now=self._clock.now())
        if content is None:
            raise Refusal("This waited for 15 minutes and is gone. Please run the command again.")
        try:
            request = Request(**json.loads(content))
        except TypeError:  # one's own draft, of something else: what a change has written over
            raise Gone from None
        if resume.as_form:
            asked = find_asked(self._features, arrival, request)
            if not asked.act.fields:
                raise Gone
            return Answer(form=await self._refilled(asked))
        # A second press of the last button of a welcome is the same event: what waited is done once.
        held = replace(arrival, id=f"draft {resume.draft_id}")
        answer = await self._answer(held, request)
        if answer.form is not None:
            return replace(answer, form=replace(answer.form, packed=in_place(without_mark(answer.form.packed))))
        return replace(answer, replace=arrival.on_own_message)

    async def _refilled(self, asked: Asked) -> Form:
        """The form as it was left, with what is wrong in it."""
        form = form_of(asked.act, asked.form_id, values=asked.request.values, filling=Filling())
        if asked.act.form is not None:
            async with self._database.reading() as db:
                form = await self._form(await self._call(db, asked.arrival, writes=False), asked)
        try:
            read_all(asked.act.fields, asked.request.values, today=self._clock.now().date())
        except WrongFields as wrong:
            return replace(form, errors=wrong.errors)
        return form

    async def _wrong(self, asked: Asked, wrong: WrongFields) -> Answer:
        if asked.arrival.capabilities.field_errors:
            return Answer(form=replace(await self._refilled(asked), errors=wrong.errors))
        draft_id = uuid4()
        await self._save(asked, draft_id)
        return Answer(wrong_fields(asked.act, wrong, fix.button("Fix it", Style.PRIMARY, draft_id)),
                      replace=asked.arrival.on_own_message and is_in_place(asked.request.packed))  # fmt: skip

    async def _form(self, call: Call, asked: Asked) -> Form:
        filling = await asked.act.form(call, *asked.bound) if asked.act.form else Filling()
        if asked.request.submitted:  # what was emptied stays empty
            filling = replace(filling, values={})
        return form_of(asked.act, asked.form_id, values=asked.request.values, filling=filling)

    async def _claim(self, call: Call, asked: Asked) -> bytes | None:
        """Marks the event as handled in the handler's own transaction. Raises where it was handled before."""
        if not asked.writes or not call.member.keeps:
            return None
        fingerprint = self._database.keyring.fingerprint(f"{asked.arrival.platform}\n{asked.arrival.id}")
        if not await claim(call.db, fingerprint, at=call.now):
            raise _SeenBeforeError(await find_answer(call.db, fingerprint))
        return fingerprint

    async def _save(self, asked: Asked, draft_id: UUID) -> None:
        request, owner = asked.request, self._members.fingerprint(asked.arrival)
        content = {"packed": request.packed, "values": dict(request.values), "submitted": request.submitted}
        async with self._database.writing() as db:
            await save_draft(db, owner=owner, content=json.dumps(content), now=self._clock.now(), draft_id=draft_id)

    async def _call(self, db: AsyncSession, arrival: Arrival, *, writes: bool, needs: Needs = Needs()) -> Call:
        now = self._clock.now()
        if needs.database:
            member, place = await self._members.find(db, arrival, now=now, writes=writes)
        else:
            member, place = await self._members.find_or_stranger(self._database, arrival, now=now)
        return Call(db, member, place, now, self.catalogue, self._features.extensions)

    @asynccontextmanager
    async def _session(self, asked: Asked) -> AsyncIterator[AsyncSession]:
        if not asked.act.needs.database:
            yield AsyncSession()
            return
        async with self._database.writing() if asked.writes else self._database.reading() as db:
            yield db

    def _allow(self, call: Call, needs: Needs) -> None:
        if call.member.role < needs.role:
            raise NotAllowed(say("This is for {role}s. Ask one of them here to do it.", role=needs.role.name.lower()))
        if needs.where is Where.COMMUNITY and call.place.direct:
            raise NotAllowed("This works in your group's server or workspace. Run it again in a channel there.")
        if needs.where is Where.DIRECT and not call.place.direct:
            raise NotAllowed("This works in your direct messages with me. Run it again there.")

    def _first(self, key: str, request: Request) -> tuple[Element, ...]:
        """What comes before the answer, decided by the words alone and before anything is done with them."""
        act = self._features.acts.get(key)
        return screened(self._features.extensions.screen, free_texts(act, request)) if act else ()

    def _failed(self, error: Exception, key: str) -> Answer:
        if isinstance(error, Refusal):
            return Answer(refused(error))
        reference = new_reference()
        known = key if key in self._features.acts or key in self._features.jobs else "unknown"
        logger.error("failed", exc_info=error, extra={"fields": {"reference": reference, "key": known}})
        return Answer(failure(reference))

    def _finished(self, answer: Answer) -> Answer:
        if answer.card is None:
            return answer
        return replace(answer, card=finished(answer.card, self._features.extensions))
