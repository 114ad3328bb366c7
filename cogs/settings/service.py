"""The rules of a person's settings: each one changes alone, and gives its former value so that it can be undone."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.countries import COUNTRIES, ELSEWHERE
from bot.errors import Gone, or_gone
from bot.extensions import Record
from bot.zones import is_zone
from db.drafts import find_value, save_value
from db.members import Consent, Identity, Membership, Person
from db.places import Community
from db.quiet import zone_of
from db.schedules import move_schedules

YES = "yes"
NO = "no"


class Setting(StrEnum):
    """What travels in a button of a setting."""

    ZONE = "zone"
    QUIET_FROM = "quiet_from"
    QUIET_UNTIL = "quiet_until"
    COUNTRY = "country"
    CONSENT = "consent"
    WRITES_FIRST = "writes_first"


@dataclass(frozen=True, slots=True)
class LookingFor:
    """What the person was looking for before."""

    words: str | None = field(repr=False)


async def change(db: AsyncSession, person: Person, *, setting: Setting, value: str | None, at: datetime) -> str | None:
    """Sets one setting from the text of a choice, and gives the former one as such a text.

    Zones are IANA names, hours `0` to `23`, countries ISO codes or ELSEWHERE, yes-or-no YES or NO. Raises Gone for
    anything else: no card offers it.
    """
    former = text_of(person, setting)
    _set(person, setting, value, at)
    if setting is Setting.ZONE:
        await move_schedules(db, person.id, zone=await zone_of(db, person), now=at)
    await db.flush()
    return former


async def change_looking_for(
    db: AsyncSession, person: Person, *, words: str | None, editor: bytes, at: datetime
) -> UUID | None:
    """Writes what the person is looking for. The old words wait in the draft whose id is given; None: no change."""
    if person.looking_for == words:
        return None
    draft_id = await save_value(db, LookingFor(person.looking_for), about=person.id, owner=editor, now=at)
    person.looking_for = words
    await db.flush()
    return draft_id


async def change_looking_for_back(
    db: AsyncSession, person: Person, *, draft_id: UUID, editor: bytes, at: datetime
) -> None:
    """Writes the old words again. Raises Gone when they are no longer kept, or are something else."""
    former = or_gone(await find_value(db, LookingFor, draft_id, about=person.id, owner=editor, now=at))
    person.looking_for = former.words
    await db.flush()


def text_of(person: Person, setting: Setting) -> str | None:
    """A setting as the text of a choice."""
    match setting:
        case Setting.ZONE:
            return person.zone
        case Setting.QUIET_FROM:
            return str(person.quiet_from.hour)
        case Setting.QUIET_UNTIL:
            return str(person.quiet_until.hour)
        case Setting.COUNTRY:
            return person.country or ELSEWHERE
        case Setting.CONSENT:
            return person.consent.value
        case Setting.WRITES_FIRST:
            return YES if person.may_write_first else NO


async def count_settings(db: AsyncSession, *, owner: UUID) -> int:
    return 1 if await db.get(Person, owner) else 0


async def find_settings(db: AsyncSession, *, owner: UUID) -> AsyncIterator[Record]:
    person = await db.get(Person, owner)
    if person is not None:
        yield {
            "what is kept": person.consent.value,
            "chosen at": person.consented_at,
            "time zone": person.zone,
            "quiet from": person.quiet_from,
            "quiet until": person.quiet_until,
            "country": person.country,
            "may write first": person.may_write_first,
            "writes first to": person.direct,
            "looking for": person.looking_for,
            "known since": person.created_at,
        }


async def find_accounts(db: AsyncSession, *, owner: UUID) -> Sequence[Record]:
    found = await db.scalars(select(Identity).where(Identity.person_id == owner).order_by(Identity.platform))
    return tuple({"platform": each.platform, "workspace": each.tenant, "user": each.user_id} for each in found)


async def find_communities(db: AsyncSession, *, owner: UUID) -> Sequence[Record]:
    query = select(Membership, Community).join(Community, Community.id == Membership.community_id)
    found = await db.execute(query.where(Membership.person_id == owner).order_by(Membership.joined_at))
    return tuple(
        {
            "platform": community.platform,
            "community": community.external_id,
            "role": membership.role.name.lower(),
            "joined at": membership.joined_at,
        }
        for membership, community in found.all()
    )


def _set(person: Person, setting: Setting, value: str | None, at: datetime) -> None:
    match setting:
        case Setting.ZONE:
            person.zone = None if value is None else _one_of(value, is_zone(value))
        case Setting.QUIET_FROM:
            person.quiet_from = _hour(value)
        case Setting.QUIET_UNTIL:
            person.quiet_until = _hour(value)
        case Setting.COUNTRY:
            person.country = None if value == ELSEWHERE else _one_of(value, value in COUNTRIES)
        case Setting.CONSENT:
            person.consent = Consent(_one_of(value, value in set(Consent)))
            person.consented_at = at
        case Setting.WRITES_FIRST:
            person.may_write_first = _one_of(value, value in {YES, NO}) == YES


def _hour(value: str | None) -> time:
    return time(int(_one_of(value, value in set(map(str, range(24))))))


def _one_of(value: str | None, offered: bool) -> str:
    if value is None or not offered:
        raise Gone
    return value
