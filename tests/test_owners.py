"""Another member's id, in any button and in any form, is answered like the id of nothing, and changes nothing."""

import itertools
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from bot.acts import Act, Bound, unpack_bound
from bot.cards import Button, Select, buttons
from bot.options import Raw
from bot.pack import key_of, pack, with_value
from db.base import Table
from db.sealed import Keyring
from tests.chat import settle_in
from tests.crawl import sample
from tests.platforms.plain_world import PlainChat, PlainWorld, plain_world
from tests.story import tell

Values = list[Any]
"""What travels in one button, unpacked."""
Acts = Mapping[str, Act[...]]


@pytest.mark.usefixtures("metadata")
async def test_another_members_id_leads_nowhere(sqlite_url: str, keyring: Keyring) -> None:
    async with plain_world(sqlite_url, keyring=keyring) as world:
        ada = await member(world, "ada")
        before = await all_rows(world)
        hers = [row[1] for row in before if isinstance(row[1], UUID)]
        eve = await member(world, "eve")
        acts = {key: act for key, act in world.app.features.acts.items() if any(map(may_be_id, act.bound))}
        adas, eves = seen(ada, acts), seen(eve, acts)
        tried = set()
        for key, act in acts.items():
            # Where no button of Ada's leads to it, it is tried with the ids of all the rows that there are of her.
            for foreign in adas[key] or [made_up(act, each) for each in hers]:
                unknown = [uuid4() if is_id(each) else each for each in foreign]
                assert await answers(eve, act, foreign) == await answers(eve, act, unknown), key
                # Eve's own entry, with what belongs to Ada's.
                for own in eves[key][-1:]:
                    half = [own[0], *foreign[1:]]
                    if sum(map(is_id, half)) > 1:
                        nothing = [own[0], *unknown[1:]]
                        assert await answers(eve, act, half) == await answers(eve, act, nothing), key
                tried.add(key)
            assert before <= await all_rows(world), f"{key} changed what is Ada's"
        assert tried == set(acts)
        assert len(tried) > 60


async def member(world: PlainWorld, name: str) -> PlainChat:
    """Somebody who has used all there is."""
    chat = world.person(name)
    await settle_in(chat)
    numbers = itertools.count(1)
    await tell(chat, lambda: f"{name}{next(numbers)}")
    return chat


def may_be_id(bound: Bound) -> bool:
    """An option of a list carries its id as text."""
    return bound.type is UUID or (bound.type is str and bound.name.endswith("_id"))


def is_id(value: object) -> bool:
    try:
        return isinstance(value, UUID) or bool(UUID(str(value)))
    except ValueError:
        return False


def seen(chat: PlainChat, acts: Acts) -> Mapping[str, list[Values]]:
    """What the buttons, the lists and the redrawing of one's own cards carry, by the act that they lead to."""
    found: dict[str, list[Values]] = {key: [] for key in acts}
    for packed in _packed(chat):
        if key_of(packed) in acts:
            act = acts[key_of(packed)]
            values = unpack_bound(packed, act.bound)
            if values not in found[act.key]:
                found[act.key].append(values)
    return found


def _packed(chat: PlainChat) -> Iterator[str]:
    for card in chat.cards:
        if card.redraw:
            yield card.redraw
        for item in buttons(card):
            if isinstance(item, Button):
                yield item.packed
            elif isinstance(item, Select):
                yield from (with_value(item.packed, option.value) for option in item.options)


def made_up(act: Act[...], row_id: UUID) -> Values:
    return [row_id if may_be_id(bound) else _any(bound.type) for bound in act.bound]


def _any(kind: Any) -> object:
    if issubclass(kind, Enum):
        return next(iter(kind))
    return date(2026, 11, 23) if kind is date else kind("1")


async def answers(chat: PlainChat, act: Act[...], values: Values) -> list[object]:
    """What is seen after a press, and after sending the form that the press would open."""
    packed = pack(act.key, values)
    await chat.press_packed(packed)
    shown: list[object] = [chat.screen.text, chat.screen.form]
    if act.fields:
        filled: dict[str, Raw] = {field.name: sample(field.name, "") for field in act.fields}
        await chat.submit_packed(packed, filled)
        shown += [chat.screen.text, chat.screen.form]
    return shown


async def all_rows(world: PlainWorld) -> set[tuple[object, ...]]:
    """Every row of every table, as it is stored."""
    async with world.app.database.reading() as db:
        return {
            (table.name, *row)
            for table in Table.metadata.sorted_tables
            for row in (await db.execute(select(table))).all()
        }
