"""The world of Discord: the real discord.py client on a simulated Discord, used as its own clients would let people."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import discord
import simcord
from simcord.actors import MemberActor, _dispatch_actor_interaction
from simcord.backend import serializers
from simcord.backend.models import Overwrite
from simcord.builders import ChannelHandle, GuildHandle, UserHandle
from simcord.enums import ChannelType, InteractionType, OverwriteType
from simcord.results import InteractionResult, ResponseMessage

from bot.app import App, build
from bot.clock import StillClock
from bot.feature import Feature
from bot.options import Field, Kind, Raw
from bot.platforms.base import Desk, Offer
from bot.platforms.discord import register
from bot.platforms.discord.adapter import DiscordPlatform
from bot.platforms.discord.limits import walk
from bot.sending import Rate
from bot.settings import Settings
from bot.typed import read_line
from db.keyring import Keyring
from tests.chat import Chat, Screen, World
from tests.platforms.discord import schema
from tests.platforms.discord.screen import Component, chosen, inputs, start_of, told, words_of
from tests.platforms.ground import START, throw_away_settings

BUTTON, SELECT = 2, 3
EPHEMERAL: Final = 1 << 6
RATE: Final = Rate(per_second=1000, burst=1000)


@asynccontextmanager
async def discord_world(
    database_url: str,
    *,
    features: Sequence[Feature] | None = None,
    keyring: Keyring | None = None,
    clock: StillClock | None = None,
) -> AsyncIterator["DiscordWorld"]:
    """A bot that runs on a migrated database. At its end, every request that was sent is held against the schema."""
    with throw_away_settings(database_url) as settings:
        world = DiscordWorld(
            settings,
            features=features,
            keyring=keyring or Keyring.parse(Keyring.generate()),
            clock=clock or StillClock(START),
        )
        async with world.running():
            yield world
            world.check()


class _Env(simcord.Env):
    """Looks again at once whether the bot has come to rest: its own 50 ms a step were most of what tests took."""

    async def _settle_internal(self, *, idle: float = 0.001, **more: Any) -> None:
        await super()._settle_internal(idle=idle, **more)


class DiscordWorld(World):
    """One simulated Discord with one bot."""

    platform = "discord"

    def __init__(
        self, settings: Settings, *, features: Sequence[Feature] | None, keyring: Keyring, clock: StillClock
    ) -> None:
        self._settings = settings
        self._features = features
        self._keyring = keyring
        self._clock = clock
        self.users: dict[str, UserHandle] = {}
        self._guilds: dict[str, tuple[GuildHandle, ChannelHandle]] = {}
        self._chats: dict[tuple[str, bool, str], DiscordChat] = {}
        self._app = self._build()
        self._stack = AsyncExitStack()
        self.env: simcord.Env

    @property
    def adapter(self) -> DiscordPlatform:
        adapter = self._app.platforms["discord"]
        assert isinstance(adapter, DiscordPlatform)
        return adapter

    @property
    def desk(self) -> Desk:
        return self._app.dispatcher

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        # Not `simcord.run`: a fixture's end may run in another context than its start, which that cannot do.
        self.env = _Env(self.adapter.client, settle_timeout=60)
        await self.env.start()
        try:
            await self._start()
            yield
            self.env.raise_errors()
        finally:
            await self._stack.aclose()
            await self.env.shutdown()

    def person(self, name: str, *, admin: bool = False, direct: bool = False, community: str = "main") -> "DiscordChat":
        key = (name, direct, community)
        if key not in self._chats:
            user = self.user(name)
            guild, channel = self.guild(community)
            roles = [guild.create_role("admin", permissions=discord.Permissions(manage_guild=True))] if admin else []
            member = guild.add_member(user, roles=roles)
            self._chats[key] = DiscordChat(self, user if direct else member, user.dm_channel if direct else channel)
        return self._chats[key]

    def meeting(self, name: str) -> "DiscordChat":
        guild, _ = self.guild("main")
        threads = [each for each in self.env.backend.channels.values() if each.type == ChannelType.PRIVATE_THREAD]
        key = (name, False, str(threads[-1].id))
        if key not in self._chats:
            actor = MemberActor(self.env, guild, self.user(name))  # one who is in the server already
            self._chats[key] = DiscordChat(self, actor, ChannelHandle(self.env, guild, threads[-1]))
        return self._chats[key]

    def user(self, name: str) -> UserHandle:
        if name not in self.users:
            self.users[name] = self.env.create_user(name, global_name=name.title())
        return self.users[name]

    async def restart(self) -> None:
        await self._stack.aclose()
        self._app = self._build()
        self._stack = AsyncExitStack()
        await self.env.restart_bot(self.adapter.client)
        await self._start()

    def now(self) -> datetime:
        return self._clock.now()

    def move(self, by: timedelta) -> None:
        self._clock.move(by)

    async def catch_up(self) -> None:
        with self.env.time_context():
            await self._app.catch_up()

    async def next_due(self) -> datetime | None:
        return await self._app.next_due()

    def payloads(self) -> Sequence[Mapping[str, object]]:
        return [body for _, _, body in self._bodies() if isinstance(body, dict)]

    def check(self) -> None:
        """Asserts what holds of every conversation: all requests fit the schema, and no view is kept alive."""
        for method, path, body in self._bodies():
            schema.check_request(method, path, body)
        store = self.adapter.client._connection._view_store  # noqa: SLF001 - nothing public tells what it holds
        assert not store._views, "a view is kept"  # noqa: SLF001 - the same
        assert not store._modals, "a modal is kept"  # noqa: SLF001 - the same

    def _bodies(self) -> list[tuple[str, str, Any]]:
        return [(each.method, each.path, each.json) for each in self.env.http_requests if each.json is not None]

    def _build(self) -> App:
        return build(
            self._settings,
            features=self._features,
            keyring=self._keyring,
            clock=self._clock,
            platforms=lambda desk, _: [DiscordPlatform(desk, token="simcord.fake.token", rate=RATE)],
        )

    async def _start(self) -> None:
        await self._stack.enter_async_context(self._app.running())
        with self.env.time_context():
            await register.sync(self.adapter.client, self.desk.offers)

    def guild(self, name: str) -> tuple[GuildHandle, ChannelHandle]:
        if name not in self._guilds:
            guild = self.env.create_guild(name)
            self._guilds[name] = guild, guild.create_text_channel("general")
        return self._guilds[name]


class DiscordChat(Chat):
    """A person in a channel of a server, or in their direct messages with the bot."""

    def __init__(self, world: DiscordWorld, actor: MemberActor | UserHandle, channel: ChannelHandle) -> None:
        self._world = world
        self._actor = actor
        self._channel = channel
        self._shown: dict[int, ResponseMessage] = {}
        """What this person has before them, the latest at the end."""
        self._first: dict[int, list[dict[str, Any]]] = {}
        self._last: dict[int, list[dict[str, Any]]] = {}
        self._form: InteractionResult | None = None
        self.screen = Screen()

    async def wait(self) -> None:
        posted = self._world.env.backend.messages.get(self._channel.id, {}).values()
        open_to_all = [ResponseMessage(self._world.env, each) for each in posted if not each.flags & EPHEMERAL]
        fresh = [each for each in open_to_all if self._last.get(each.id) != each.components]
        self._read(fresh)

    def close(self) -> None:
        self._let(is_open=False)

    def open(self) -> None:
        self._let(is_open=True)

    def _let(self, *, is_open: bool) -> None:
        backend = self._world.env.backend
        if isinstance(self._actor, UserHandle):
            backend.users[self._actor.id].bot = not is_open  # simcord's one way to refuse direct messages
            return
        denied = 0 if is_open else discord.Permissions(send_messages_in_threads=True).value
        parent = backend.get_channel(self._channel.id).parent_id
        assert parent is not None
        backend.set_overwrite(parent, Overwrite(backend.bot_user.id, OverwriteType.MEMBER, 0, denied))

    async def say(self, line: str) -> None:
        offer, rest = self._command(line)
        typed = read_line(rest, offer.fields).values
        options = {field.name: self._option(field, typed[field.name]) for field in offer.fields if field.name in typed}
        name = " ".join(offer.path)
        if isinstance(self._actor, UserHandle):
            self._look(await self._actor.slash(name, **options))
        else:
            self._look(await self._actor.slash(self._channel, name, **options))

    async def press(self, label: str, *, old: bool = False) -> None:
        message, button = self._find(lambda each: each["type"] == BUTTON and each.get("label") == label, label, old=old)
        await self._act(message, {"custom_id": button["custom_id"], "component_type": BUTTON})

    async def choose(self, placeholder: str, label: str) -> None:
        message, select = self._find(
            lambda each: each["type"] == SELECT and each.get("placeholder") == placeholder, placeholder, old=False
        )
        value = next(each["value"] for each in select["options"] if each["label"].startswith(label))
        data = {"custom_id": select["custom_id"], "component_type": SELECT, "values": [value]}
        await self._act(message, data)

    async def fill(self, **values: Raw) -> None:
        assert self._form is not None, "no form is open"
        form, self._form = self._form, None
        asked = inputs(form.modal or {})
        unknown = set(values) - set(asked)
        assert not unknown, f"the form does not ask {unknown}"
        filled = {name: self._answer(each, values.get(name, start_of(each))) for name, each in asked.items()}
        given = {name: value for name, value in filled.items() if value is not None}
        self._look(await self._actor.submit_modal(form, given))

    async def suggestions(self, line: str) -> Sequence[str]:
        offer, rest = self._command(line)
        read = read_line(rest, offer.fields)
        last = read.last or offer.fields[0].name
        fields = {field.name: field for field in offer.fields}
        others = {name: self._option(fields[name], raw) for name, raw in read.values.items() if name != last}
        typed = str(read.values.get(last, ""))
        name = " ".join(offer.path)
        if isinstance(self._actor, UserHandle):
            found = await self._actor.autocomplete(name, last, typed, **others)
        else:
            found = await self._actor.autocomplete(self._channel, name, last, typed, **others)
        return [each["name"] for each in found]

    async def send_press(self, packed: str) -> None:
        """Sends a press with an id of one's own making, from the newest message."""
        await self._act(self.messages[-1], {"custom_id": packed, "component_type": BUTTON})

    @property
    def messages(self) -> Sequence[ResponseMessage]:
        """What this person was answered, the latest last."""
        return tuple(self._shown.values())

    def _command(self, line: str) -> tuple[Offer, str]:
        words = line.split()
        for count in (3, 2, 1):
            offer = self._world.desk.find_command(words[:count])
            if offer is not None and len(words) >= count:
                return offer, line.split(maxsplit=count)[count] if len(words) > count else ""
        raise AssertionError(f"there is no command /{line}")

    def _option(self, field: Field, raw: Raw) -> object:
        """A value as Discord's own client would take it into an option."""
        text = raw if isinstance(raw, str) else ", ".join(raw)
        match field.kind:
            case Kind.NUMBER:
                return int(text)
            case Kind.TOGGLE:
                return text.casefold() in {"yes", "true", "on"}
            case Kind.MEMBER:
                return self._world.user(text.removeprefix("@"))
            case Kind.CHOICE if field.options:
                return chosen([(each.value, each.label) for each in field.options], text)
            case _:
                return text

    def _answer(self, control: Component, raw: Raw) -> object:
        """A value as Discord's own client would put it into a field of a form; None where it is left empty."""
        several = [each.strip() for each in raw.split(",") if each.strip()] if isinstance(raw, str) else list(raw)
        options = [(each["value"], each["label"]) for each in control.get("options", ())]
        match control["type"]:
            case 4:
                return "".join(raw)
            case 21:
                return chosen(options, several[0]) if several else None
            case 3 | 22:
                return [chosen(options, each) for each in several]
            case 23:
                return bool(several) and several[0] not in {"no", "off"}
            case 5:
                return [self._world.user(each) for each in several]
            case other:
                raise AssertionError(f"a field of type {other} is new here")

    def _find(self, wanted: Any, what: str, *, old: bool) -> tuple[ResponseMessage, Component]:
        for message in reversed(self._shown.values()):
            for each in walk(self._first[message.id] if old else message.components):
                if wanted(each):
                    return message, each
        raise AssertionError(f"{what!r} is not there; there is {self.screen.buttons} {list(self.screen.selects)}")

    async def _act(self, message: ResponseMessage, data: dict[str, Any]) -> None:
        # simcord's own click refuses what is no longer drawn; an old client may still send it.
        backend = self._world.env.backend
        stored = backend.get_message(message.channel_id, message.id)
        self._look(
            await _dispatch_actor_interaction(
                self._actor,
                InteractionType.MESSAGE_COMPONENT,
                self._channel,
                data,
                extra={"message": dict(serializers.message_payload(backend, stored))},
                source_message_id=message.id,
            )
        )

    def _look(self, result: InteractionResult) -> None:
        """Takes in what the last step brought."""
        assert result.acknowledged, "Discord shows: the application did not respond"
        self._form = result if result.modal else None
        seen = [each for each in (result.response, *result.followups) if each is not None and not result.modal]
        self._read(seen, modal=result.modal)

    def _read(self, seen: Sequence[ResponseMessage], *, modal: dict[str, Any] | None = None) -> None:
        for message in seen:
            self._shown.pop(message.id, None)
            self._shown[message.id] = message
            self._first.setdefault(message.id, message.components)
            self._last[message.id] = message.components
        parts = [part for message in seen for part in walk(message.components)]
        self.screen = Screen(
            text="\n".join(text for part in parts for text in words_of(part)),
            buttons=tuple(part["label"] for part in parts if part["type"] == BUTTON and "custom_id" in part),
            selects={
                part["placeholder"]: tuple(option["label"] for option in part["options"])
                for part in parts
                if part["type"] == SELECT
            },
            form={name: start_of(each) for name, each in inputs(modal).items()} if modal else None,
            files={file.filename: self._content(file) for message in seen for file in message.attachments},
            private=all(message.ephemeral for message in seen) or isinstance(self._actor, UserHandle),
            pinged=frozenset(name for message in seen for name in self._pinged(message)),
        )
        if modal:
            self.screen.text = "\n".join([modal["title"], *told(modal)])

    def _pinged(self, message: ResponseMessage) -> Iterator[str]:
        stored = self._world.env.backend.get_message(message.channel_id, message.id)
        for name, user in self._world.users.items():
            if user.id in stored.mention_user_ids and stored.allowed_mentions.allows_user(user.id):
                yield name

    def _content(self, file: discord.Attachment) -> bytes:
        content = self._world.env.backend.cdn.get(file.url)
        assert content is not None, file.filename
        return content
