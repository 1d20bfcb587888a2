"""Checks about agreeing and handing over: both can be declined, and come before sharing."""

from collections.abc import Iterator

from bot.flowdef.fields import did_you_mean
from bot.flowdef.model import Issue, Library, StepDef


def _of_kind(library: Library, kind: str) -> Iterator[StepDef]:
    return (step for step in library.steps.values() if step.kind == kind)


def consent_without_refusal(library: Library) -> Iterator[Issue]:
    """A consent has a button to agree and a button to refuse."""
    for step in _of_kind(library, "consent"):
        verbs = {choice.verb for choice in step.choices}
        if "give" not in verbs:
            what = "Nobody can agree here."
            todo = "Give one choice `do: give`."
            yield Issue(step.place, "consent_without_refusal", step.id, what, todo)
        if "refuse" not in verbs:
            what = "This consent cannot be refused."
            todo = "Give one choice `do: refuse`."
            yield Issue(step.place, "consent_without_refusal", step.id, what, todo)
    for step in library.steps.values():
        for choice in step.choices:
            if choice.verb in ("give", "refuse") and step.kind != "consent":
                what = f"`do: {choice.verb}` stands in a step that is no consent."
                todo = "Write `consent:` with its purpose in this step, or use another verb."
                yield Issue(choice.place, "consent_without_refusal", step.id, what, todo)


def consent_without_end(library: Library) -> Iterator[Issue]:
    """A consent says for how long it holds."""
    for step in _of_kind(library, "consent"):
        if not step.valid_for:
            what = "This consent never ends."
            todo = "Write for how long it holds, for example `for: 30d`."
            yield Issue(step.place, "consent_without_end", step.id, what, todo)


def handoff_without_consent(library: Library) -> Iterator[Issue]:
    """A handoff names a consent that is asked for somewhere, and shares only what was asked."""
    purposes = tuple(step.consent for step in _of_kind(library, "consent"))
    names = (*library.saved, "language")
    for step in _of_kind(library, "handoff"):
        handoff = step.handoff
        if handoff is None:
            continue
        if handoff.consent not in purposes:
            what = (
                f"The consent `{handoff.consent}` is asked for nowhere."
                if handoff.consent
                else "This handoff names no consent."
            )
            todo = did_you_mean(handoff.consent, purposes)
            yield Issue(step.place, "handoff_without_consent", step.id, what, todo)
        for name in (*handoff.share, handoff.hours, handoff.zone):
            if name and name not in names:
                what = f"Nothing is saved as `{name}`."
                todo = did_you_mean(name, names)
                yield Issue(step.place, "handoff_without_consent", step.id, what, todo)


def handoff_without_way_back(library: Library) -> Iterator[Issue]:
    """A handoff can be sent, and can be left without sending."""
    for step in _of_kind(library, "handoff"):
        verbs = [choice.verb for choice in step.choices]
        if "send" not in verbs:
            what, todo = "Nothing can be sent here.", "Give one choice `do: send`."
            yield Issue(step.place, "handoff_without_way_back", step.id, what, todo)
        if all(verb in ("send", "visit") for verb in verbs):
            what = "One cannot go on without sending."
            todo = "Add a choice such as `Not now` with `go:`."
            yield Issue(step.place, "handoff_without_way_back", step.id, what, todo)
