"""A staff member's small state, as stored: her language, and the case she writes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.ids import CaseId, Language
from bot.text.words import ENGLISH


@dataclass(frozen=True, slots=True)
class DeskState:
    """``current`` is the case that typed words go to. ``turned_away``: an outsider got the line."""

    language: Language = ENGLISH
    current: CaseId | None = None
    turned_away: bool = False


def read(state: Mapping[str, Any] | None) -> DeskState:
    """From stored JSON; a newcomer's is empty."""
    if state is None:
        return DeskState()
    current = state.get("current")
    return DeskState(
        language=Language(str(state.get("language", ENGLISH))),
        current=CaseId(current) if isinstance(current, str) else None,
        turned_away=bool(state.get("turned_away")),
    )


def write(state: DeskState) -> dict[str, Any]:
    """To JSON."""
    return {
        "form": 1,
        "language": state.language,
        "current": state.current,
        "turned_away": state.turned_away,
    }
