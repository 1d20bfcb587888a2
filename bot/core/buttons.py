"""Callback data: version, opaque token, wanted value. It says nothing in the clear.

``1:<token>:<value>`` where the value is a choice by its declared place (``c3``), a mark that is
*wanted* on or off (``+3``, ``-3``; never "flip"), going on (``n``), an always-on word (``wl``), an
answer to forget or revisit (``f0``, ``v0``), a part of a list (``p2``), a screen near to a question
(``q0``), or the neutral line (``o``). Also the two derivations that everything deterministic in the
core comes from: ids from a seed, and the shuffle.
"""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

from .events import AlwaysOn
from .ids import ChoiceId, Ref, Token
from .rules import COUNTRY, Choice, Step
from .session import Session

VERSION: Final = "1"
WORDS: Final[dict[str, AlwaysOn]] = {
    "wl": "leave",
    "wp": "person",
    "wn": "numbers",
    "wb": "back",
    "wg": "language",
    "wh": "hold",
    "we": "erase",
    "ws": "stop",
    "wm": "more",
    "wi": "about",
}
NEXT, DONE, PAGE = ChoiceId(":next"), ChoiceId(":done"), ChoiceId(":page")
"""Stand for the buttons that are no choices: "Go on", "Done" under things to mark, "Next part"."""

FOUND: Final = ChoiceId(":found")
"""Stands for the button that opens a screen from a question."""

WORD_VALUES: Final[dict[AlwaysOn, str]] = {word: value for value, word in WORDS.items()}


@dataclass(frozen=True, slots=True)
class Data:
    """Callback data taken apart. ``kind`` is the first letter of the value."""

    token: Token
    kind: str
    index: int = 0
    word: AlwaysOn | None = None


def encode(token: Token, value: str) -> str:
    """Callback data for one button; 1 to 64 bytes."""
    return f"{VERSION}:{token}:{value}"


def decode(data: str) -> Data | None:
    """Take callback data apart. None for anything this version never made."""
    version, _, rest = data.partition(":")
    token, _, value = rest.partition(":")
    if version != VERSION or not token or not value:
        return None
    if value in WORDS:
        return Data(Token(token), "w", word=WORDS[value])
    if value in ("n", "o"):
        return Data(Token(token), value)
    kind, digits = value[0], value[1:]
    if kind not in "c+-fvpq" or not (digits.isascii() and digits.isdigit()) or len(digits) > 3:  # noqa: PLR2004 - no screen has 1,000 buttons
        return None
    return Data(Token(token), kind, int(digits))


def derive(seed: str, label: str) -> str:
    """Twelve URL-safe characters that depend on nothing but ``seed`` and ``label``."""
    digest = hashlib.sha256(f"{seed}\x1f{label}".encode("utf-8", "surrogatepass")).digest()
    return urlsafe_b64encode(digest[:9]).decode("ascii")


def token_from(seed: str) -> Token:
    """The token of a new step instance."""
    return Token(derive(seed, "token")[:8])


def ref_from(seed: str, label: str) -> Ref:
    """Our name for a message that this event sends."""
    return Ref(derive(seed, "ref " + label))


def ordered(step: Step, session: Session) -> tuple[Choice, ...]:
    """The choices as she sees them: shuffled per person, stable for her, when the step says so.

    Choices marked ``last`` in the flow stand at the end, in the order of the flow.
    """
    if not step.shuffled:
        return step.choices
    mixed = sorted(
        (choice for choice in step.choices if not choice.last),
        key=lambda choice: derive(session.seed, f"{step.id} {choice.id}"),
    )
    return (*mixed, *(choice for choice in step.choices if choice.last))


def is_set(choice: Choice, session: Session) -> bool:
    """Whether a setting's button names what is set now."""
    match choice.verb:
        case "reading":
            return choice.argument == session.reading
        case "country":
            return session.where.get(COUNTRY) == choice.argument
        case "typed":
            return (choice.argument == "keep") is not session.delete_typed
        case _:
            return False
