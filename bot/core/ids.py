"""Names for the ids that travel between packages, so that one cannot be passed for another."""

from typing import Literal, NewType

PersonId = NewType("PersonId", str)
"""Random, ours, meaningless outside this database. Never derived from a Telegram id."""

CaseId = NewType("CaseId", str)
StepId = NewType("StepId", str)
"""``flow.step``, for example ``ways.start``."""

ChoiceId = NewType("ChoiceId", str)
Ref = NewType("Ref", str)
"""Our name for one message of ours, known before Telegram has given it a number."""

Token = NewType("Token", str)
"""Opaque, eight characters; the buttons of one step instance carry it."""

Cause = NewType("Cause", str)
"""Why a commit happened: ``update:<door>:<id>``, ``timer:<id>``, ``staff:…``. Applied once."""

Language = NewType("Language", str)
"""A BCP 47 language tag that has a catalogue, for example ``en`` or ``es``."""

Door = Literal["survivor", "staff"]
"""Which of the two bots. The role of a person is decided by the door she came through."""
