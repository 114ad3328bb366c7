"""What every answer says of a thing that was changed, put back or deleted."""

from bot.cards import Actions, Button, Card, Element, Row, Text, Words, say
from db.entries import UNDO_HOURS


def changed(undo: Button) -> Row:
    return Row(say("Changed."), undo)


def as_before() -> Text:
    return Text(say("It is as it was before."))


def is_back() -> Text:
    return Text(say("It is back on your list."))


def deleted(gone: Words, undo: Button, *more: Element | Button, title: Words, redraw: str) -> Card:
    """The answer to a deletion; `gone` is a sentence that says what is off which list."""
    lasts = say("{gone} In {hours} hours it is gone for good.", gone=gone, hours=UNDO_HOURS)
    elements = [each for each in more if not isinstance(each, Button)]
    buttons = [each for each in more if isinstance(each, Button)]
    return Card((Text(lasts), *elements, Actions((undo, *buttons))), title=title, redraw=redraw)
