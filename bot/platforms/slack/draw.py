"""Cards as Block Kit. Pure: the same card gives the same payload.

People's words go into `rich_text` and `plain_text`, which know no markup. What those cannot do (a button at the end of
a line, two columns, small print) is drawn as `mrkdwn` where the words cannot be read as markup, else as the plainer
`rich_text`: the look changes, the words never do.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.cards import (
    Actions,
    Button,
    Card,
    Chart,
    Divider,
    Element,
    Fields,
    Heading,
    LinkButton,
    Note,
    Option,
    Progress,
    Row,
    Select,
    Style,
    Table,
    Text,
    Words,
    join,
    plain,
    say,
    spelled_out,
    summary,
)
from bot.chart import bar
from bot.platforms.slack.limits import (
    ACTION_ELEMENTS,
    CHART_CATEGORIES,
    CHART_LABEL,
    CHART_TITLE,
    CHARTS,
    HEADER_TEXT,
    SECTION_FIELDS,
    Json,
    check_message,
    check_view,
)
from bot.platforms.slack.words import Ink, Spelling, escaped, is_plain, is_web, marked, rich, shown

NAME: Final = "Steppingstone"
_STYLES: Final = {Style.PRIMARY: "primary", Style.DANGER: "danger"}
_EMPTY: Final = say("–")


def message(card: Card, *, spelling: Spelling, native: bool = True) -> Json:
    """`text` and `blocks` of a message. Without `native`, only blocks that every workspace knows. Raises TooLarge."""
    return check_message({"text": escaped(summary(card)), "blocks": _blocks(card, spelling, native=native)})


def home(card: Card, *, spelling: Spelling, native: bool = True) -> Json:
    """The view of App Home. Raises TooLarge."""
    return check_view({"type": "home", "blocks": _blocks(card, spelling, native=native)})


def page(card: Card, *, spelling: Spelling) -> Json:
    """The card as a modal, for where there is no conversation to answer in. Raises TooLarge."""
    return check_view({
        "type": "modal",
        "title": plain_text(NAME),
        "close": plain_text("Close"),
        "blocks": _blocks(card, spelling, native=False),  # a modal takes no table
    })  # fmt: skip


def plain_text(text: str) -> Json:
    """A text that knows no markup; `:smile:` stays as it was typed. Slack takes none that is blank."""
    clean = shown(text)
    return {"type": "plain_text", "text": clean if clean.strip() else "–", "emoji": False}


def rich_text(elements: Sequence[Json]) -> Json:
    """A block of `rich_text` elements."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def option(each: Option) -> Json:
    """One option of a select, of radio buttons or of checkboxes."""
    drawn: Json = {"text": plain_text(each.label), "value": each.value}
    return {**drawn, "description": plain_text(each.description)} if each.description else drawn


def _blocks(card: Card, spelling: Spelling, *, native: bool) -> list[Json]:
    pings = None if card.private else frozenset(mention.user for mention in card.notify)
    drawing = _Drawing(Ink(spelling, pings), native=native)
    if card.title:
        drawing.add(Heading(card.title))
    for element in card.body:
        drawing.add(element)
    return drawing.blocks or [rich_text([{"type": "text", "text": shown(summary(card))}])]


class _Drawing:
    """The blocks of one message; counts what can be pressed, so that every action_id is its own."""

    def __init__(self, ink: Ink, *, native: bool) -> None:
        self.blocks: list[Json] = []
        self._ink = ink
        self._native = native
        self._presses = 0

    def add(self, element: Element) -> None:  # noqa: C901 - one case for each kind of element
        match element:
            case Heading(words):
                self._heading(words)
            case Text(words):
                self._lines([words])
            case Note(words):
                self._note(words)
            case Fields(items):
                self._fields(items)
            case Row():
                self._row(element)
            case Divider():
                self.blocks.append({"type": "divider"})
            case Progress(label, value, total):
                self._lines([label, say("{bar} **{value}** of {total}", bar=bar(element), value=value, total=total)])
            case Chart():
                self._chart(element)
            case Table():
                self._table(element)
            case Actions(items):
                self._actions(items)

    def _heading(self, words: Words) -> None:
        text = shown(plain(words))
        if is_plain(words) and "\n" not in text and text.strip() and len(text) <= HEADER_TEXT:
            self.blocks.append({"type": "header", "text": plain_text(text)})
        else:
            self._lines([words], bold=True)

    def _lines(self, lines: Iterable[Words], *, bold: bool = False) -> None:
        elements = rich(join("\n", [words for words in lines if words]), self._ink, bold=bold)
        if elements:
            self.blocks.append(rich_text(elements))

    def _note(self, words: Words) -> None:
        text = marked(words, self._ink)
        if text:
            self.blocks.append({"type": "context", "elements": [_mrkdwn(text)]})
        else:
            self._lines([words])

    def _fields(self, items: Sequence[tuple[str, Words]]) -> None:
        for start in range(0, len(items), SECTION_FIELDS):
            lines = [
                say("**{label}**\n{value}", label=label, value=value if plain(value) else _EMPTY)
                for label, value in items[start : start + SECTION_FIELDS]
            ]
            texts = [marked(line, self._ink) for line in lines]
            if all(texts):
                self.blocks.append({"type": "section", "fields": [_mrkdwn(text) for text in texts if text]})
            else:
                self._lines(lines)

    def _row(self, row: Row) -> None:
        text = marked(row.words, self._ink)
        button = self._pressable(row.button)
        if text and button:
            self.blocks.append({"type": "section", "text": _mrkdwn(text), "accessory": button})
            return
        self._lines([row.words])
        self._actions([row.button])

    def _chart(self, chart: Chart) -> None:
        """Slack's own chart where there is room for it and the workspace knows it; else its numbers, line by line."""
        if self._native and _is_chart(chart) and _count(self.blocks, "data_visualization") < CHARTS:
            self.blocks.append(_native_chart(chart))
        else:
            self._lines([say("{title}", title=chart.title)], bold=True)
            rows = zip(chart.categories, *(series.values for series in chart.series), strict=True)
            self._lines([
                say("{when}: {values}", when=when, values=join(" · ", [
                    say("{name} **{n}**", name=series.name, n=value)
                    for series, value in zip(chart.series, values, strict=True)
                ]))
                for when, *values in rows
            ])  # fmt: skip
        # Slack's chart has no place for words that say the same.
        self._note(chart.alt)

    def _table(self, table: Table) -> None:
        self._lines([say("{caption}", caption=table.caption)], bold=True)
        # Slack takes one table in a message; the others are lines.
        if self._native and not _count(self.blocks, "table"):
            headers = [{"type": "raw_text", "text": shown(header) or "–"} for header in table.headers]
            rows = [[rich_text(rich(cell, self._ink) or rich(_EMPTY, self._ink)) for cell in row] for row in table.rows]
            self.blocks.append({"type": "table", "rows": [headers, *rows]})
            return
        self._lines([
            join(" · ", [
                say("{name}: {cell}", name=name, cell=cell if plain(cell) else _EMPTY)
                for name, cell in zip(table.headers, row, strict=False)
            ])
            for row in table.rows
        ])  # fmt: skip

    def _actions(self, items: Sequence[Button | LinkButton | Select]) -> None:
        # A telephone number or an e-mail cannot be a button here, so it is written out.
        self._lines([
            say("{label}: **{address}**", label=item.label, address=spelled_out(item))
            for item in items
            if isinstance(item, LinkButton) and not is_web(item.url)
        ])  # fmt: skip
        elements = [element for item in items if (element := self._pressable(item))]
        for start in range(0, len(elements), ACTION_ELEMENTS):
            self.blocks.append({"type": "actions", "elements": elements[start : start + ACTION_ELEMENTS]})

    def _pressable(self, item: Button | LinkButton | Select) -> Json | None:
        number = self._presses
        self._presses += 1
        match item:
            case Button(label, packed, style):
                drawn: Json = {
                    "type": "button",
                    "action_id": str(number),
                    "text": plain_text(label),
                    "value": packed,
                }
                return {**drawn, "style": _STYLES[style]} if style in _STYLES else drawn
            case LinkButton(label, url):
                if not is_web(url):
                    return None
                return {"type": "button", "action_id": str(number), "text": plain_text(label), "url": url}
            case Select():
                return _select(item, number)


def _select(select: Select, number: int) -> Json:
    drawn: Json = {
        "type": "static_select",
        # A select carries no value of its own beside the chosen one, so its id carries the call.
        "action_id": f"{number}:{select.packed}",
        "placeholder": plain_text(select.placeholder),
        "options": [option(each) for each in select.options],
    }
    chosen = next((option(each) for each in select.options if each.value == select.chosen), None)
    return {**drawn, "initial_option": chosen} if chosen else drawn


def _is_chart(chart: Chart) -> bool:
    """Whether Slack takes it as it is. Names may not be told apart by what is cut, so nothing is."""
    labels = [*chart.categories, *(series.name for series in chart.series)]
    return (
        0 < len(chart.title) <= CHART_TITLE
        and 0 < len(chart.categories) <= CHART_CATEGORIES
        and all(0 < len(shown(label)) <= CHART_LABEL for label in labels)
        and len({*chart.categories}) == len(chart.categories)
        and len({series.name for series in chart.series}) == len(chart.series) > 0
    )


def _native_chart(chart: Chart) -> Json:
    categories = [shown(each) for each in chart.categories]
    series = [
        {
            "name": shown(each.name),
            "data": [{"label": label, "value": value} for label, value in zip(categories, each.values, strict=True)],
        }
        for each in chart.series
    ]
    drawn: Json = {"type": "bar", "series": series, "axis_config": {"categories": categories}}
    return {"type": "data_visualization", "title": shown(chart.title), "chart": drawn}


def _count(blocks: Sequence[Json], kind: str) -> int:
    return sum(block["type"] == kind for block in blocks)


def _mrkdwn(text: str) -> Json:
    # `verbatim` keeps Slack from finding links, channels and people in the words.
    return {"type": "mrkdwn", "text": text, "verbatim": True}
