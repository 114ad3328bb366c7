"""How a goal is said: what was read, what is still to be asked, how it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bot.cards import Progress, Text, Words, join, say
from bot.options import Choice
from cogs.goals import tables
from cogs.goals.reading import Bound, Gap, Goal, Missing, Period, Reason, Weekday
from cogs.goals.reading.english_counts import names_several
from cogs.goals.service import content_of, is_over
from cogs.goals.standings import Standing

EXAMPLES: Final = (
    "Apply to five new job postings each week",
    "Attend at least two networking events per month",
    "Complete one online course related to my field within the next two months",
)


class Day(Choice):
    """A day of the week, as a form offers it."""

    MONDAY = "monday", "Mondays"
    TUESDAY = "tuesday", "Tuesdays"
    WEDNESDAY = "wednesday", "Wednesdays"
    THURSDAY = "thursday", "Thursdays"
    FRIDAY = "friday", "Fridays"
    SATURDAY = "saturday", "Saturdays"
    SUNDAY = "sunday", "Sundays"

    @property
    def weekday(self) -> Weekday:
        return Weekday[self.name]


def sentence(goal: Goal) -> Words:
    """The goal in words that read the same again: "Apply to 5 new job postings each week until 1 March 2027"."""
    parts = [_what(goal), *_times(goal)]
    return join(" ", [part for part in parts if part])


def title(goal: tables.Goal) -> Words:
    """A goal that was set, without the day it began."""
    return sentence(replace(content_of(goal), starts=None))


def bar(standing: Standing, *, today: date) -> Progress | Text:
    """The goal with what was done in its period; words alone where nothing is counted today."""
    goal = standing.goal
    label = say("{goal} · {state}", goal=title(goal), state=_state(standing, today))
    return Progress(label, standing.done, goal.quantity) if _is_counted(goal, today) else Text(label)


def state_of(standing: Standing, *, today: date) -> Words:
    """The same in few words, without the goal."""
    goal, state = standing.goal, _state(standing, today)
    if not _is_counted(goal, today):
        return state
    return say("{done} of {all} {state}", done=standing.done, all=goal.quantity, state=state)


def strength_of(standing: Standing) -> Words:
    """Empty where there is none yet."""
    points = round((standing.strength or 0) * 100)
    if not points:
        return Words("")
    word = next(word for least, word in _STRENGTHS if points >= least)
    return say("Strength: {word}, {points} of 100.", word=word, points=points)


def question(missing: Missing) -> Words:
    """One thing to ask, and why."""
    asked = _WHICH_DAY if missing.reason is Reason.AMBIGUOUS else _QUESTIONS[missing.gap]
    if missing.reason not in _REASONS:
        return asked
    return join(" ", (say(_REASONS[missing.reason], words=missing.words), asked))


def _what(goal: Goal) -> Words:
    verb = goal.verb[:1].upper() + goal.verb[1:]
    number = _number(goal)
    if goal.thing and goal.quantity == 1 and goal.upper is None and names_several(goal.thing):
        # A goal that was changed to one keeps its words: "Apply to jobs, 1 each week".
        return say("{what}, {number}", what=f"{verb} {goal.thing}".strip(), number=number)
    if goal.thing:
        return (
            say("{verb} {number} {thing}", verb=verb, number=number, thing=goal.thing)
            if verb
            else say("{number} {thing}", number=number, thing=goal.thing)
        )
    if goal.quantity == 1 and goal.upper is None and goal.bound is Bound.PLAIN:
        return say("{verb}", verb=verb) if goal.period is Period.ONCE else say("{verb}, once", verb=verb)
    return say("{verb}, {number} times", verb=verb, number=number)


def _number(goal: Goal) -> Words:
    number = say("{low}-{high}", low=goal.quantity, high=goal.upper) if goal.upper else say("{n}", n=goal.quantity)
    return say(_BOUNDS[goal.bound], number=number)


def _times(goal: Goal) -> Sequence[Words]:
    until = "by {day}" if goal.period is Period.ONCE else "until {day}"
    return (
        _RHYTHMS[goal.period],
        _days(goal),
        say("from {day}", day=_date(goal.starts)) if goal.starts else Words(""),
        say(until, day=_date(goal.until)) if goal.until else Words(""),
    )


def _days(goal: Goal) -> Words:
    if goal.period is Period.WEEKDAYS and goal.weekdays == _WORKDAYS:
        return say("every weekday")
    days = [say("{day}", day=day.label) for day in Day if day.weekday in goal.weekdays]
    if len(days) > 1:
        return say("on {days} and {last}", days=join(", ", days[:-1]), last=days[-1])
    return say("on {day}", day=days[0]) if days else Words("")


def _date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _is_counted(goal: tables.Goal, today: date) -> bool:
    return goal.finished_on is None and goal.paused_on is None and goal.starts <= today


def _state(standing: Standing, today: date) -> Words:
    goal = standing.goal
    if goal.finished_on is not None:
        return say("finished on {day}", day=goal.finished_on)
    if goal.paused_on is not None:
        return say("resting since {day}", day=goal.paused_on)
    if goal.starts > today:
        return say("begins on {day}", day=goal.starts)
    if is_over(goal, today=today):
        return say("in the end")
    if goal.period is Period.WEEKDAYS:
        return say("since {day}", day=f"{standing.span.first:%A}")
    return _PERIODS[goal.period]


_WORKDAYS: Final = tuple(Weekday)[:5]
_BOUNDS: Final[Mapping[Bound, str]] = {
    Bound.PLAIN: "{number}",
    Bound.AT_LEAST: "at least {number}",
    Bound.UP_TO: "up to {number}",
    Bound.ABOUT: "about {number}",
}
_RHYTHMS: Final[Mapping[Period, Words]] = {
    Period.DAY: say("each day"),
    Period.WEEK: say("each week"),
    Period.FORTNIGHT: say("every other week"),
    Period.MONTH: say("each month"),
    Period.WEEKDAYS: Words(""),
    Period.ONCE: Words(""),
}
_PERIODS: Final[Mapping[Period, Words]] = {
    Period.DAY: say("today"),
    Period.WEEK: say("this week"),
    Period.FORTNIGHT: say("in these two weeks"),
    Period.MONTH: say("this month"),
    Period.ONCE: say("so far"),
}
_STRENGTHS: Final = (
    (80, "strong"),
    (60, "steady"),
    (40, "taking shape"),
    (20, "growing"),
    (1, "taking root"),
)
"""From so many points of a hundred."""
_QUESTIONS: Final[Mapping[Gap, Words]] = {
    Gap.THING: say("What do you want to do?"),
    Gap.QUANTITY: say("How many do you want to do?"),
    Gap.TIME: say("How often, or by when?"),
}
_WHICH_DAY: Final = say("Which one do you mean?")
_REASONS: Final[Mapping[Reason, str]] = {
    Reason.VAGUE: "“{words}” is hard to count.",
    Reason.ZERO: "A goal counts from one up.",
    Reason.NEGATIVE: "I count what is done, so “{words}” does not work here. What would you do instead?",
    Reason.FRACTION: "I count in whole numbers, and “{words}” is none.",
    Reason.TOO_MANY: "That is more than I can count for one goal; up to 1000 fit.",
    Reason.SEVERAL: "That sounds like two goals. Set one now and the other one after it.",
    Reason.UNKNOWN_PERIOD: "I know days, weeks, every other week and months, and “{words}” is none of them.",
    Reason.HOW_OFTEN: "“{words}” says how long, and not yet how often.",
    Reason.AMBIGUOUS: "“{words}” could be more than one day.",
    Reason.UNCLEAR: "I know no date for “{words}”.",
    Reason.NO_SUCH_DATE: "“{words}” is in no calendar.",
    Reason.PAST: "“{words}” has passed.",
    Reason.TOO_FAR: "“{words}” is further ahead than I plan. Five years are the most.",
    Reason.ENDS_BEFORE_START: "With “{words}” it would end before it starts.",
}
