"""Charts as SVG: whatever is in them, it stays a picture of those numbers and nothing else."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Chart, Progress, Series, plain, say
from bot.chart import IN_PAGE, IN_PICTURE, NARROW, WIDE, Theme, bar, numbers, svg

WEEKS = Chart(
    "Your last 4 weeks",
    ("2 Nov", "9 Nov", "16 Nov", "23 Nov"),
    (Series("Applications", (3, 0, 7, 12)), Series("Interviews", (0, 1, 2, 4))),
    say("22 applications and 7 interviews in 4 weeks."),
)
NAME = "{http://www.w3.org/2000/svg}"
KNOWN = {f"{NAME}{tag}" for tag in ("svg", "title", "desc", "rect", "path", "text")}
titles, names = st.text(max_size=80), st.text(max_size=20)
counts = st.integers(min_value=0, max_value=10**6)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    categories = tuple(draw(st.lists(names, max_size=20)))
    rows = st.lists(counts, min_size=len(categories), max_size=len(categories)).map(tuple)
    series = st.lists(st.builds(Series, names, rows), max_size=4).map(tuple)
    return Chart(draw(titles), categories, draw(series), say("{alt}", alt=draw(titles)))


def parsed(drawn: str) -> ET.Element:
    return ET.fromstring(drawn)  # noqa: S314 - our own drawing


def told(drawn: str) -> list[str]:
    return [each.text or "" for each in parsed(drawn).iter(f"{NAME}text")]


@pytest.mark.parametrize("theme", [IN_PICTURE, IN_PAGE])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_it_shows_its_title_its_names_and_every_number(theme: Theme, width: int) -> None:
    shown = told(svg(WEEKS, theme=theme, width=width))
    assert shown[:3] == ["Your last 4 weeks", "Applications", "Interviews"]
    assert {"3", "7", "12", "1", "2", "4"} <= set(shown)
    assert "23 Nov" in shown


def test_who_does_not_see_it_hears_its_name_and_what_it_says() -> None:
    drawn = parsed(svg(WEEKS, theme=IN_PAGE))
    assert drawn.get("role") == "img"
    assert drawn.get("aria-label") == f"{WEEKS.title}. {plain(WEEKS.alt)}"
    assert [each.text for each in list(drawn)[:2]] == [WEEKS.title, plain(WEEKS.alt)]


def test_the_last_category_always_has_its_words_and_none_stand_on_each_other() -> None:
    weeks = tuple(f"{day} November" for day in range(1, 21))
    shown = told(svg(Chart("", weeks, (Series("A", (1,) * 20),), say("")), theme=IN_PAGE, width=NARROW))
    named = [each for each in shown if each in weeks]
    assert named[-1] == "20 November"
    assert 2 <= len(named) <= 4


def test_series_differ_by_more_than_their_colour() -> None:
    bars = re.findall(r'<path d="M[^"]+z"([^>]*)', svg(WEEKS, theme=IN_PICTURE))
    assert len(bars) == 6
    assert len([each for each in bars if "fill-opacity" in each]) == 3


@given(charts(), st.sampled_from([IN_PICTURE, IN_PAGE]), st.sampled_from([WIDE, NARROW]))
def test_any_words_and_numbers_give_a_plain_picture_that_refers_to_nothing(
    chart: Chart, theme: Theme, width: int
) -> None:
    drawn = svg(chart, theme=theme, width=width)
    root = parsed(drawn)
    assert {each.tag for each in root.iter()} <= KNOWN
    names = {name for each in root.iter() for name in each.attrib}
    assert not [name for name in names if name.startswith("on") or "href" in name or name == "style"]
    assert "url(" not in "".join(value for each in root.iter() for value in each.attrib.values())
    across, high = (float(value) for value in (root.get("viewBox") or "").split()[2:])
    for each in root.iter(f"{NAME}rect"):
        assert float(each.get("x", 0)) + float(each.get("width", 0)) <= across
        assert float(each.get("y", 0)) + float(each.get("height", 0)) <= high


@given(st.lists(counts, min_size=1, max_size=12))
def test_a_higher_number_is_never_a_lower_bar_and_none_leaves_the_picture(values: list[int]) -> None:
    one = Chart("", tuple(map(str, range(len(values)))), (Series("A", tuple(values)),), say(""))
    tops = [float(top) for top in re.findall(r'd="M[\d.]+ \d+V([\d.]+)q', svg(one, theme=IN_PICTURE))]
    shown = [value for value in values if value]
    assert len(tops) == len(shown)
    assert all(top > 0 for top in tops)
    assert [top for _, top in sorted(zip(shown, tops, strict=True))] == sorted(tops, reverse=True)


@pytest.mark.parametrize(
    "series", [(Series("A", (1, 2, 3)),), tuple(Series(str(number), (1, 2, 3, 4)) for number in range(5))]
)
def test_what_cannot_be_read_as_a_chart_is_refused(series: tuple[Series, ...]) -> None:
    with pytest.raises(ValueError, match="series"):
        svg(Chart("", WEEKS.categories, series, say("")), theme=IN_PAGE)


def test_the_same_as_a_table() -> None:
    table = numbers(WEEKS)
    assert table.headers == ("When", "Applications", "Interviews")
    assert [" ".join(map(plain, row)) for row in table.rows] == ["2 Nov 3 0", "9 Nov 0 1", "16 Nov 7 2", "23 Nov 12 4"]


@pytest.mark.parametrize(
    ("value", "total", "drawn"),
    [
        (0, 5, "▱▱▱▱"),
        (1, 100, "▰▱▱▱"),
        (2, 4, "▰▰▱▱"),
        (99, 100, "▰▰▰▱"),
        (5, 5, "▰▰▰▰"),
        (9, 5, "▰▰▰▰"),
        (0, 0, "▱▱▱▱"),
    ],
)
def test_a_bar_is_empty_only_at_nothing_and_full_only_when_it_is_done(value: int, total: int, drawn: str) -> None:
    assert bar(Progress(say("x"), value, total), cells=4) == drawn
