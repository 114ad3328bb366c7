"""Draws a chart as SVG: one source for the page, which colours it by its own variables, and for pictures."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import count
from math import ceil
from typing import Final

from bot.cards import Chart, Progress, Table, plain, say

WIDE: Final = 640
"""Pixels across, for a picture and for a screen with room."""
NARROW: Final = 320
"""The same for a phone: fewer words under the bars."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as CSS knows them."""

    paper: str
    ink: str
    soft: str
    line: str
    bars: tuple[str, str, str, str]
    """By series; every second one is an outline, so that colour is never the only difference."""
    font: str
    margin: int
    """Pixels around it; without any it has no background of its own either."""


IN_PICTURE: Final = Theme(
    paper="#1b2225",
    ink="#e9eceb",
    soft="#a3aeb1",
    line="#36434a",
    bars=("#76d2c5", "#f0c060", "#8fc1ea", "#ff9f94"),
    font="Inter",
    margin=24,
)
"""Fixed, for a picture that stands on what others chose: readable by day and by night."""

IN_PAGE: Final = Theme(
    paper="var(--surface)",
    ink="var(--ink)",
    soft="var(--soft)",
    line="var(--line)",
    bars=("var(--accent)", "var(--warn)", "var(--calm)", "var(--danger)"),
    font="inherit",
    margin=0,
)


def svg(chart: Chart, *, theme: Theme, width: int = WIDE) -> str:
    """The chart as an SVG element of `width` pixels, as high as it needs; it refers to nothing outside itself.

    Raises ValueError for more than 4 series, and for a series whose numbers are not one for each category.
    """
    drawing = _Drawing(chart, theme, width)
    parts = "".join(drawing.parts())
    # Not every browser reads a description out; a name they all do.
    name = _text(f"{chart.title}. {plain(chart.alt)}")
    about = f"<title>{_text(chart.title)}</title><desc>{_text(plain(chart.alt))}</desc>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {drawing.height}" width="{width}"'
        f' height="{drawing.height}" role="img" aria-label="{name}" font-family="{theme.font}">{about}{parts}</svg>'
    )


def numbers(chart: Chart) -> Table:
    """The same as a table, for those who do not see it and for where no chart can be drawn."""
    rows = zip(chart.categories, *(series.values for series in chart.series), strict=True)
    return Table(
        chart.title,
        ("When", *(series.name for series in chart.series)),
        tuple((say("{when}", when=when), *(say("{n}", n=value) for value in values)) for when, *values in rows),
    )


def bar(progress: Progress, *, cells: int = 10) -> str:
    """A bar of characters: empty only at nothing, full only when it is done."""
    done = min(progress.value, progress.total) * cells // max(progress.total, 1)
    filled = max(done, 1) if progress.value > 0 else 0
    return "▰" * filled + "▱" * (cells - filled)


_TITLE: Final = 16
_WORDS: Final = 13
_SMALLEST: Final = 8.5
_LINE: Final = 22
"""Pixels from one line of words to the next."""
_PLOT: Final = 190
_LETTER: Final = 0.58
"""Width of a letter, of its height: Inter's digits and small letters are no wider on average."""
_SPACES: Final = 4
"""Between the lines of the axis, at most."""
_ROUND: Final = 3
_SERIES: Final = 4
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Drawing:
    """Where everything of one chart stands, from top to bottom: title, legend, bars, categories."""

    def __init__(self, chart: Chart, theme: Theme, width: int) -> None:
        if len(chart.series) > _SERIES:
            raise ValueError(f"a chart has at most {_SERIES} series, not {len(chart.series)}")
        if any(len(series.values) != len(chart.categories) for series in chart.series):
            raise ValueError("a series has one number for each category")
        self._chart = chart
        self._theme = theme
        self._width = width
        self._step, self._top = _scale(max((value for each in chart.series for value in each.values), default=0))
        self._title = list(_lines(chart.title, size=_TITLE, width=width - 2 * theme.margin))
        self._legend = list(_places([each.name for each in chart.series], width=width - 2 * theme.margin))
        self._left = theme.margin + 10 + _width(str(self._top), _WORDS)
        self._right = width - theme.margin
        legend = self._legend[-1][1] + 1 if self._legend else 0
        self._legend_at = theme.margin + len(self._title) * 24 + 2
        self._plot_at = self._legend_at + legend * _LINE + 26
        self._floor = self._plot_at + _PLOT
        self.height = self._floor + _LINE + 4 + theme.margin

    def parts(self) -> Iterator[str]:
        theme = self._theme
        if theme.margin:
            yield f'<rect width="{self._width}" height="{self.height}" rx="14" fill="{theme.paper}"/>'
        for number, line in enumerate(self._title):
            y = theme.margin + 17 + 24 * number
            yield self._words(line, theme.margin, y, size=_TITLE, fill=theme.ink, weight=600)
        yield from self._explain()
        yield from self._axis()
        yield from self._bars()
        yield from self._numbers()
        for index, category in enumerate(self._chart.categories):
            yield from self._category(index, category)

    def _explain(self) -> Iterator[str]:
        for number, (series, (x, row)) in enumerate(zip(self._chart.series, self._legend, strict=True)):
            left, base = self._theme.margin + x, self._legend_at + row * _LINE + 16
            yield f'<rect x="{left + 1}" y="{base - 11}" width="12" height="12" rx="3"{self._look(number)}/>'
            yield self._words(series.name, left + 21, base, fill=self._theme.ink)

    def _axis(self) -> Iterator[str]:
        for value in range(0, self._top + 1, self._step):
            y = self._y(value)
            line = self._theme.line if value else self._theme.soft
            yield f'<path d="M{self._left} {y:.1f}H{self._right}" stroke="{line}"/>'
            yield self._words(str(value), self._left - 8, y + 4.5, fill=self._theme.soft, anchor="end")

    def _bars(self) -> Iterator[str]:
        r = min(_ROUND, self._thick / 2)
        for number, _, x, y in self._stand():
            shape = (
                f"M{x:.1f} {self._floor}V{y + r:.1f}q0-{r:g} {r:g}-{r:g}h{self._thick - 2 * r:.1f}q{r:g} 0 {r:g} {r:g}"
            )
            yield f'<path d="{shape}V{self._floor}z"{self._look(number)}/>'

    def _numbers(self) -> Iterator[str]:
        """Above the bars, and drawn after all of them: none covers a number."""
        # Where one meets the bar beside it, an edge of the paper's colour keeps it readable.
        edge = f' stroke="{self._theme.paper}" stroke-width="2.5" paint-order="stroke"'
        for _, value, left, y in self._stand():
            text, x = str(value), left + self._thick / 2
            size = min(_WORDS, self._each * 1.25 / (len(text) * _LETTER))
            # Smaller it would be a stain among the bars; the axis and the table have it all the same.
            if size >= _SMALLEST:
                yield self._words(text, x, y - 6, size, fill=self._theme.ink, weight=600, anchor="middle", edge=edge)

    def _stand(self) -> Iterator[tuple[int, int, float, float]]:
        """Every bar there is: number of its series, value, left and upper edge."""
        for index in range(len(self._chart.categories)):
            start = self._middle(index) - self._each * len(self._chart.series) / 2 + (self._each - self._thick) / 2
            for number, series in enumerate(self._chart.series):
                value = series.values[index]
                if value > 0:
                    yield number, value, start + number * self._each, min(self._y(value), self._floor - 4)

    def _category(self, index: int, category: str) -> Iterator[str]:
        # Counted from the last one, which is the one that people look for: it always has its words.
        widest = max(_width(each, _WORDS) for each in self._chart.categories) + 10
        every = ceil(widest / self._pitch)
        if (len(self._chart.categories) - 1 - index) % every == 0:
            half = _width(category, _WORDS) / 2
            x = min(self._middle(index), self._right - half)
            yield self._words(category, x, self._floor + 20, fill=self._theme.soft, anchor="middle")

    def _words(
        self, text: str, x: float, y: float, size: float = _WORDS, *, fill: str, weight: int = 400,
        anchor: str = "start", edge: str = "",
    ) -> str:  # fmt: skip
        return (
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:.3g}" font-weight="{weight}" fill="{fill}"'
            f' text-anchor="{anchor}"{edge}>{_text(text)}</text>'
        )

    def _look(self, number: int) -> str:
        colour = self._theme.bars[number]
        inside = ' fill-opacity="0.22"' if number % 2 else ""
        return f' fill="{colour}"{inside} stroke="{colour}" stroke-width="1.5"'

    @property
    def _pitch(self) -> float:
        """Pixels from one category to the next."""
        return (self._right - self._left) / max(len(self._chart.categories), 1)

    @property
    def _each(self) -> float:
        """Pixels for one bar; those of one category stand together, apart from the next."""
        return self._pitch * 0.86 / max(len(self._chart.series), 1)

    @property
    def _thick(self) -> float:
        return min(self._each * 0.92, 34.0)

    def _middle(self, index: int) -> float:
        return self._left + self._pitch * (index + 0.5)

    def _y(self, value: int) -> float:
        return self._floor - _PLOT * value / self._top


def _scale(most: int) -> tuple[int, int]:
    """Whole numbers for the axis: from one line to the next, and the highest."""
    steps = (first * 10**zeros for zeros in count() for first in (1, 2, 3, 4, 5))
    step = next(each for each in steps if each * _SPACES >= most)
    return step, max(ceil(most / step), 1) * step


def _lines(text: str, *, size: float, width: float) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and _width(longer, size) > width:
            yield line
            longer = word
        line = longer
    if line:
        yield line


def _places(names: Sequence[str], *, width: float) -> Iterator[tuple[float, int]]:
    """Where each name of the legend stands: pixels from the left, and its row."""
    x, row = 0.0, 0
    for name in names:
        wide = 21 + _width(name, _WORDS) + 20
        if x and x + wide - 20 > width:
            x, row = 0.0, row + 1
        yield x, row
        x += wide


def _width(text: str, size: float) -> float:
    return len(text) * size * _LETTER


def _text(text: str) -> str:
    return escape(_NOT_IN_XML.sub("", text))
