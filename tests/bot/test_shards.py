import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.environment import WrongSettings, read_settings
from bot.shards import Shards


@given(st.data())
def test_what_is_written_is_read(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 99_999))
    last = data.draw(st.integers(0, count - 1))
    first = data.draw(st.integers(0, last))
    assert list(Shards.parse(f"{first}-{last}/{count}")) == list(range(first, last + 1))


def test_a_single_one_needs_no_range() -> None:
    assert Shards.parse("2/8") == Shards(2, 2, 8)


def test_all_of_them() -> None:
    assert Shards.all_of(4) == Shards.parse("0-3/4")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "such as 0-3/8"),
        ("4", "such as 0-3/8"),
        ("0-3", "such as 0-3/8"),
        ("0-3/8/9", "such as 0-3/8"),
        ("-1-3/8", "such as 0-3/8"),
        ("0 - 3 / 8", "such as 0-3/8"),
        ("3-0/8", "the smaller number first"),
        ("0-8/8", "the last shard of 8 is 7"),
        ("0/0", "the last shard of 0"),
    ],
)
def test_anything_else_is_refused_with_what_it_should_be(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Shards.parse(text)


def test_a_wrong_setting_is_a_sentence() -> None:
    with pytest.raises(WrongSettings) as refused:
        read_settings(discord_shards="all of them")
    (line,) = refused.value.lines
    assert line.startswith("STEPPINGSTONE_DISCORD_SHARDS should be such as 0-3/8: ")
    with pytest.raises(WrongSettings, match="STEPPINGSTONE_DISCORD_SHARDS: counts from 0"):
        read_settings(discord_shards="0-8/8")
