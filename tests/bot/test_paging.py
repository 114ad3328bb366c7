"""Pages of a list: together they show every row once, and each says where one is."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.cards import Button, plain, say
from bot.paging import IN_ORDER, Page


def labels(page: Page) -> list[tuple[str, str]]:
    return [(button.label, button.packed) for button in page.turns(lambda label, to: Button(label, f"page:{to}"))]


@given(some.integers(1, 200), some.integers(1, 12))
def test_to_turn_to_the_end_shows_every_row_once(total: int, size: int) -> None:
    page, shown = Page.of(total, number=1, size=size), list[int]()
    while True:
        rows = range(total)[page.skip :][:size]
        assert rows, "no page is empty"
        shown += rows
        onward = [packed for label, packed in labels(page) if label == "Older"]
        if not onward:
            break
        page = Page.of(total, number=int(onward[0].removeprefix("page:")), size=size)
    assert shown == list(range(total))


@pytest.mark.parametrize(("asked", "number"), [(-3, 1), (0, 1), (2, 2), (9, 3)])
def test_a_page_that_is_not_there_is_the_nearest(asked: int, number: int) -> None:
    assert Page.of(11, number=asked, size=5).number == number


def test_one_page_is_not_counted_and_has_nowhere_to_turn() -> None:
    only = Page.of(5, number=1, size=5)
    assert plain(only.counted(say("5 entries"))) == "5 entries."
    assert only.turns(lambda label, to: Button(label, f"{to}")) == ()
    assert Page.of(0, number=1, size=5).last == 1


def test_a_page_in_the_middle_turns_both_ways() -> None:
    middle = Page.of(11, number=2, size=5)
    assert plain(middle.counted(say("11 entries"))) == "11 entries, page 2 of 3."
    assert labels(middle) == [("Newer", "page:1"), ("Older", "page:3")]
    assert [each.label for each in middle.turns(lambda label, _: Button(label, "page"), IN_ORDER)] == ["Back", "More"]
