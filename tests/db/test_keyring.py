from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.keyring import Keyring, Sealed, Unopenable, place

HERE = place(table="letters", column="sealed_words", owner="ana", row="1")
ONE = "one:" + base64.b64encode(b"1" * 32).decode()
TWO = "two:" + base64.b64encode(b"2" * 32).decode()
everything = st.text(st.characters(categories=None), max_size=200)


@given(text=everything)
def test_any_text_comes_back(text: str) -> None:
    keys = Keyring.parse(ONE)

    assert keys.open(keys.seal(text, place=HERE), place=HERE) == text


def test_the_same_text_never_looks_the_same_and_hides_its_length() -> None:
    keys = Keyring.parse(ONE)
    first, second, longer = (keys.seal(text, place=HERE) for text in ("sad", "sad", "disappointed"))

    assert first != second
    assert len(first) == len(longer)


@pytest.mark.parametrize(
    "elsewhere",
    [
        place(table="poems", column="sealed_words", owner="ana", row="1"),
        place(table="letters", column="sealed_answer", owner="ana", row="1"),
        place(table="letters", column="sealed_words", owner="ben", row="1"),
        place(table="letters", column="sealed_words", owner="ana", row="2"),
    ],
    ids=["table", "column", "owner", "row"],
)
def test_a_value_moved_elsewhere_does_not_open(elsewhere: bytes) -> None:
    keys = Keyring.parse(ONE)

    with pytest.raises(Unopenable, match="another row, column or member"):
        keys.open(keys.seal("for Ana", place=HERE), place=elsewhere)


@given(words=st.lists(everything.filter(str.isprintable), min_size=8, max_size=8))
def test_no_two_places_are_the_same_bytes(words: list[str]) -> None:
    first = place(table=words[0], column=words[1], owner=words[2], row=words[3])
    second = place(table=words[4], column=words[5], owner=words[6], row=words[7])

    assert (first == second) == (words[:4] == words[4:])


@given(cut=st.integers(0, 96), flip=st.integers(0, 7))
def test_a_damaged_value_does_not_open(cut: int, flip: int) -> None:
    keys = Keyring.parse(ONE)
    sealed = keys.seal("for Ana", place=HERE)
    at = cut % len(sealed)
    flipped = Sealed(sealed[:at] + bytes([sealed[at] ^ (1 << flip)]) + sealed[at + 1 :])

    for damaged in (flipped, Sealed(sealed[:at])):
        with pytest.raises(Unopenable):
            keys.open(damaged, place=HERE)


def test_the_first_key_seals_and_all_open() -> None:
    old = Keyring.parse(ONE).seal("before", place=HERE)
    keys = Keyring.parse(f"{TWO}, {ONE}")

    assert keys.open(old, place=HERE) == "before"
    assert keys.seal("after", place=HERE).key_id == "two"
    with pytest.raises(Unopenable, match="not in the keyring"):
        Keyring.parse(TWO).open(old, place=HERE)


def test_a_generated_key_reads_and_is_new_each_time() -> None:
    two = f"{Keyring.generate()},{Keyring.generate()}"

    assert Keyring.parse(two).open(Keyring.parse(two).seal("x", place=HERE), place=HERE) == "x"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There is no key"),
        (" , ", "There is no key"),
        (ONE.removeprefix("one:"), "Key 1 has no id"),
        (f"{ONE},:{TWO}", "Key 2 has no id"),
        (f"{ONE},two:%%%", "Key 2 is not base64"),
        (f"{ONE},two:c2hvcnQ=", "Key 2 must be 32 bytes"),
        (f"{ONE},one:{TWO.removeprefix('two:')}", "Key 2 has the id of an earlier one"),
        (f"{ONE},two:{ONE.removeprefix('one:')}", "Key 2 repeats an earlier key"),
        ("k:" + base64.b64encode(bytes(32)).decode(), "Key 1 is the sample"),
    ],
)
def test_a_bad_keyring_is_refused_by_position_and_never_by_value(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as refused:
        Keyring.parse(text)

    shown = f"{refused.value!r} {refused.value.__cause__!r}"
    assert not any(word in shown for word in (ONE[4:], TWO[4:], "c2hvcnQ", "%%%"))


def test_a_keyring_shows_its_ids_alone() -> None:
    assert repr(Keyring.parse(f"{TWO},{ONE}")) == "<Keyring two, one>"
    assert repr(Keyring.parse(ONE).seal("x", place=HERE)) == str(Sealed(b"x")) == "<sealed>"


def test_a_fingerprint_tells_two_texts_apart_and_depends_on_the_key() -> None:
    one = Keyring.parse(ONE)

    assert one.fingerprint("discord:1") == Keyring.parse(f"{ONE},{TWO}").fingerprint("discord:1")
    assert len(one.fingerprint("discord:1")) == 32
    assert one.fingerprint("discord:1") != one.fingerprint("discord:2")
    assert one.fingerprint("discord:1") != Keyring.parse(TWO).fingerprint("discord:1")
