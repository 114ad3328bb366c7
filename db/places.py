"""Where things happen: communities, the places in them, and the installations that let the bot in."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from db.base import Base, kept, structural
from db.insert import insert_once
from db.sealed import Sealed, SealedText, sealed_text
from db.session import is_duplicate

Row = TypeVar("Row", bound=Base)

_HOSTS = "the host"
_UNTIL_REMOVED = "until the bot is removed"


class Community(Base):
    """A Discord server, a Slack workspace, the demo's community. `external_id` is unique on its platform."""

    __tablename__ = "communities"
    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    platform: Mapped[str] = kept(why="to reach the community", seen_by=_HOSTS, until=_UNTIL_REMOVED)
    external_id: Mapped[str] = kept(why="to reach the community", seen_by=_HOSTS, until=_UNTIL_REMOVED)
    created_at: Mapped[datetime] = kept(why="since when the bot is there", seen_by=_HOSTS, until=_UNTIL_REMOVED)


class Place(Base):
    """A channel, a thread or a direct message. A direct message belongs to no community.

    `external_id` is unique on its platform (on Slack it therefore begins with the workspace's id).
    """

    __tablename__ = "places"
    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    community_id: Mapped[UUID | None] = structural(ForeignKey("communities.id", ondelete="CASCADE"), index=True)
    platform: Mapped[str] = kept(why="to post there", seen_by=_HOSTS, until=_UNTIL_REMOVED)
    external_id: Mapped[str] = kept(why="to post there", seen_by=_HOSTS, until=_UNTIL_REMOVED)
    kind: Mapped[str] = kept(
        why="what may be posted there: channel, thread or direct message", seen_by=_HOSTS, until=_UNTIL_REMOVED
    )


class Installation(Base):
    """Leave to act in a workspace. Filled from the settings, later by OAuth as further rows.

    `enterprise` and `team` are "" where a platform has none, since NULLs would not be unique.
    """

    __tablename__ = "installations"
    __table_args__ = (UniqueConstraint("platform", "enterprise", "team"),)
    __owner__ = None

    platform: Mapped[str] = kept(why="which workspace this is for", seen_by=_HOSTS, until=_UNTIL_REMOVED)
    enterprise: Mapped[str] = kept(why="which workspace this is for", seen_by=_HOSTS, until=_UNTIL_REMOVED)
    team: Mapped[str] = kept(why="which workspace this is for", seen_by=_HOSTS, until=_UNTIL_REMOVED)
    bot_id: Mapped[str | None] = kept(why="to know the bot's own messages", seen_by=_HOSTS, until=_UNTIL_REMOVED)
    bot_user_id: Mapped[str | None] = kept(why="to know the bot's own messages", seen_by=_HOSTS, until=_UNTIL_REMOVED)
    sealed_bot_token: Mapped[Sealed] = kept(
        SealedText(), why="the bot's leave to act in the workspace", seen_by="nobody", until=_UNTIL_REMOVED
    )
    installed_at: Mapped[datetime] = kept(why="when it was given", seen_by=_HOSTS, until=_UNTIL_REMOVED)

    bot_token = sealed_text("sealed_bot_token")


async def find_community(db: AsyncSession, platform: str, external_id: str) -> Community | None:
    """A community by its platform's own id."""
    return await db.scalar(
        select(Community).where(Community.platform == platform, Community.external_id == external_id)
    )


async def get_community(db: AsyncSession, platform: str, external_id: str, *, at: datetime) -> Community:
    """A community by its platform's own id, made now when it is new."""
    found = await find_community(db, platform, external_id)
    if found is None:
        await insert_once(db, Community, platform=platform, external_id=external_id, created_at=at)
        found = await find_community(db, platform, external_id)
    return _there(found)


async def find_installation(db: AsyncSession, *, platform: str, team: str, enterprise: str = "") -> Installation | None:
    """The installation of one workspace; `team` is "" for one that covers a whole enterprise."""
    return await db.scalar(
        select(Installation).where(
            Installation.platform == platform,
            Installation.enterprise == enterprise,
            Installation.team == team,
        )
    )


async def save_installation(
    db: AsyncSession,
    *,
    platform: str,
    team: str,
    bot_token: str,
    at: datetime,
    enterprise: str = "",
    bot_id: str | None = None,
    bot_user_id: str | None = None,
) -> Installation:
    """Keep an installation, in place of an earlier one of the same workspace."""
    found = await find_installation(db, platform=platform, team=team, enterprise=enterprise)
    if found is None:
        made = Installation(platform=platform, enterprise=enterprise, team=team, bot_token=bot_token)
        made.bot_id, made.bot_user_id, made.installed_at = bot_id, bot_user_id, at
        try:
            async with db.begin_nested():
                db.add(made)
        except IntegrityError as error:  # another process was quicker; ours is the later one
            if not is_duplicate(error):
                raise
            found = await find_installation(db, platform=platform, team=team, enterprise=enterprise)
        else:
            return made
    kept_one = _there(found)
    kept_one.bot_token, kept_one.bot_id, kept_one.bot_user_id = bot_token, bot_id, bot_user_id
    kept_one.installed_at = at
    await db.flush()
    return kept_one


def _there(row: Row | None) -> Row:
    if row is None:
        message = "a row was taken, and yet is not there"
        raise LookupError(message)
    return row
