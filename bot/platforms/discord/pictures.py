"""Charts as pictures, since Discord draws none: made once, before the card is drawn, and outside the event loop."""

import asyncio
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import bot
from bot.cards import Card, Chart, File, plain
from bot.chart import IN_PICTURE, svg

logger = logging.getLogger(__name__)

KEPT: Final = 64
"""Pictures that are remembered; one is about 40 kB."""
SECONDS: Final = 3.0
"""A picture takes about 0.05 s."""
FONTS: Final = sorted((Path(bot.__file__).parent / "fonts").glob("*.ttf"))
_LETTERS: Final = re.compile("[ -~\xa0-\xff\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ac]*")
"""What the fonts have. Any other letter would be missing from the picture without a word."""
_RASTERIZE: Final = Path(__file__).with_name("rasterize.py")


async def pictures(card: Card) -> tuple[File, ...]:
    """A picture for each chart of the card, in order; none where one cannot be made: the numbers are then drawn."""
    if not any(isinstance(each, Chart) for each in card.body):
        return ()
    return await asyncio.to_thread(make_pictures, card)


def make_pictures(card: Card) -> tuple[File, ...]:
    """The same for who is outside the event loop already."""
    charts = [each for each in card.body if isinstance(each, Chart)]
    if not all(_LETTERS.fullmatch(text) for each in charts for text in _words(each)):
        return ()
    try:
        drawn = [png(svg(each, theme=IN_PICTURE)) for each in charts]
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        logger.warning("no picture of a chart", extra={"fields": {"error": type(error).__name__}})
        return ()
    return tuple(
        File(f"chart-{number}.png", content, plain(chart.alt))
        for number, (chart, content) in enumerate(zip(charts, drawn, strict=True), start=1)
    )


@lru_cache(KEPT)
def png(source: str) -> bytes:
    """The SVG as PNG. Blocks for some 50 ms. Raises OSError and SubprocessError."""
    command = [sys.executable, "-P", str(_RASTERIZE), *map(str, FONTS)]
    done = subprocess.run(  # noqa: S603 - our own program, our own arguments
        command, input=source.encode(), capture_output=True, check=True, timeout=SECONDS
    )
    return done.stdout


def _words(chart: Chart) -> Iterator[str]:
    yield chart.title
    yield from chart.categories
    yield from (series.name for series in chart.series)
