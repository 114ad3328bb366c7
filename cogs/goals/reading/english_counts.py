"""What is done and how many of it, in English: verb, number and thing of a sentence without its words of time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from cogs.goals.reading.english_numbers import Amount, amount
from cogs.goals.reading.parts import Bound, Reason
from cogs.goals.reading.tokens import Token, keys, pieces, word_list


@dataclass(frozen=True, slots=True)
class Counted:
    """`thing` holds all the words where nothing tells them apart; `problem` is the reason and its words."""

    verb: str = ""
    thing: str = ""
    quantity: int | None = None
    upper: int | None = None
    bound: Bound = Bound.PLAIN
    times: bool = False
    problem: tuple[Reason, str] | None = None


def counted(text: str, tokens: Sequence[Token]) -> Counted:
    """What these tokens of a text say; manners before and after it are left out."""
    rest = _without_manners(tokens)
    everything = pieces(text, rest)
    denied = _denied(rest)
    if denied:
        return Counted(thing=everything, problem=(Reason.NEGATIVE, _slice(text, rest[:denied])))
    rest, trailing = _without_bound(rest)
    found = _amount(text, rest)
    if found is None:
        return _uncounted(text, rest)
    if found.problem:
        return _unkept(text, rest, found.problem, found.start, found.end)
    before, after = rest[: found.start], rest[_repeated(rest, found) :]
    if keys(before, len(before) - 1, 1) == ("(",) and keys(after, 0, 1) == (")",):
        before, after = before[:-1], after[1:]
    if found.times:
        after = after if before else _without_manners(after)
        verb, thing = pieces(text, [*before, *after]), ""
    else:
        verb, thing = pieces(text, before), f"{found.unit} {pieces(text, after)}".strip()
        if not thing:
            verb, thing = verb_and_thing(text, before)
    bound = trailing if trailing is not Bound.PLAIN else found.bound
    return Counted(_lowered(verb, has_thing=bool(thing)), thing, found.value, found.upper, bound, found.times)


def verb_and_thing(text: str, tokens: Sequence[Token]) -> tuple[str, str]:
    """Cuts "apply to jobs" after the verb and its little words; words without a known verb are all thing."""
    words = [token for token in tokens if not token.is_mark]
    if not words or words[0].key not in _VERBS:
        return "", pieces(text, tokens)
    cut = 1
    while cut < len(words) and words[cut].key in _PARTICLES:
        cut += 1
    after = tokens.index(words[cut - 1]) + 1
    return pieces(text, tokens[:after]), pieces(text, tokens[after:])


_VERBS: Final = frozenset(
    word_list(
        "add answer apply ask attend book breathe build call certify chat code comment complete connect contact "
        "cook create design develop do draft draw drink e-mail earn edit email enrol enroll exercise explore find "
        "finish follow get give go have help hit hold improve increase interview introduce invite join journal "
        "keep land learn list listen log look make meditate meet message mock network obtain organise organize "
        "pass pitch plan polish post practice practise prepare present publish reach read record redesign redo "
        "reduce reflect refresh register rehearse reply request research respond rest review revise rewrite run "
        "save schedule score search secure see send set share sign sleep solve speak spend start stretch study "
        "submit swap tailor take talk test text thank track train try update upload visit volunteer walk watch "
        "win work write"
    )
)
_PARTICLES: Final = frozenset(word_list("to for with out up on at in about off through into over back"))
_LABELS: Final = frozenset(
    word_list(
        "chapter chapters module part unit section level step lesson week day page pages phase stage round version "
        "number no nr vol volume episode exercise question grade tier season sprint #"
    )
)
"""Words that a number names rather than counts: "chapter 5"."""
_AFTER_HEAD: Final = frozenset(word_list("about at by for from in of on per that to with who"))
"""Before these stands the word that is counted."""
_DETERMINERS: Final = frozenset(word_list("my the our this that his her their your its these those all"))
_VAGUE: Final = (
    ("a", "few"), ("a", "lot", "of"), ("a", "lot"), ("a", "bit", "of"), ("a", "bit"), ("a", "number", "of"),
    ("lots", "of"), ("plenty", "of"), ("loads", "of"), ("several",), ("some",), ("many",), ("more",), ("multiple",),
    ("various",), ("enough",), ("numerous",), ("few",), ("better",), ("much",),
)  # fmt: skip
_DENIALS: Final = (("do", "not"), ("don't",), ("dont",), ("not", "to"), ("not",), ("never",), ("won't",))
_BEFORE: Final = tuple(
    word_list(words)
    for words in (
        "i", "we", "i'll", "we'll", "i'd", "we'd", "i'm", "we're", "i've got to", "will", "shall", "must", "should",
        "want to", "would like to", "like to", "would love to", "love to", "can", "could", "am going to",
        "are going to", "going to", "gonna", "plan to", "plan on", "hope to", "need to", "have to", "aim to",
        "intend to", "wish to",
        "promise to", "commit to", "trying to", "try to", "try and", "really", "definitely", "also", "please", "pls",
        "my goal is to", "my goal is", "my goal :", "the goal is to", "the goal is", "goal is to", "goal :", "goal -",
        "my aim is to", "my plan is to", "my target is to", "my target is", "target :", "set a goal to",
        "set a goal of", "help me to", "help me", "remind me to", "let me", "let's", "can you", "could you", "to", "ok",
        "okay", "hi", "hello", "hey", "so", "and", "then", "maybe",
    )
)  # fmt: skip
_BEHIND: Final = tuple(
    word_list(words)
    for words in (
        "please", "pls", "thanks", "thank you", "thx", "if possible", "if i can", "ideally", "hopefully", "in total",
        "and", "then",
    )
)  # fmt: skip
_BOUNDS_BEHIND: Final = (
    (("at", "least"), Bound.AT_LEAST),
    (("at", "a", "minimum"), Bound.AT_LEAST),
    (("at", "minimum"), Bound.AT_LEAST),
    (("minimum",), Bound.AT_LEAST),
    (("or", "more"), Bound.AT_LEAST),
    (("at", "most"), Bound.UP_TO),
    (("maximum",), Bound.UP_TO),
    (("max",), Bound.UP_TO),
    (("or", "so"), Bound.ABOUT),
)
_QUOTES: Final = {'"', "'", "(", "[", "{"}


def _slice(text: str, tokens: Sequence[Token]) -> str:
    return text[tokens[0].start : tokens[-1].end] if tokens else ""


def _without_manners(tokens: Sequence[Token]) -> list[Token]:
    begin, end = 0, len(tokens)
    while begin < end:
        words = next((each for each in _BEFORE if keys(tokens, begin, len(each)) == each), None)
        if words:
            begin += len(words)
        elif end - begin > 1 and tokens[begin].key == tokens[end - 1].key == '"':
            begin, end = begin + 1, end - 1
        elif tokens[begin].is_mark and tokens[begin].key not in _QUOTES | {"#"}:
            begin += 1
        else:
            break
    while end > begin:
        words = next((each for each in _BEHIND if keys(tokens, end - len(each), len(each)) == each), None)
        if words and end - len(words) >= begin:
            end -= len(words)
        elif tokens[end - 1].is_mark and tokens[end - 1].key in ",;:.!?…-*":
            end -= 1
        else:
            break
    return list(tokens[begin:end])


def _denied(rest: Sequence[Token]) -> int:
    """How many tokens at the beginning say that something is not to be done."""
    if keys(rest, 0, 3) in {("no", "more", "than"), ("not", "more", "than"), ("not", "less", "than")}:
        return 0
    return next((len(each) for each in _DENIALS if keys(rest, 0, len(each)) == each), 0)


def _without_bound(rest: list[Token]) -> tuple[list[Token], Bound]:
    """Without an "at least" that stands at the end."""
    for words, bound in _BOUNDS_BEHIND:
        if len(rest) > len(words) and keys(rest, len(rest) - len(words), len(words)) == words:
            return rest[: -len(words)], bound
    return rest, Bound.PLAIN


def _amount(text: str, rest: Sequence[Token]) -> Amount | None:
    """The number that counts: how many times, else the first that is no name, a sound one before an unsound one."""
    shouted = _is_shouted(text, rest)
    found: list[Amount] = []
    at = 0
    while at < len(rest):
        each = amount(rest, at)
        if each is None or _is_name(text, rest, each, shouted=shouted):
            at += 1
            continue
        if each.times and not _is_end(rest, each.end):
            each = _without_times(rest, each)
        if each:
            if each.times:
                return each
            found.append(each)
        at = each.end if each else at + 1
    return next((each for each in found if not each.problem), next(iter(found), None)) if found else None


def _repeated(rest: Sequence[Token], found: Amount) -> int:
    """Where the number ends with what only repeats it: five (5) jobs."""
    at = found.end
    again = amount(rest, at + 1) if keys(rest, at, 1) == ("(",) and at + 1 < len(rest) else None
    same = again and again.value == found.value and keys(rest, again.end, 1) == (")",)
    return again.end + 1 if again and same else at


def _is_end(rest: Sequence[Token], at: int) -> bool:
    """Whether nothing follows here: the end, a mark, or words of time that have been taken out."""
    return at >= len(rest) or rest[at].is_mark or rest[at].start - rest[at - 1].end > 1


def _without_times(rest: Sequence[Token], found: Amount) -> Amount | None:
    """Who reads "3 Times articles" counts articles; who does it "once hired" counts nothing."""
    last = rest[found.end - 1].key
    if last in {"times", "time", "x"}:
        return replace(found, end=found.end - 1, times=False)
    return replace(found, times=False) if last[0].isdecimal() else None


def _is_name(text: str, rest: Sequence[Token], found: Amount, *, shouted: bool) -> bool:
    """Whether the number belongs to a name: Fortune 500, chapter 5, Web 2.0, one on one."""
    at = found.start
    if found.times and _is_end(rest, found.end):
        return False
    if keys(rest, at, 3) in {("one", "on", "one"), ("one", "to", "one"), ("1", "on", "1"), ("1", "to", "1")}:
        return True
    if found.problem is Reason.FRACTION and _is_end(rest, found.end) and at > 0:
        return True
    if at == 0 or rest[at].start - rest[at - 1].end > 1:
        return False
    before = rest[at - 1]
    if before.key in _LABELS:
        return not (at == 1 and before.key in _VERBS)
    if not found.in_figures or before.is_mark or before.key in _VERBS | _PARTICLES:
        return False
    return at > 1 and not shouted and text[before.start].isupper()


def _is_shouted(text: str, rest: Sequence[Token]) -> bool:
    """Whether Every Word Is Capitalised, so that capitals tell nothing."""
    words = [token for token in rest if token.key[0].isalpha()]
    return len(words) > 1 and all(text[token.start].isupper() for token in words)


def _uncounted(text: str, rest: Sequence[Token]) -> Counted:
    """No number: "a" is one, and what can be done only as a whole is done once."""
    everything = pieces(text, rest)
    if not everything:
        return Counted()
    for at in range(len(rest)):
        words = next((each for each in _VAGUE if rest[at].key == each[0] and keys(rest, at, len(each)) == each), None)
        if words:
            return _unkept(text, rest, Reason.VAGUE, at, at + len(words))
    for at, token in enumerate(rest):
        if token.key in _DETERMINERS:
            break
        if token.key in {"a", "an"} and pieces(text, rest[at + 1 :]):
            thing = pieces(text, rest[at + 1 :])
            return Counted(_lowered(pieces(text, rest[:at]), has_thing=True), thing, 1)
    if not any(token.key in _DETERMINERS for token in rest) and _has_plural(text, rest):
        return Counted(thing=everything)
    return Counted(_lowered(everything, has_thing=False), "", 1, times=True)


def names_several(thing: str) -> bool:
    """Whether what is counted is said in the plural, so that "1" cannot stand before it: "job postings in sales"."""
    words = thing.casefold().split()
    head = next((at for at, word in enumerate(words) if word in _AFTER_HEAD and at), len(words))
    return bool(words) and _is_plural(words[head - 1])


def _unkept(text: str, rest: Sequence[Token], reason: Reason, start: int, end: int) -> Counted:
    """Words stand where a number is wanted: what is around them waits for one."""
    verb, thing = pieces(text, rest[:start]), pieces(text, rest[end:])
    return Counted(_lowered(verb, has_thing=bool(thing)), thing, problem=(reason, _slice(text, rest[start:end])))


def _has_plural(text: str, rest: Sequence[Token]) -> bool:
    words = [token for token in rest if not token.is_mark]
    objects = words[1:] if words[0].key in _VERBS or len(words) > 1 else words
    shouted = _is_shouted(text, rest)
    return any(_is_plural(token.key) and (shouted or not text[token.start].isupper()) for token in objects)


def _is_plural(key: str) -> bool:
    return key == "people" or (
        key.endswith("s") and len(key) > len("bus") and not key.endswith(("ss", "us", "is", "'s", "news"))
    )


def _lowered(verb: str, *, has_thing: bool) -> str:
    """A capital that only began the sentence is taken back; one of a name stays."""
    first, _, others = verb.partition(" ")
    if not first.istitle() or not (has_thing or first.casefold() in _VERBS):
        return verb
    return f"{first[0].lower()}{first[1:]}{' ' if others else ''}{others}"
