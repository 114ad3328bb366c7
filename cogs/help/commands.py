"""Help, made from the list of all commands: it cannot say what is not there."""

from collections.abc import Sequence
from typing import Annotated, Final

from bot.acts import Needs
from bot.call import Call
from bot.cards import Actions, Card, Divider, Element, Heading, Note, Style, Text, Typed, Words, join, say
from bot.catalogue import Entry
from bot.errors import Gone, Refusal
from bot.feature import Feature
from bot.options import Ask, Field, Kind
from cogs.help import service

helping = Feature("help", "All that you can ask for.")

ALWAYS: Final = Needs(reads=True, before_consent=True, without_saving=True)
FEATURES_ON_A_PAGE: Final = 6
NEAR: Final = 4


async def commands(call: Call, typed: str) -> Sequence[str]:
    allowed = service.find_allowed(call.catalogue, role=call.member.role)
    return [words for words in allowed if typed.casefold().strip() in words]


@helping.command("help", title="Help", needs=ALWAYS)
async def show(
    call: Call,
    command: Annotated[
        str | None,
        Ask("Which command?", hint="Leave empty to see all", example="rejection log", complete=commands),
    ] = None,
) -> Card:
    """See all that you can ask for, with examples."""
    if command is None:
        return _page(call, 1)
    found = service.find_near(call.catalogue, typed=command, role=call.member.role, limit=NEAR)
    if len(found) == 1:
        return _entry(found[0])
    if not found:
        raise Refusal(
            say("I know no command like {typed}. Here is what there is.", typed=command),
            page.button("All commands", Style.PRIMARY, 1),
        )
    near = [one.button(entry.words, Style.PLAIN, entry.words) for entry in found]
    raise Refusal(say("I know no command {typed}. Did you mean one of these?", typed=command), *near)


@helping.action(needs=ALWAYS)
async def page(call: Call, number: int) -> Card:
    return _page(call, number)


@helping.action(needs=ALWAYS)
async def one(call: Call, words: str) -> Card:
    allowed = service.find_allowed(call.catalogue, role=call.member.role)
    if words not in allowed:
        raise Gone
    return _entry(allowed[words])


def _page(call: Call, number: int) -> Card:
    groups = service.find_groups(call.catalogue, role=call.member.role)
    last = max(1, -(-len(groups) // FEATURES_ON_A_PAGE))
    number = min(max(number, 1), last)
    shown = groups[FEATURES_ON_A_PAGE * (number - 1) : FEATURES_ON_A_PAGE * number]
    back = (page.button("Back", Style.PLAIN, number - 1),) if number > 1 else ()
    on = (page.button("More", Style.PLAIN, number + 1),) if number < last else ()
    turn: tuple[Element, ...] = (Actions((*back, *on)),) if back or on else ()
    how = say("More about one of them: {it}", it=Typed("help", {"command": "rejection log"}))
    return Card((*map(_group, shown), Note(how), *turn), title=say("What you can ask for"))


def _group(entries: Sequence[Entry]) -> Element:
    lines = [say("**{summary}**", summary=entries[0].feature_summary)]
    lines += [say("{command} {summary}", command=Typed(entry.words), summary=entry.summary) for entry in entries]
    return Text(join("\n", lines))


def _entry(entry: Entry) -> Card:
    asked: tuple[Element, ...] = ()
    if entry.fields:
        asked = (Divider(), Heading(say("What it asks")), *(Text(_asked(field)) for field in entry.fields))
    more = (Text(say("{details}", details=entry.details)),) if entry.details else ()
    return Card(
        (
            Text(say("{summary}", summary=entry.summary)),
            *more,
            *asked,
            Divider(),
            Text(say("For example: {example}", example=entry.example)),
            Actions((page.button("All commands", Style.PLAIN, 1),)),
        ),
        title=say("{words}", words=entry.words),
    )


def _asked(field: Field) -> Words:
    parts = [say("**{label}**", label=field.ask.label)]
    if not field.required:
        parts.append(say("(may be left empty)"))
    if field.ask.hint:
        parts.append(say("{hint}.", hint=field.ask.hint))
    if field.options:
        options = ", ".join(option.label for option in field.options)
        several = field.kind is Kind.CHOICES
        parts.append(say("Any of: {options}." if several else "One of: {options}.", options=options))
    return join(" ", parts)
