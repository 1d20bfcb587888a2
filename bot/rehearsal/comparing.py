"""What is checked in a scenario: the screen, what is stored, what the desk has, what is left.

A check that does not hold raises DoesNotHold with a sentence that says what was expected.
"""

from collections.abc import Iterator
from typing import assert_never

from .person import Person
from .scenario import (
    AWAY,
    CASE,
    CONSENT,
    LANGUAGE,
    AtTheDesk,
    Check,
    Gone,
    Sees,
    Stored,
    Wording,
)


class DoesNotHold(Exception):
    """A check failed; the message says what was expected."""


def check(line: Check, person: Person) -> None:
    """Compare one line with what is. Raises DoesNotHold."""
    match line:
        case Sees():
            _check_screen(line, person)
        case Stored(_, values) if values:
            for name, wanted in values.items():
                _check_stored(name, wanted, person)
        case Stored():
            _check_nothing(person)
        case AtTheDesk(_, words):
            _check_desk(words, person)
        case Gone():
            _check_gone(person)
        case _ as unreachable:
            assert_never(unreachable)


def _check_screen(wanted: Sees, person: Person) -> None:
    sees = person.seen
    if wanted.step is not None and (sees is None or sees.step != wanted.step):
        instead = f"she sees `{sees.step}`" if sees is not None else "there is no screen"
        msg = f"Expected the screen `{wanted.step}`, but {instead}."
        raise DoesNotHold(msg)
    text = sees.content.text if sees is not None else ""
    for words in _said(wanted.text, person):
        if words not in text:
            msg = f"Expected “{words}” on the screen."
            raise DoesNotHold(msg)
    for words in _said(wanted.absent, person):
        if words in text:
            msg = f"“{words}” stands on the screen, and must not."
            raise DoesNotHold(msg)
    shown = sees.buttons if sees is not None else ()
    for button in wanted.buttons:
        if button not in shown:
            msg = f"Expected a button `{button}`."
            raise DoesNotHold(msg)
    for button in wanted.missing:
        if button in shown:
            msg = f"There is a button `{button}`, and there must not be one."
            raise DoesNotHold(msg)
    lines = [content.text for content in person.lines] + [person.toast]
    for words in _said(wanted.line, person):
        if not any(words in line for line in lines):
            msg = f"Expected another message with “{words}”."
            raise DoesNotHold(msg)
    if wanted.pictures not in (None, len(person.pictures)):
        msg = f"Expected {wanted.pictures} pictures, but {len(person.pictures)} were sent."
        raise DoesNotHold(msg)


def _said(wanted: tuple[Wording, ...], person: Person) -> Iterator[str]:
    """The words in her language; those given only for other languages are not looked for."""
    for wording in wanted:
        words = wording.of(person.session.language)
        if words:
            yield words


def _check_stored(name: str, wanted: tuple[str, ...], person: Person) -> None:
    found = stored(person).get(name, ())
    if set(found) != set(wanted):
        kept = ", ".join(found) or "nothing"
        asked = ", ".join(wanted) or "nothing"
        msg = f"Expected `{name}` to be {asked}, but {kept} is stored."
        raise DoesNotHold(msg)


def stored(person: Person) -> dict[str, tuple[str, ...]]:
    """What is kept about her, as ``stored`` names it; only what there is."""
    session = person.session
    if person.forgotten:
        return {}
    found = {
        name: (value,) if isinstance(value, str) else tuple(value)
        for name, value in session.answers.items()
    }
    live = tuple(given.purpose for given in session.consents if person.now < given.until)
    return {
        **{name: values for name, values in found.items() if values},
        **({CONSENT: live} if live else {}),
        **({CASE: (session.case.state,)} if session.case is not None else {}),
        LANGUAGE: (session.language,),
        **({AWAY: ("yes",)} if session.away else {}),
    }


def _check_nothing(person: Person) -> None:
    kept = {name: values for name, values in stored(person).items() if name != LANGUAGE}
    if kept:
        listed = "; ".join(f"{name}: {', '.join(values)}" for name, values in kept.items())
        msg = f"Nothing should be stored, but there is {listed}."
        raise DoesNotHold(msg)


def _check_desk(words: Wording, person: Person) -> None:
    wanted = words.of(person.session.language)
    if wanted and not any(wanted in read for read in person.at_desk):
        msg = f"The desk has not read “{wanted}”."
        raise DoesNotHold(msg)


def _check_gone(person: Person) -> None:
    left = [content for ref, content in person.chat.items() if ref not in person.dull]
    if left or person.hers:
        count = len(left) + len(person.hers)
        what = "1 message is" if count == 1 else f"{count} messages are"
        msg = f"Nothing should be left in the chat, but {what} still there."
        raise DoesNotHold(msg)
