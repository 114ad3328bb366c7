"""How a feature declares what it offers, and the places where features meet."""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import Concatenate, ParamSpec, TypeVar, overload

from bot.acts import Action, Command, Filler, Handler, Job, Needs, parameters_of
from bot.call import Call, Run
from bot.cards import Card, Element
from bot.events import Anytime
from bot.extensions import Erase, Export, Extensions, Footer, Hold, Listening, Part, Screen, Tally, Tidy
from bot.outbox import Outbox
from bot.turn import Expand

P = ParamSpec("P")
C = TypeVar("C")
E = TypeVar("E")
A = TypeVar("A", bound=Anytime)


Gate = Callable[[Call, Needs, Hold], Awaitable[Card | None]]
"""`async (call, needs, hold)`: a card to show instead of going on, or None to let it pass."""

Section = Callable[[Call], Awaitable[Sequence[Element]]]
"""`async (call)`: the feature's part of a page; empty where there is nothing to show."""

Listener = Callable[[C, E], Awaitable[Sequence[Element]]]
"""`async (call, event)`: what follows from the event; what it gives is shown in the answer that announced it."""


class Feature:
    """One folder of the product: its commands, actions, jobs and contributions."""

    def __init__(self, name: str, summary: str) -> None:
        self.name = name
        self.summary = summary
        self.commands: list[Command[...]] = []
        self.actions: list[Action[...]] = []
        self.jobs: list[Job[...]] = []
        self.schedules: dict[str, Expand] = {}
        self.extensions = Extensions()

    def command(
        self,
        path: str,
        *,
        needs: Needs = Needs(),
        form: Filler | None = None,
        key: str = "",
        formerly: tuple[str, ...] = (),
        title: str = "",
        shortcut: str = "",
    ) -> Callable[[Handler[P]], Command[P]]:
        """Declares what people type. The docstring's first line is its summary, the rest its help.

        `title` heads its form; without one the summary does.
        """

        def declare(handler: Handler[P]) -> Command[P]:
            doc = inspect.getdoc(handler) or ""
            summary, _, details = doc.partition("\n")
            bound, fields = parameters_of(handler)
            if bound:
                raise TypeError(f"{path}: {bound[0].name} needs Annotated[type, Ask(...)]")
            declared = Command(
                key=key or self._key(handler),
                handler=handler,
                bound=bound,
                fields=fields,
                needs=needs,
                form=form,
                title=title or summary.rstrip("."),
                formerly=formerly,
                adds=True,
                path=tuple(path.split()),
                summary=summary,
                details=details.strip(),
                shortcut=shortcut,
            )
            self.commands.append(declared)
            return declared

        return declare

    def action(
        self,
        *,
        title: str = "",
        needs: Needs = Needs(),
        form: Filler | None = None,
        adds: bool = False,
        key: str = "",
        formerly: tuple[str, ...] = (),
    ) -> Callable[[Handler[P]], Action[P]]:
        """Declares what people press. `title` heads the form of an action that asks."""

        def declare(handler: Handler[P]) -> Action[P]:
            bound, fields = parameters_of(handler)
            declared = Action(
                key=key or self._key(handler),
                handler=handler,
                bound=bound,
                fields=fields,
                needs=needs,
                form=form,
                title=title,
                formerly=formerly,
                adds=adds,
            )
            self.actions.append(declared)
            return declared

        return declare

    def job(
        self, *, key: str = "", formerly: tuple[str, ...] = ()
    ) -> Callable[[Callable[Concatenate[Run, P], Awaitable[Card | None]]], Job[P]]:
        """Declares work that runs after the commit."""

        def declare(handler: Callable[Concatenate[Run, P], Awaitable[Card | None]]) -> Job[P]:
            bound, _ = parameters_of(handler)
            declared = Job(key or self._key(handler), handler, bound, formerly)
            self.jobs.append(declared)
            return declared

        return declare

    def schedule(self, kind: str) -> Callable[[Expand], Expand]:
        """Declares what comes of each date of the schedules of this stable `kind`."""

        def declare(function: Expand) -> Expand:
            self.schedules[kind] = function
            return function

        return declare

    def export(self, function: Export) -> Export:
        """Contributes what the feature keeps of a person to their export."""
        self.extensions.export.append(function)
        return function

    def erase(self, function: Erase) -> Erase:
        """Contributes the feature's part of deleting a person."""
        self.extensions.erase.append(function)
        return function

    def home(self, function: Section) -> Section:
        """Contributes a part of one's own page."""
        self.extensions.home.append(function)
        return function

    @overload
    def progress(self, function: Section, /) -> Section: ...

    @overload
    def progress(self, /, *, part: Part) -> Callable[[Section], Section]: ...

    def progress(
        self, function: Section | None = None, /, *, part: Part = Part.WEEK
    ) -> Section | Callable[[Section], Section]:
        """Contributes a section of one's progress; `part` says where on the page. It bounds itself, and says so."""

        def declare(section: Section) -> Section:
            self.extensions.progress.append((part, section))
            return section

        return declare if function is None else declare(function)

    def gate(self, function: Gate) -> Gate:
        """Contributes a question to settle before other commands go on."""
        self.extensions.gate.append(function)
        return function

    def screen(self, function: Screen) -> Screen:
        """Contributes a look at free text before it goes anywhere."""
        self.extensions.screen.append(function)
        return function

    @overload
    def listen(self, event: type[A]) -> Callable[[Listener[Outbox, A]], Listening]: ...  # type: ignore[overload-overlap]  # what is announced is of one class
    @overload
    def listen(self, event: type[E]) -> Callable[[Listener[Call, E]], Listening]: ...

    def listen(self, event: type) -> Callable[[Listening], Listening]:
        """Contributes what follows from something another feature announces, in the same transaction."""

        def declare(function: Listening) -> Listening:
            self.extensions.listen.append((event, function))
            return function

        return declare

    def tidy(self, function: Tidy) -> Tidy:
        """Contributes to the regular removal of what has had its time."""
        self.extensions.tidy.append(function)
        return function

    def tally(self, function: Tally) -> Tally:
        """Contributes to the numbers of what a member has logged."""
        self.extensions.tally.append(function)
        return function

    def footer(self, function: Footer) -> Footer:
        """Contributes a button to every private answer."""
        self.extensions.footer.append(function)
        return function

    def _key(self, handler: Callable[..., object]) -> str:
        return f"{self.name}.{handler.__name__}"
