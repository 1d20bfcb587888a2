"""``hear``: what arrived becomes what it means in the place where she stands. Pure.

Order matters and is the same everywhere: always-on words first, then words of danger, then the live
talk, then what the step asks for. What cannot be undone is asked about ("Did you mean …?") however
exactly its words were typed; see ``choices.py``.
"""

from typing import assert_never

from bot.core import events
from bot.core.buttons import decode
from bot.core.events import Arrived, Event, Heard
from bot.core.fold import fold
from bot.core.ids import Language
from bot.core.rules import Rules, Step
from bot.core.session import Session

from .answers import read_answer
from .asking import asked, wondered
from .choices import meant
from .places import chosen_country
from .vocabulary import Vocabulary


def hear(arrived: Arrived, session: Session, rules: Rules, words: Vocabulary) -> Event:
    """The event for ``advance``. Never raises, whatever was typed, pressed or sent."""
    heard = _meaning(arrived, session, rules, words)
    match arrived.what:
        case events.Typed(message_id=message_id) if not isinstance(heard, events.Relayed):
            stays = isinstance(heard, events.Endangered) and _in_talk(session, rules)
            answered: int | None = None if stays else message_id
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


def _meaning(arrived: Arrived, session: Session, rules: Rules, words: Vocabulary) -> Heard:
    match arrived.what:
        case events.Pressed(data):
            return _pressed(data, session, rules)
        case events.Typed():
            return _typed(arrived.what, session, rules, words)
        case events.Edited(text, message_id, entities):
            rule = words.in_danger(text)
            if rule is not None:
                return events.Endangered(rule, text, message_id, entities, edited=True)
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


def _seen(session: Session, rules: Rules) -> Step | None:
    """The step whose screen is in her chat. None: it was removed, or the flows have changed."""
    if session.screen is None or session.structure != rules.structure:
        return None
    return rules.step(session.place)


def _in_talk(session: Session, rules: Rules) -> bool:
    step = rules.step(session.place)
    case = session.case
    return step is not None and step.kind == "chat" and case is not None and case.state == "claimed"


# ---------------------------------------------------------------- buttons


def _pressed(raw: str, session: Session, rules: Rules) -> Heard:
    data = decode(raw)
    if data is None:
        return events.Stale()
    if data.word is not None and data.word != "back":
        return events.Called(data.word)
    case, screen = session.case, session.screen
    if data.kind == "o":
        waits = case is not None and case.nudge is not None and case.nudge[:8] == data.token
        return events.Opened() if waits else events.Stale(spent=True)
    step = _seen(session, rules)
    if screen is None or step is None or data.token != screen.token:
        return events.Stale(spent=screen is not None and data.token in session.spent)
    if data.word is not None:
        return events.Called(data.word)
    return _value(data.kind, data.index, step, session, rules)


def _value(kind: str, index: int, step: Step, session: Session, rules: Rules) -> Heard:
    if kind == "n":
        return events.Continued()
    if kind == "p":
        return events.Paged(index)
    if kind == "q":
        near = session.nearest if step.answer == "question" else ()
        return events.Asked((near[index],), sure=True) if index < len(near) else events.Stale()
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


def _typed(typed: events.Typed, session: Session, rules: Rules, words: Vocabulary) -> Heard:
    text = typed.text
    word = words.word(text)
    if word is not None:
        return events.Called(word, typed=text)
    rule = words.in_danger(text)
    if rule is not None:
        return events.Endangered(rule, text, typed.message_id, typed.entities)
    if _in_talk(session, rules):
        return events.Relayed(text, typed.message_id, typed.entities)
    step = _seen(session, rules)
    if step is None:
        return events.Stale()
    if text.startswith("/"):
        return events.NotUnderstood()
    if step.kind == "ask" and step.answer != "question":
        return _answer(text, step, session, words)
    heard = chosen_country(text, step, words) or meant(text, step, session, words)
    if not isinstance(heard, events.NotUnderstood):
        return heard
    read = asked if step.answer == "question" else wondered
    return read(text, step, session, rules, words)


def _answer(text: str, step: Step, session: Session, words: Vocabulary) -> Heard:
    """Her own words; the words of a button beside the question are still that button."""
    answer = text.strip()
    if not answer:
        return events.NotUnderstood()
    button = meant(text, step, session, words, exactly=True)
    if not isinstance(button, events.NotUnderstood):
        return button
    if len(answer) > step.max_length:
        return events.WroteTooMuch()
    if step.answer == "text":
        return events.Wrote(answer)
    if step.answer != "place" and words.has_negation(fold(answer)):
        return events.NotUnderstood()
    return read_answer(answer, step.answer, words)
