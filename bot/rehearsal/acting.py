"""What happens in a scenario: the meaning of each act, and how it is told in a few words."""

from datetime import timedelta
from typing import Final, assert_never

from bot.core import events

from . import desk
from .person import CannotDo, Person
from .scenario import Act, Desk, Marks, Says, She, Taps, Waits

FIRST_WORDS: Final = 60
"""How much of a text a line of the conversation repeats."""


def perform(act: Act, person: Person) -> None:
    """Do what a line says. Raises CannotDo, and BrokenPromise where the engine is at fault."""
    match act:
        case Taps(_, buttons):
            for button in buttons:
                person.taps(button)
        case Marks(_, choices):
            for choice in choices:
                person.marks(choice)
        case Says():
            person.types(_typed(act, person))
        case Waits(_, span):
            person.waits(span)
        case She():
            _she(act, person)
        case Desk(words=words) if words:
            desk.writes(person, words)
        case Desk(does=does):
            {"claims": desk.claims, "releases": desk.releases, "closes": desk.closes}[does](person)
        case _ as unreachable:
            assert_never(unreachable)


def _typed(says: Says, person: Person) -> str:
    language = person.session.language
    words = person.label(says.button) if says.button else says.words.of(language)
    if words is None:
        msg = f"She reads {language} now, and there are no words in {language} to type."
        raise CannotDo(msg)
    return words


def _she(act: She, person: Person) -> None:
    match act.does:
        case "starts":
            person.starts()
        case "leaves":
            person.types("/leave")
        case "blocks":
            person.happens(events.Blocked())
        case "unblocks":
            person.happens(events.Unblocked())
        case "sends_photo":
            person.happens(events.SentMedia("photo", 1000 + person.count))
        case _ as unreachable:
            assert_never(unreachable)


def told(act: Act, person: Person) -> str:
    """An act in a few words, for the conversation so far."""
    match act:
        case Taps(_, names):
            return f"taps {', '.join(names)}"
        case Marks(_, names):
            return f"marks {', '.join(names)}"
        case Says(button=button) if button:
            return f"says the words of `{button}`"
        case Says(words=words):
            return f"says “{short(words.of(person.session.language) or '')}”"
        case Waits(_, span):
            return f"waits {span_of(span)}"
        case She(_, does):
            return f"she {does.replace('_', ' a ')}"
        case Desk(words=words) if words:
            return f"the desk writes “{short(words)}”"
        case Desk(does=does):
            return f"the desk {does}"
        case _ as unreachable:
            assert_never(unreachable)


def span_of(span: timedelta) -> str:
    """A span as it is written in a scenario: 25h, 2d, 90m."""
    minutes = int(span.total_seconds()) // 60
    for size, unit in ((24 * 60, "d"), (60, "h")):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def short(text: str) -> str:
    """The first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= FIRST_WORDS else line[: FIRST_WORDS - 1].rstrip() + "…"
