"""Goals in English: "Apply to five new job postings each week until March 1"."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from bot.options import clean
from cogs.goals.reading import calendar_days
from cogs.goals.reading.english_counts import Counted, counted, verb_and_thing
from cogs.goals.reading.english_phrases import Phrase
from cogs.goals.reading.english_times import phrases
from cogs.goals.reading.parts import Bound, Gap, Goal, Missing, Period, Read, Reason, Weekday
from cogs.goals.reading.tokens import Token, cut


class English:
    """Time first, then the number; what is left over is the thing, in the person's own words."""

    def read(self, text: str, *, today: date) -> Goal | Missing:
        text = " ".join(clean(text).split())
        tokens = cut(text)
        time = _time(text, tokens, today)
        what = counted(text, _rest(tokens, time.used))
        read = Read(
            text,
            verb=what.verb,
            thing=what.thing,
            quantity=what.quantity,
            period=time.period,
            weekdays=time.weekdays,
            until=time.until,
            starts=time.starts,
            upper=what.upper,
            bound=what.bound,
            when=time.when,
        )
        wrong = _wrong(what, time)
        gaps = _gaps(what, time)
        if wrong:
            first, reason, words, dates = wrong
            return Missing((first, *(gap for gap in gaps if gap is not first)), reason, read, words, dates)
        if gaps or what.quantity is None or time.period is None:
            return Missing(gaps, Reason.NOT_SAID, read)
        return Goal(
            what.verb,
            what.quantity,
            what.thing,
            time.period,
            weekdays=time.weekdays,
            until=time.until,
            starts=time.starts,
            upper=what.upper,
            bound=what.bound,
        )

    def complete(self, missing: Missing, answer: str, *, today: date) -> Goal | Missing:
        answer = " ".join(clean(answer).split())
        whole = self.read(answer, today=today)
        if isinstance(whole, Goal) or missing.reason is Reason.SEVERAL:
            return whole
        results = [self.read(each, today=today) for each in _completed(missing, answer, whole.read)]
        if missing.gap is Gap.TIME:
            # An answer that is no time would otherwise end up among the words of the thing.
            words = _words(missing.read)
            results = [each for each in results if _words(each) == words]
        goals = (each for each in results if isinstance(each, Goal))
        nearer = (each for each in results if isinstance(each, Missing) and missing.gap not in each.gaps)
        refused = (each for each in results if isinstance(each, Missing) and each.reason is not Reason.NOT_SAID)
        again = missing.gap is whole.gap and whole.reason is not Reason.NOT_SAID
        unread = replace(missing, reason=whole.reason, words=whole.words, dates=whole.dates) if again else missing
        return next(goals, None) or next(nearer, None) or next(refused, None) or unread


def _wrong(what: Counted, time: "_Time") -> tuple[Gap, Reason, str, tuple[date, ...]] | None:
    """What was said but cannot be kept; two goals in one come first, for nothing can be asked about either."""
    if time.problem and time.problem[0] is Reason.SEVERAL:
        return Gap.THING, *time.problem
    if what.problem:
        return Gap.QUANTITY, *what.problem, ()
    return (Gap.TIME, *time.problem) if time.problem else None


def _gaps(what: Counted, time: "_Time") -> tuple[Gap, ...]:
    has_thing = bool(what.verb or what.thing)
    missing = {
        Gap.THING: not has_thing,
        Gap.QUANTITY: what.quantity is None,
        Gap.TIME: time.period is None or (time.problem is not None and time.problem[0] is not Reason.SEVERAL),
    }
    return tuple(gap for gap in Gap if missing[gap])


def _words(read: Goal | Missing | Read) -> str:
    read = read.read if isinstance(read, Missing) else read
    return f"{read.verb} {read.thing}".strip()


def _completed(missing: Missing, answer: str, answered: Read) -> list[str]:
    """The sentences that a person may have meant by an answer, the likeliest first."""
    read = missing.read
    if missing.gap is Gap.TIME:
        said = _said(read.verb, read, read.thing)
        return [f"{said}, {lead}{answer}, {read.when}" for lead in ("", "by ", "each ")]
    when = f"{read.when} {answered.when}"
    if missing.gap is Gap.THING:
        verb, thing = verb_and_thing(answer, cut(answer))
        return [f"{_said(verb, read, thing)}, {when}"]
    if answered.quantity is None:
        return []
    verb, thing = (read.verb, read.thing) if read.verb else verb_and_thing(read.thing, cut(read.thing))
    return [f"{_said(verb, answered, thing)}, {when}"]


def _said(verb: str, read: Read, thing: str) -> str:
    """The words without those of time, in an order that reads back the same."""
    if read.quantity is None:
        return f"{verb} {thing}"
    number = f"{_BOUNDS[read.bound]}{read.quantity}{f'-{read.upper}' if read.upper else ''}"
    return f"{verb} {number} {thing}" if thing else f"{verb}, {number} times"


_BOUNDS: Final = {Bound.PLAIN: "", Bound.AT_LEAST: "at least ", Bound.UP_TO: "up to ", Bound.ABOUT: "about "}


@dataclass(frozen=True, slots=True)
class _Time:
    """What all the phrases of time say together; `used` are those, the others belong to the thing."""

    used: tuple[Phrase, ...]
    when: str = ""
    period: Period | None = None
    weekdays: tuple[Weekday, ...] = ()
    until: date | None = None
    starts: date | None = None
    problem: tuple[Reason, str, tuple[date, ...]] | None = None


def _time(text: str, tokens: Sequence[Token], today: date) -> _Time:
    used = _settled(tokens, phrases(tokens, today))

    def words(phrase: Phrase) -> str:
        return text[tokens[phrase.start].start : tokens[phrase.end - 1].end]

    known = [phrase for phrase in used if phrase.problem is None]
    period, weekdays, odd = _rhythm(known)
    ends = known
    if period in {Period.WEEK, Period.FORTNIGHT, Period.MONTH}:
        # "5 jobs a week on Friday" names the day within the week, not an end.
        named = [phrase.until.weekday() for phrase in known if phrase.is_weekday and phrase.until]
        weekdays = tuple(sorted({*weekdays, *map(Weekday, named)}))
        ends = [phrase for phrase in known if not phrase.is_weekday]
    starts = max((phrase.starts for phrase in ends if phrase.starts), default=None)
    until, ending = _first_end(ends, starts or today)
    problem = next(
        ((each.problem, words(each), each.dates) for each in used if each.problem and not each.is_vague), None
    )
    if not problem and odd:
        problem = Reason.SEVERAL, words(odd), ()
    if not problem and ending and ending.lasts and period is None:
        problem = Reason.HOW_OFTEN, words(ending), ()
    if not problem and ending and until and starts and until < starts:
        problem = Reason.ENDS_BEFORE_START, words(ending), ()
        known.remove(ending)
    if not problem and period is None and until is None:
        problem = next(((Reason.VAGUE, words(each), ()) for each in used if each.is_vague), None)
    if period is None and ending and not ending.lasts:
        period = Period.ONCE
    return _Time(used, " ".join(map(words, known)), period, weekdays, until, starts, problem)


def _first_end(ends: Sequence[Phrase], first_day: date) -> tuple[date | None, Phrase | None]:
    """The earliest of the ends that were said, and the phrase that says it."""
    found: list[tuple[date, Phrase]] = []
    for phrase in ends:
        if phrase.lasts:
            found.append((calendar_days.add(first_day, *phrase.lasts) - timedelta(days=1), phrase))
        elif phrase.until:
            found.append((phrase.until, phrase))
    return min(found, key=lambda each: each[0], default=(None, None))


def _settled(tokens: Sequence[Token], found: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """Without the adverbs that belong to the thing: "two weekly meetups a month", "the daily report by Friday"."""
    others = [phrase for phrase in found if not phrase.is_adverb]
    has_period = any(phrase.period or phrase.problem for phrase in others if not phrase.is_vague)
    has_deadline = any(phrase.is_deadline for phrase in others)
    starts = {phrase.start for phrase in found}
    kept: list[Phrase] = []
    for phrase in found:
        at_edge = phrase.start == 0 or phrase.end == len(tokens) or phrase.end in starts or tokens[phrase.end].is_mark
        if not phrase.is_adverb or at_edge or not (has_period or has_deadline):
            kept.append(phrase)
    return tuple(kept)


def _rhythm(known: Sequence[Phrase]) -> tuple[Period | None, tuple[Weekday, ...], Phrase | None]:
    """The period, its weekdays, and the phrase that does not go with the others."""
    said = [phrase for phrase in known if phrase.period]
    periods = {phrase.period for phrase in said}
    weekdays = tuple(sorted({each for phrase in said for each in phrase.weekdays}))
    if len(periods) <= 1:
        return next(iter(periods), None), weekdays, None
    if weekdays and periods <= {Period.DAY, Period.WEEKDAYS, Period.WEEK} and Period.DAY in periods:
        return Period.WEEKDAYS, weekdays, None
    if Period.WEEKDAYS in periods and len(periods - {Period.WEEKDAYS}) == 1:
        return (periods - {Period.WEEKDAYS}).pop(), weekdays, None
    return said[0].period, weekdays, next(phrase for phrase in said if phrase.period is not said[0].period)


def _rest(tokens: Sequence[Token], used: Sequence[Phrase]) -> list[Token]:
    """The tokens that are not time, without the marks that set it apart."""
    taken: set[int] = set()
    for phrase in used:
        taken.update(range(phrase.start, phrase.end))
        before, after = phrase.start - 1, phrase.end
        if before >= 0 and after < len(tokens) and (tokens[before].key, tokens[after].key) in {("(", ")"), ("[", "]")}:
            taken.update((before, after))
            continue
        taken.update(
            at for at in (before, after) if 0 <= at < len(tokens) and tokens[at].key in {",", ":", ";", "-", "."}
        )
    return [token for at, token in enumerate(tokens) if at not in taken]
