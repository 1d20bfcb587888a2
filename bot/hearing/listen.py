"""``hear``: what arrived becomes what it means in the place where she stands. Pure.

Order matters and is the same everywhere: words of danger first, then always-on words, then what the
step asks for. A button's words, its number or a near miss act at once only where Back undoes them;
what cannot be undone is asked about ("Did you mean …?"), and never reached by a near miss alone.
"""

from typing import assert_never

from rapidfuzz import fuzz

from bot.core import events
from bot.core.buttons import decode, ordered
from bot.core.events import Arrived, Event, Heard
from bot.core.ids import ChoiceId, Language
from bot.core.message import Entity
from bot.core.rules import Choice, Rules, Step, Verb
from bot.core.session import Session

from .fold import fold
from .vocabulary import Vocabulary

UNDOABLE: frozenset[Verb] = frozenset(
    {"go", "visit", "back", "person", "numbers", "language", "hold", "reading", "typed", "resume"}
)
"""Verbs that Back, or pressing again, takes back: typed words may act on them at once."""

EXACT: frozenset[Verb] = frozenset({"yes", "no", "to_desk", "talk", "keep", "leave", "forget"})
"""Verbs that typed words reach only when they are exactly the button's words."""

NEAR = 86.0
"""Similarity (0-100) from which typed words count as a near miss of a button."""

CLEARLY = 6.0
"""By how much the best near miss must lead the second."""

_MINIMUM_NEAR = 4


def hear(arrived: Arrived, session: Session, rules: Rules, words: Vocabulary) -> Event | None:
    """The event for ``advance``, or None when nothing is to happen (an edit nobody has seen)."""
    heard = _meaning(arrived, session, rules, words)
    if heard is None:
        return None
    match arrived.what:
        case events.Typed(message_id=message_id) if not isinstance(heard, events.Relayed):
            answered: int | None = message_id
        case events.Began(message_id=message_id) | events.SentMedia(message_id=message_id):
            answered = message_id
        case _:
            answered = None
    touch = not isinstance(arrived.what, events.Blocked | events.Unblocked)
    return Event(
        heard,
        arrived.seed,
        answered,
        answers_touch=touch,
        new_language=known_language(arrived.language, words.languages),
    )


def known_language(code: str, languages: tuple[Language, ...]) -> Language | None:
    """The catalogue language for an app's language code (``es-MX`` -> ``es``), if there is one."""
    wanted = code.casefold().replace("_", "-")
    for language in languages:
        if wanted == language.casefold():
            return language
    short = wanted.partition("-")[0]
    return next((language for language in languages if language.casefold() == short), None)


def _meaning(arrived: Arrived, session: Session, rules: Rules, words: Vocabulary) -> Heard | None:
    match arrived.what:
        case events.Pressed(data):
            return _pressed(data, session, rules)
        case events.Typed(text, message_id, entities):
            return _typed(text, message_id, entities, session, rules, words)
        case events.Edited(text, message_id, entities):
            rule = words.in_danger(text)
            if rule is not None and not _in_talk(session, rules):
                return events.Endangered(rule, text, message_id)
            return events.Amended(text, message_id, entities)
        case events.SentMedia():
            return events.NotReadable()
        case events.Began():
            return events.Started()
        case events.Blocked():
            return events.WentAway()
        case events.Unblocked():
            return events.CameBack()
        case _ as unreachable:
            assert_never(unreachable)


# ---------------------------------------------------------------- buttons


def _pressed(raw: str, session: Session, rules: Rules) -> Heard:
    data = decode(raw)
    if data is None:
        return events.Stale()
    if data.word is not None:
        return events.Called(data.word)
    case = session.case
    if data.kind == "o":
        waits = case is not None and case.nudge is not None and case.nudge[:8] == data.token
        return events.Opened() if waits else events.Stale(spent=True)
    screen, step = session.screen, rules.step(session.place)
    if screen is None or step is None or data.token != screen.token:
        spent = screen is not None and data.token in session.spent
        return events.Stale(spent=spent)
    return _value(data.kind, data.index, step, session, rules)


def _value(kind: str, index: int, step: Step, session: Session, rules: Rules) -> Heard:
    if kind == "n":
        return events.Continued()
    if kind in "fv":
        names = sorted(session.answers)
        if step.id != rules.door("hold") or index >= len(names):
            return events.Stale()
        return events.Forgot(names[index]) if kind == "f" else events.Revisited(names[index])
    if index >= len(step.choices):
        return events.Stale()
    choice = step.choices[index].id
    match kind:
        case "+":
            return events.Marked(choice, on=True)
        case "-":
            return events.Marked(choice, on=False)
        case _:
            return events.Chose(choice)


# ---------------------------------------------------------------- typed words


def _in_talk(session: Session, rules: Rules) -> bool:
    step = rules.step(session.place)
    case = session.case
    return step is not None and step.kind == "chat" and case is not None and case.state == "claimed"


def _typed(  # noqa: PLR0911, PLR0913 - one return a meaning, in the order that matters
    text: str,
    message_id: int,
    entities: tuple[Entity, ...],
    session: Session,
    rules: Rules,
    words: Vocabulary,
) -> Heard:
    word = words.word(text)
    if word is not None:
        return events.Called(word, typed=text)
    rule = words.in_danger(text)
    if rule is not None:
        return events.Endangered(rule, text, message_id)
    if _in_talk(session, rules):
        return events.Relayed(text, message_id, entities)
    step = rules.step(session.place)
    if step is None or text.startswith("/"):
        return events.NotUnderstood()
    if step.kind == "ask":
        answer = text.strip()
        if not answer:
            return events.NotUnderstood()
        too_long = len(answer) > step.max_length
        return events.WroteTooMuch() if too_long else events.Wrote(answer)
    return _choice(text, step, session, words)


def _choice(text: str, step: Step, session: Session, words: Vocabulary) -> Heard:
    folded = fold(text)
    if not folded:
        return events.NotUnderstood()
    language = session.language
    if step.kind in ("say", "choose_many"):
        label = words.label(step.id, _NEXT, language)
        if folded == fold(label):
            return events.Continued()
    shown = ordered(step, session)
    spoken = [fold(words.label(step.id, choice.id, language)) for choice in shown]
    exact = _exact(folded, spoken)
    if exact is not None:
        return _take(step, shown[exact], near=False)
    negated = words.has_negation(folded, language)
    if step.kind == "choose_many":
        return _mark(folded, step, shown, spoken, negated=negated)
    near = _near(folded, spoken)
    if near is None or (negated and shown[near].affirmative):
        return events.NotUnderstood()
    return _take(step, shown[near], near=True)


_NEXT = ChoiceId("next")


def _exact(folded: str, spoken: list[str]) -> int | None:
    """A button's own words, or its number from the top."""
    if folded in spoken:
        return spoken.index(folded)
    if folded.isascii() and folded.isdigit() and len(folded) <= 2 and 0 < int(folded):  # noqa: PLR2004 - no screen has 100 choices
        place = int(folded) - 1
        return place if place < len(spoken) else None
    return None


def _near(folded: str, spoken: list[str]) -> int | None:
    """The one button that typed words clearly come near to."""
    if len(folded) < _MINIMUM_NEAR:
        return None
    scores = sorted(
        ((fuzz.ratio(folded, label), place) for place, label in enumerate(spoken)), reverse=True
    )
    if not scores or scores[0][0] < NEAR:
        return None
    if len(scores) > 1 and scores[0][0] - scores[1][0] < CLEARLY:
        return None
    return scores[0][1]


def _take(step: Step, choice: Choice, *, near: bool) -> Heard:
    if step.kind == "choose_many":
        return events.Marked(choice.id, on=True)
    undoable = choice.verb in UNDOABLE and step.kind not in ("consent", "handoff")
    if undoable or (choice.verb in EXACT and not near):
        return events.Chose(choice.id)
    if choice.verb in EXACT:
        return events.NotUnderstood()
    return events.Suggested(choice.id)


def _mark(
    folded: str, step: Step, shown: tuple[Choice, ...], spoken: list[str], *, negated: bool
) -> Heard:
    """In choose_many: "no 3" unmarks the third; a near miss marks; neither is a flip."""
    if negated:
        rest = " ".join(folded.split()[1:])
        place = _exact(rest, spoken)
        if place is None:
            return events.NotUnderstood()
        return events.Marked(shown[place].id, on=False)
    place = _near(folded, spoken)
    return events.NotUnderstood() if place is None else _take(step, shown[place], near=True)
