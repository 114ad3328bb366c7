"""What a person who follows a script finds before them: the button or option of a step, and the fields of a form."""

from collections.abc import Iterator, Mapping, Sequence

from bot.cards import Actions, Button, Card, Mention, Row, Select, Words, spans
from bot.options import Field, Raw
from bot.pack import with_value
from bot.platforms.base import Form
from bot.platforms.web.script import Step, Way


class OtherwiseError(Exception):
    """Something is not as the script says; the message says what was found instead."""


def find_packed(card: Card, step: Step, *, names: Mapping[str, str]) -> str | None:
    """The packed call of what is pressed or chosen on the card; None where it has none such.

    `names` are those of people by their ids. Raises OtherwiseError where more than one is called so.
    """
    fitting = list(_pressed(card, step, names) if step.way is Way.PRESSED else _chosen(card, step))
    if len(fitting) > 1:
        raise OtherwiseError("there is more than one of it")
    return fitting[0] if fitting else None


def fill(form: Form, step: Step) -> dict[str, Raw]:
    """The form with what was typed over what it started with. Raises OtherwiseError for a field it does not have."""
    started: dict[str, Raw] = {field.name: field.value for field in form.fields if field.value}
    return started | typed(form.fields, step)


def typed(fields: Sequence[Field], step: Step) -> dict[str, Raw]:
    """What the step types, by the names of the fields. Raises OtherwiseError for a field that there is not."""
    named = {called: field.name for field in fields for called in (field.ask.label, field.name)}
    if any(called not in named for called in step.filled):
        raise OtherwiseError(f"it asks {', '.join(field.name for field in fields)}")
    return {named[called]: words for called, words in step.filled.items()}


def _pressed(card: Card, step: Step, names: Mapping[str, str]) -> Iterator[str]:
    for element in card.body:
        if isinstance(element, Row) and step.beside in _read(element.words, names):
            found: Sequence[object] = (element.button,)
        elif isinstance(element, Actions) and not step.beside:
            found = element.items
        else:
            continue
        yield from (each.packed for each in found if isinstance(each, Button) and each.label == step.words)


def _chosen(card: Card, step: Step) -> Iterator[str]:
    for element in card.body:
        for each in element.items if isinstance(element, Actions) else ():
            if isinstance(each, Select) and each.placeholder == step.words:
                chosen = [option for option in each.options if option.label.startswith(step.choice)]
                yield from (with_value(each.packed, option.value) for option in chosen)


def _read(words: Words, names: Mapping[str, str]) -> str:
    """The words with people's names in them, as this page shows them."""
    values = [span.value for span in spans(words)]
    return "".join(names.get(each.user, "") if isinstance(each, Mention) else str(each) for each in values)
