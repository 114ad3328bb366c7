"""Every command on a database as 2,000 groups leave it in twelve weeks, beside a database of one community."""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Final

from sqlalchemy import Engine, event

from bot.cards import Card
from bot.pack import key_of
from bot.platforms.base import Offer, Request
from db.keyring import Keyring
from tests.benchmarks.measure import MILLISECONDS, percentile
from tests.load.people import Circle, Somebody
from tests.load.people import Size as Population
from tests.load.plans import Read, explaining, read_through
from tests.load.population import populate
from tests.load.town import Town, Who, packed_on, town
from tests.words import words_of

SMALL: Final = 1_000
"""A table of so many rows may be read through, and so many rows be looked at in vain."""
MANY: Final = Population()
ONE_COMMUNITY: Final = Population(communities=1, groups=50)
_TO_SUNDAY: Final = timedelta(hours=23)
"""Until the date of the week's plan begins somewhere."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: each command `each` times in each database."""

    population: Population = MANY
    beside: Population = ONE_COMMUNITY
    each: int = 40


@dataclass(frozen=True, slots=True)
class Place:
    """One database to measure in."""

    name: str
    url: str
    population: Population


@dataclass(slots=True)
class Took:
    """What one thing took in one database, each time."""

    milliseconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    """Milliseconds of the program's own, which hardly depend on what else the machine does."""
    statements: list[int] = field(default_factory=list)

    def add(self, other: "Took") -> None:
        self.milliseconds += other.milliseconds
        self.processor += other.processor
        self.statements += other.statements

    def at(self, percent: int) -> float:
        return percentile(self.milliseconds, percent)


Found = Mapping[str, Mapping[str, Took]]
"""What was done -> the name of the database -> what it took."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that was found. `bad` are the statements of the first place that read too much."""

    commands: Found
    bad: Sequence[Read]
    turned: Mapping[str, Took]
    """Database -> the week's plan of each group, all due at once."""
    populated: Mapping[str, float]
    """Database -> seconds."""


async def measure(places: Sequence[Place], size: Size) -> Loaded:
    """Each command by each place in turn, every time by somebody else; statements are explained in the first place."""
    keyring = Keyring.parse(Keyring.generate())
    populated: dict[str, float] = {}
    async with AsyncExitStack() as stack:
        towns: dict[str, Town] = {}
        for place in places:
            began = time.perf_counter()
            circles: Sequence[Circle] = await populate(place.url, keyring, place.population)
            populated[place.name] = time.perf_counter() - began
            towns[place.name] = await stack.enter_async_context(town(place.url, keyring, circles))
        found: defaultdict[str, defaultdict[str, Took]] = defaultdict(lambda: defaultdict(Took))
        first = towns[places[0].name]
        with explaining() as reads:
            await _all(first, defaultdict(Took), turn=0)
            bad = await read_through(first.app.database, [*reads.values()], few=SMALL)
            bad += [read for read in reads.values() if max(read.in_vain.values(), default=0) > SMALL]
        for turn in range(1, size.each + 1):
            for name, there in towns.items():
                took: defaultdict[str, Took] = defaultdict(Took)
                await _all(there, took, turn=turn)
                for what, each in took.items():
                    found[what][name].add(each)
        turned = {place.name: await _turn(towns[place.name], place.population.groups) for place in places}
    # What can be pressed differs from screen to screen: what was never seen in one of the places is left out.
    return Loaded({what: each for what, each in found.items() if len(each) == len(places)}, bad, turned, populated)


async def _all(there: Town, took: defaultdict[str, Took], *, turn: int) -> None:
    """Each command once, and on what it shows each thing to press that only reads; then one's own page."""
    for offer in there.app.dispatcher.offers:
        somebody = there.next(_who(offer, turn))
        fields = [field for field in offer.fields if field.required or turn % 2]
        values = await there.typed(somebody, offer.key, fields)
        cards = await _ask(there, took, f"`{' '.join(offer.path)}`", somebody, Request(offer.key, values))
        for packed in {key_of(each): each for card in cards for each in packed_on(card, there.random)}.values():
            act = there.app.features.acts[key_of(packed)]
            if act.needs.reads and act.needs.database:
                await _ask(there, took, f"press {act.key}", somebody, Request(packed))
    with _counted(took["one’s own page"]):
        await there.look_home(there.next(Who.MEMBER))


async def _ask(
    there: Town, took: defaultdict[str, Took], what: str, somebody: Somebody, request: Request
) -> list[Card]:
    """Until the first answer; what then follows it is another row."""
    arrival = there.arrival(somebody)
    with _counted(took[what]):
        answer = await there.app.dispatcher.answer(arrival, request)
    answers = [answer]
    while (then := answers[-1].then) is not None:
        with _counted(took[f"{what}, what follows"]):
            answers.append(await then())
    cards = [each.card for each in answers if each.card is not None]
    for card in cards:
        assert not any("Something went wrong" in line for line in words_of(card)), what
    return cards


async def _turn(there: Town, groups: int) -> Took:
    """The week's plan of all groups, for one of them."""
    took = Took()
    there.clock.move(_TO_SUNDAY)
    with _counted(took):
        await there.app.rhythm.turn()
    return Took(
        [each / groups for each in took.milliseconds],
        [each / groups for each in took.processor],
        [each // groups for each in took.statements],
    )


@contextmanager
def _counted(took: Took) -> Iterator[None]:
    statements = count()

    def note(*_: object) -> None:
        next(statements)

    event.listen(Engine, "before_cursor_execute", note)
    began, used = time.perf_counter(), time.process_time()
    try:
        yield
    finally:
        took.milliseconds.append((time.perf_counter() - began) * MILLISECONDS)
        took.processor.append((time.process_time() - used) * MILLISECONDS)
        event.remove(Engine, "before_cursor_execute", note)
        took.statements.append(next(statements))


def _who(offer: Offer, turn: int) -> Who:
    """By turns everybody who may ask for it."""
    if offer.admins:
        return Who.ADMIN
    return (Who.MEMBER, Who.LEADER, Who.MEMBER, Who.MODERATOR, Who.ADMIN)[turn % 5]
