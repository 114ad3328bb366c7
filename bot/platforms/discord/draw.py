"""Draws cards as Discord's components v2. Pure: no connection, no event loop, no clock."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import discord
from discord import ui

from bot.cards import (
    Actions,
    Button,
    Card,
    Chart,
    Divider,
    Element,
    Fields,
    File,
    Heading,
    LinkButton,
    Note,
    Progress,
    Row,
    Select,
    Style,
    Table,
    Text,
    Tone,
    plain,
    spans,
    spelled_out,
    summary,
)
from bot.chart import bar, numbers
from bot.platforms.discord import limits
from bot.platforms.discord.limits import TooLarge
from bot.platforms.discord.text import code_block, draw, escape, one_line, visible

Component = dict[str, Any]

EPHEMERAL: Final = 1 << 6
COMPONENTS_V2: Final = 1 << 15


@dataclass(frozen=True, slots=True)
class Message:
    """A card as Discord takes it: its components, uploads, and the only people it may ping."""

    components: Sequence[Component]
    files: tuple[File, ...]
    mentions: discord.AllowedMentions
    private: bool

    def view(self) -> ui.LayoutView:
        """The components in what discord.py sends, kept out of its store of live views. Needs a running loop.

        Buttons are routed by their id, so nothing may hold the view: `stop` before sending keeps it out.
        """
        view = _View(self.components)
        view.stop()
        if not view.is_finished():
            raise RuntimeError("a view is made on the running event loop")
        return view

    def uploads(self) -> list[discord.File]:
        """The files, fresh for one request: sending reads them to their end."""
        return [discord.File(BytesIO(each.content), each.name, description=each.description) for each in self.files]

    def payload(self) -> dict[str, Any]:
        """The body of the message as it goes over the wire, without the files themselves."""
        body: dict[str, Any] = {
            "flags": COMPONENTS_V2 | (EPHEMERAL if self.private else 0),
            "components": self.components,
            "allowed_mentions": self.mentions.to_dict(),
        }
        if self.files:
            body["attachments"] = [
                {"id": number, "filename": each.name, "description": each.description}
                for number, each in enumerate(self.files)
            ]
        return body


class _View(ui.LayoutView):
    """Components that are drawn already: to build discord.py's own of them first takes longer than to draw them."""

    def __init__(self, components: Sequence[Component]) -> None:
        super().__init__(timeout=None)
        self._drawn = list(components)

    def has_components_v2(self) -> bool:
        return True

    def to_components(self) -> list[Component]:
        return self._drawn


def message(card: Card, pictures: Sequence[File] = (), *, mark: int | None = None) -> Message:
    """Draws a card. Raises TooLarge where it does not fit; nothing is ever cut.

    `pictures` are those of its charts, in order; a chart without one is drawn as its numbers. `mark` numbers the
    outermost component, so that the message can be found again.
    """
    parts = [_text(f"## {one_line(card.title)}")] if card.title else []
    left = list(pictures)
    for element in card.body:
        if isinstance(element, Chart) and left:
            parts.append(_picture(left.pop(0)))
        else:
            parts.extend(_element(element))
    parts.extend(_file(each) for each in card.files)
    if not parts:
        parts.append(_text(escape(summary(card))))
    container: Component = {"type": limits.CONTAINER, "accent_color": _COLOURS[card.tone], "components": parts}
    if mark is not None:
        container["id"] = mark
    components = [container]
    limits.check_message(components)
    files = (*card.files, *pictures)
    if len(files) > limits.FILES:
        raise TooLarge(f"at most {limits.FILES} files, not {len(files)}")
    people = [discord.Object(int(each.user)) for each in card.notify if each.user.isdecimal()]
    # Always explicit, also where it is empty: without it a text could ping, and an edit could ping again.
    mentions = discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=people or False)
    return Message(components, files, mentions, card.private)


def _element(element: Element) -> Iterator[Component]:  # noqa: C901 - one case for each kind of element
    match element:
        case Heading(words):
            yield _text(f"### {one_line(words)}")
        case Text(words):
            yield _text(draw(words))
        case Note(words):
            yield _text("\n".join(f"-# {line}" for line in draw(words).split("\n") if line.strip()))
        case Fields(items):
            yield _text("\n".join(f"**{escape(label)}:** {draw(words)}" for label, words in items))
        case Row(words, LinkButton() as link) if not _opens(link):
            yield _text(f"{draw(words)}\n{_spelled_out(link)}")
        case Row(words, button):
            yield {"type": limits.SECTION, "components": [_text(draw(words))], "accessory": _button(button)}
        case Divider():
            yield {"type": limits.SEPARATOR}
        case Progress(label, value, total):
            yield _text(f"{draw(label)}\n{bar(element)} **{value}** of {total}")
        case Chart(alt=alt):
            yield _text(_table(numbers(element)))
            yield _text(f"-# {one_line(alt)}")
        case Table():
            yield _text(_table(element))
        case Actions(items):
            yield from _actions(items)


def _actions(items: Sequence[Button | LinkButton | Select]) -> Iterator[Component]:
    """Rows of five buttons, a row for each select; an address that no button opens is spelled out above them."""
    told = [_spelled_out(item) for item in items if isinstance(item, LinkButton) and not _opens(item)]
    if told:
        yield _text("\n".join(told))
    row: list[Component] = []
    for item in items:
        if isinstance(item, Select):
            if row:
                yield _row(row)
            row = []
            yield _row([_select(item)])
        elif isinstance(item, Button) or _opens(item):
            row.append(_button(item))
            if len(row) == limits.ROW:
                yield _row(row)
                row = []
    if row:
        yield _row(row)


def _text(content: str) -> Component:
    return {"type": limits.TEXT_DISPLAY, "content": content}


def _row(items: list[Component]) -> Component:
    return {"type": limits.ACTION_ROW, "components": items}


def _button(button: Button | LinkButton) -> Component:
    drawn = {"type": limits.BUTTON, "label": visible(button.label)}
    if isinstance(button, LinkButton):
        return {**drawn, "style": _LINK, "url": button.url}
    return {**drawn, "style": _STYLES[button.style], "custom_id": button.packed}


def _select(select: Select) -> Component:
    return {
        "type": limits.SELECT,
        "custom_id": select.packed,
        "placeholder": select.placeholder,
        "options": [
            {
                "label": visible(option.label),
                "value": option.value,
                "default": option.value == select.chosen,
                **({"description": shown} if (shown := visible(option.description)) else {}),
            }
            for option in select.options
        ],
    }


def _opens(link: LinkButton) -> bool:
    """Discord's buttons open web addresses only."""
    return link.url.startswith(("https://", "http://"))


def _spelled_out(link: LinkButton) -> str:
    return f"**{escape(link.label)}:** {escape(spelled_out(link))}"


def _picture(file: File) -> Component:
    picture = {"media": {"url": f"attachment://{file.name}"}, "description": file.description}
    return {"type": limits.MEDIA_GALLERY, "items": [picture]}


def _file(file: File) -> Component:
    if not file.name.isascii() or not file.name.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise TooLarge("a file's name has ASCII letters, digits, dots and dashes only: Discord renames others")
    if limits.length(file.description) > limits.FILE_DESCRIPTION:
        raise TooLarge(f"at most {limits.FILE_DESCRIPTION} characters in a file's description")
    return {"type": limits.FILE, "file": {"url": f"attachment://{file.name}"}}


def _table(table: Table) -> str:
    """Columns of fixed width; a line for each row where a cell is to be drawn natively, which a box would not do."""
    cells = [cell for row in table.rows for cell in row]
    if any(not isinstance(span.value, str | int) for cell in cells for span in spans(cell)):
        rows = [
            " · ".join(f"**{escape(head)}:** {draw(cell)}" for head, cell in zip(table.headers, row, strict=True))
            for row in table.rows
        ]
        return "\n".join([f"**{escape(table.caption)}**", *rows])
    texts = [table.headers, *([" ".join(visible(plain(cell)).split()) for cell in row] for row in table.rows)]
    widths = [max(_width(row[column]) for row in texts) for column in range(len(table.headers))]
    lines = ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in texts]
    lines.insert(1, "  ".join("─" * width for width in widths))
    return f"**{escape(table.caption)}**\n{code_block(chr(10).join(lines))}"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Columns of a fixed-width font: two for wide letters, none for marks."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


_COLOURS: Final = {Tone.PLAIN: None, Tone.CALM: 0x5B8DEF, Tone.GOOD: 0x2FBF9B, Tone.WARN: 0xF0B429}
_STYLES: Final = {
    Style.PLAIN: discord.ButtonStyle.secondary.value,
    Style.PRIMARY: discord.ButtonStyle.primary.value,
    Style.DANGER: discord.ButtonStyle.danger.value,
}
_LINK: Final = discord.ButtonStyle.link.value
