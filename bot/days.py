"""Days that people give for what they did: not still to come, and not long gone by a slip of the year."""

from datetime import date
from typing import Final

from bot.call import Call
from bot.cards import say
from bot.errors import WrongFields

YEARS_BACK: Final = 10


def check_past(call: Call, on: date) -> date:
    """The day itself, which the field `on` asked for. Raises WrongFields."""
    if on > call.today:
        raise WrongFields({"on": say("That day is still to come. Choose today or a day before it.")})
    if on.year < call.today.year - YEARS_BACK:
        raise WrongFields({"on": say("That is more than {years} years ago. Check the year.", years=YEARS_BACK)})
    return on
