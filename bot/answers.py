"""The cards and forms that the machine itself makes: refusals, failures, fields to fix, forms to fill."""

from collections.abc import Mapping
from dataclasses import replace

from bot.acts import Act, Filling
from bot.cards import Actions, Button, Card, Fields, Note, Text, Tone, say, with_button
from bot.errors import Refusal, WrongFields
from bot.extensions import Extensions
from bot.options import Raw, write
from bot.platforms.base import Form


def refused(refusal: Refusal) -> Card:
    """A no that a person can act on."""
    buttons = (Actions(refusal.buttons),) if refusal.buttons else ()
    return Card((Text(refusal.words), *buttons), tone=Tone.CALM)


def failure(reference: str) -> Card:
    """What an unknown failure looks like to a person: nothing done, and a reference to quote."""
    return Card(
        (
            Text(say("Something went wrong on my side, and nothing was changed. Please try again in a moment.")),
            Note(say("If it happens again, tell the host this reference: `{reference}`", reference=reference)),
        ),
        tone=Tone.WARN,
    )


def wrong_fields(act: Act[...], refusal: WrongFields, fix: Button) -> Card:
    """The wrong fields by name, and the button that opens the form again as it was."""
    labels = {field.name: field.ask.label for field in act.fields}
    return Card(
        (
            Text(say("Not everything could be read. What you typed is kept for 15 minutes.")),
            Fields(tuple((labels.get(name, name), words) for name, words in refusal.errors.items())),
            Actions((fix,)),
        ),
        tone=Tone.WARN,
    )


def already_done() -> Card:
    return Card((Text(say("This was done already, and was done once.")),))


def form_of(act: Act[...], packed: str, *, values: Mapping[str, Raw], filling: Filling) -> Form:
    """The act's questions, filled with what was typed, else with what is there."""
    fields = []
    for field in act.fields:
        ask = filling.asks.get(field.name, field.ask)
        if ask is None:
            continue
        start = filling.values.get(field.name)
        value = values.get(field.name) or (write(start) if start is not None else None)
        options = filling.choices.get(field.name, field.options)
        fields.append(replace(field, ask=ask, value=value or None, options=options))
    return Form(packed, act.title, tuple(fields))


def finished(card: Card, extensions: Extensions) -> Card:
    """The card with what every private answer carries."""
    if card.private:
        for footer in extensions.footer:
            button = footer()
            # Not on the very card that the button leads to.
            card = card if card.redraw == button.packed else with_button(card, button)
    return card
