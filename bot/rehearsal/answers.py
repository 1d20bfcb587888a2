"""Answers as authors name them, and as a session keeps them: choice ids become what is saved."""

from collections.abc import Sequence

from bot.flowdef.fields import did_you_mean
from bot.flowdef.model import Library

from .person import CannotDo
from .scenario import CONSENT

Answer = str | tuple[str, ...]


def choices_of(library: Library, name: str) -> dict[str, str]:
    """The choices that can be saved under a name, each with what is kept for it."""
    return {
        choice.id: choice.saved
        for step in library.saved.get(name, ())
        for choice in step.choices
        if step.kind != "ask"
    }


def kept_as(library: Library, name: str, value: str) -> str | None:
    """What is kept when ``value`` is answered under ``name``; None when it cannot be answered."""
    choices = choices_of(library, name)
    if value in choices:
        return choices[value]
    free = any(step.kind == "ask" for step in library.saved.get(name, ()))
    return value if free or value in choices.values() else None


def named(library: Library, name: str, kept: str) -> str:
    """The choice id behind what is kept; the same text where there is none."""
    ids = (choice for choice, saved in choices_of(library, name).items() if saved == kept)
    return next(ids, kept)


def shaped(library: Library, name: str, kept: Sequence[str]) -> Answer:
    """Several values where several can be chosen, else one text."""
    many = any(step.kind == "choose_many" for step in library.saved.get(name, ()))
    return tuple(kept) if many else " ".join(kept)


def answers_from(
    pairs: Sequence[str], library: Library
) -> tuple[dict[str, Answer], tuple[str, ...]]:
    """``needs=heard,safe_me`` and ``consent=be_contacted`` as answers and consents.

    Raises CannotDo for a name that nothing is saved under, or a value that is no choice of it.
    """
    answers: dict[str, Answer] = {}
    consents: tuple[str, ...] = ()
    for pair in pairs:
        name, _, text = pair.partition("=")
        values = [value.strip() for value in text.split(",") if value.strip()]
        if name == CONSENT:
            consents = tuple(values)
            continue
        if name not in library.saved:
            msg = f"Nothing is saved as `{name}`. {did_you_mean(name, (*library.saved, CONSENT))}"
            raise CannotDo(msg)
        kept = []
        for value in values:
            found = kept_as(library, name, value)
            if found is None:
                near = did_you_mean(value, choices_of(library, name))
                msg = f"`{value}` is no choice of `{name}`. {near}"
                raise CannotDo(msg)
            kept.append(found)
        answers[name] = shaped(library, name, kept)
    return answers, consents
