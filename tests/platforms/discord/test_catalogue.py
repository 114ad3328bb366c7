"""Everything that every feature declares, as Discord would take it."""

import pytest

from bot.acts import Act, Filling
from bot.answers import form_of
from bot.loader import collect, discover
from bot.machine import machine
from bot.platforms.discord import forms
from bot.platforms.discord.register import commands
from tests.platforms.discord import schema

FEATURES = collect((*discover(), machine))
ASKING = [act for act in FEATURES.acts.values() if act.fields]


def test_every_command_fits() -> None:
    registered = commands(FEATURES.offers)
    assert registered
    for command in registered:
        schema.check("ApplicationCommandUpdateRequest", command)


@pytest.mark.parametrize("act", ASKING, ids=lambda act: act.key)
def test_every_form_fits(act: Act[...]) -> None:
    made = form_of(act, act.key, values={}, filling=Filling())
    schema.check("ModalInteractionCallbackRequest", {"type": 9, "data": forms.payload(made)})
