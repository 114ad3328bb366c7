"""What is asked, once it leads somewhere: the act, the values that travelled with it, and the form it may open."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.acts import Act, Action, unpack_bound
from bot.errors import Gone
from bot.features import Features
from bot.options import ASKED, Kind
from bot.pack import in_place, is_in_place, key_of, without_mark
from bot.platforms.base import Arrival, Request


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that leads somewhere: the act, and the values that travelled with it."""

    arrival: Arrival
    request: Request
    act: Act[...]
    bound: Sequence[Any]

    @property
    def opens_form(self) -> bool:
        """Too little was typed, or an action that asks was pressed."""
        if self.request.submitted or not self.act.fields:
            return False
        missing = any(field.required and not self.request.values.get(field.name) for field in self.act.fields)
        return missing or isinstance(self.act, Action)

    @property
    def writes(self) -> bool:
        return self.act.needs.database and not self.act.needs.reads and not self.opens_form

    @property
    def takes_place(self) -> bool:
        """Whether the answer takes the place of the message that it was asked from."""
        packed, submitted = self.request.packed, self.request.submitted
        return self.arrival.on_own_message and (is_in_place(packed) if submitted else not self.act.adds)

    @property
    def form_id(self) -> str:
        """The name of its form, which says whether the answer to the form takes that place."""
        packed = without_mark(self.request.packed)
        stays = self.arrival.on_own_message and not self.act.adds
        return in_place(packed) if stays or is_in_place(self.request.packed) else packed

    def arguments(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The asked values by parameter; an optional one that was left empty and has no default is None."""
        parameters = self.act.signature.parameters
        without_default = (inspect.Parameter.empty, ASKED)
        empty = {field.name: None for field in self.act.fields if parameters[field.name].default in without_default}
        return {**empty, **values}


def find_asked(features: Features, arrival: Arrival, request: Request) -> Asked:
    """Finds the act by its key, and unpacks what travelled. Raises Gone for what leads nowhere."""
    packed = without_mark(request.packed)
    act = features.acts.get(key_of(packed))
    if act is None:
        raise Gone
    try:
        bound = unpack_bound(packed, act.bound)
    except ValueError:
        raise Gone from None
    return Asked(arrival, request, act, bound)


def free_texts(act: Act[...], request: Request) -> list[str]:
    """What a person wrote in their own words, as it came in."""
    values = [request.values.get(field.name) for field in act.fields if field.kind in {Kind.TEXT, Kind.PARAGRAPH}]
    return [value for value in values if isinstance(value, str) and value.strip()]
