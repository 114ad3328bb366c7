"""A small feature that uses every part of the machine once; the machine's tests talk to it."""

import asyncio
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from bot.acts import Filling, Needs, Resume, Where, Working
from bot.call import Call, Run
from bot.cards import Actions, Button, Card, Option, Select, Style, Text, say, say_n
from bot.errors import Refusal
from bot.extensions import Hold
from bot.feature import Feature
from bot.options import ASKED, Ask, Choice
from db.members import Consent, Person, Role, create_person, get_person


class Size(Choice):
    SMALL = "small", "A small one"
    LARGE = "large", "A large one"


def make() -> Feature:  # noqa: C901, PLR0915 - every part of the machine once, made anew for each test
    """The feature, made anew, so that tests may change what it holds."""
    sample = Feature("sample", "Keep one wish.")

    async def wishes(call: Call, typed: str) -> list[str]:
        return [wish for wish in (f"{call.member.name} wants tea", "a walk") if typed in wish]

    @sample.command("wish set", title="Set a wish", shortcut="Set a wish")
    async def set_wish(
        call: Call,
        wish: Annotated[str, Ask("What do you wish?", example="a quiet day", at_most=20, complete=wishes)],
        size: Annotated[Size, Ask("How large?")] = Size.SMALL,
        times: Annotated[int | None, Ask("How often?", at_least=1, at_most=9)] = None,
    ) -> Card:
        """Keep a wish.

        It stays until you change it.
        """
        if wish == "explode":
            raise RuntimeError("a secret that a person typed: explode")
        if wish == "refuse":
            raise Refusal("Not this one. Try another.")
        person = await get_person(call.db, call.member.id)
        person.looking_for = f"{wish} ({size.label}, {times or 1})"
        await call.db.flush()
        return drawn(person)

    @sample.command("wish show", needs=Needs(reads=True))
    async def show_wish(call: Call) -> Card:
        """Show the wish."""
        return drawn(await get_person(call.db, call.member.id))

    @sample.action(needs=Needs(reads=True))
    async def redraw(call: Call, person_id: UUID) -> Card:
        return drawn(await get_person(call.db, person_id))

    @sample.action()
    async def more(call: Call, version: int) -> Card:
        person = await get_person(call.db, call.member.id)
        if person.version == version:
            person.looking_for = f"{person.looking_for}+"
            await call.db.flush()
        return drawn(person)

    async def as_it_is(call: Call) -> Filling:
        person = await get_person(call.db, call.member.id)
        return Filling({"wish": person.looking_for})

    @sample.action(title="Change your wish", form=as_it_is)
    async def change(call: Call, wish: Annotated[str, Ask("Your wish")] = ASKED) -> Card:
        person = await get_person(call.db, call.member.id)
        person.looking_for = wish
        await call.db.flush()
        return drawn(person)

    @sample.action()
    async def choose(call: Call, size: Size) -> Card:
        return Card((Text(say("Chosen: {size}", size=size.label)),))

    @sample.job()
    async def fetch(run: Run, person_id: UUID) -> Card:
        async with run.transaction() as db:
            wish = (await get_person(db, person_id)).looking_for or ""
        return Card((Text(say("Fetched {wish}", wish=wish)),))

    @sample.command("wish fetch")
    async def fetch_wish(call: Call) -> Working:
        """Fetch the wish from far away."""
        return Working(Card((Text(say("Working on it.")),)), fetch.call(call.member.id))

    @sample.command("wish lead", needs=Needs(role=Role.MODERATOR, where=Where.COMMUNITY))
    async def lead(call: Call) -> Card:
        """For moderators."""
        return Card((Text(say("You lead.")),))

    @sample.command("calm", needs=Needs(database=False, before_consent=True, without_saving=True))
    async def calm(call: Call) -> Card:
        """Always answers."""
        known = call.member.person is not None
        return Card((Text(say("Breathe. Known: {known}", known=str(known))),))

    @sample.command("wish sneak", needs=Needs(reads=True))
    async def sneak(call: Call) -> Card:
        """Says it only reads, and writes."""
        (await get_person(call.db, call.member.id)).looking_for = "sneaked"
        await call.db.flush()
        return Card((Text(say("Wrote.")),))

    @sample.command("wish slow")
    async def slow(call: Call) -> Card:
        """Takes its time."""
        await asyncio.sleep(0)
        return Card((Text(say_n(2, "{n} breath", "{n} breaths")),))

    @sample.gate
    async def consent_first(call: Call, needs: Needs, hold: Hold) -> Card | None:
        if needs.before_consent or call.member.consent is not None:
            return None
        draft_id = await hold()
        return Card((Text(say("May I keep things?")), Actions((agree.button("Yes", Style.PRIMARY, draft_id),))))

    @sample.action(needs=Needs(before_consent=True))
    async def agree(call: Call, draft_id: UUID) -> Resume:
        await create_person(call.db, call.member.key, consent=Consent.KEEP, zone=None, at=call.now)
        return Resume(draft_id)

    @sample.screen
    def watch(texts: Sequence[str]) -> Card | None:
        return Card((Text(say("A kind word first.")),)) if "heavy" in str(texts) else None

    @sample.footer
    def calm_button() -> Button:
        return calm.button("Calm", Style.PLAIN)

    def drawn(person: Person) -> Card:
        sizes: Select = choose.select("Size", [Option("small", "Small"), Option("large", "Large")])
        return Card(
            (
                Text(say("You wish: {wish}", wish=person.looking_for or "nothing")),
                Actions((more.button("More", Style.PLAIN, person.version), change.button("Change", Style.PLAIN))),
                Actions((sizes,)),
            ),
            redraw=redraw.call(person.id),
        )

    return sample
