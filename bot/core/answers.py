"""What she answers to a step: choices, marks, words; and the answer to "Did you mean …?".

One function an event, one line a verb. Where an answer leads is asked of the rules; what it does to
her request is in ``request.py``.
"""

from collections.abc import Mapping
from typing import Final, assert_never, cast

from . import calls, kept, leaving, request, talk
from .effects import Picture, Toast
from .events import AlwaysOn, Unfitness
from .ids import ChoiceId, Language, StepId
from .rules import COUNTRY, ONWARD, PAGED, READABLE, Choice, Step, Verb
from .session import Pending
from .turn import OVERLAYS, Turn, known

MOST_PAGES: Final = 20
MOST_NEAREST: Final = 3
LOOKED: Final = "looked"
"""What ``do: forget`` calls the list of flows she has looked at."""


def chose(turn: Turn, wanted: ChoiceId) -> None:
    """A choice of the shown step, by button or unmistakable words."""
    step = turn.step
    choice = step.choice(wanted) if step else None
    if step is None or choice is None or step.kind == "choose_many":
        turn.show()
        return
    turn.change(misses=0)
    saves = step.kind == "choose" or (step.kind == "ask" and choice.value)
    if step.save and saves and choice.verb == "go":
        turn.answer(step.save, choice.value or choice.id)
    _act(turn, step, choice)


def _act(turn: Turn, step: Step, choice: Choice) -> None:  # noqa: C901, PLR0912 - one table, a line a verb
    match choice.verb:
        case "go":
            _go(turn, step, choice)
            turn.show()
        case "visit":
            turn.change(over=())
            turn.visit(StepId(choice.argument))
            turn.show()
        case "back":
            turn.back()
            turn.show()
        case "leave" | "person" | "numbers" | "hold":
            calls.called(turn, choice.verb)
        case "language" if choice.argument:
            calls.switched(turn, Language(choice.argument))
        case "erase" if choice.argument == "now":
            leaving.erased(turn)
        case "language" | "erase":
            calls.called(turn, choice.verb)
        case "country":
            _placed(turn, choice.argument)
        case "stop":
            request.stopped(turn)
        case "reading":
            turn.change(reading="new" if choice.argument == "new" else "edit")
            turn.show(lead="always.setting_kept")
        case "typed":
            turn.change(delete_typed=choice.argument != "keep")
            turn.show(lead="always.setting_kept")
        case "keep":
            _kept(turn)
        case "give" | "refuse":
            _consented(turn, step, choice)
        case "send":
            request.handed_over(turn, step, choice)
        case "talk":
            talk.open_talk(turn)
        case "resume":
            leaving.resumed(turn)
        case "yes" | "no" | "to_desk":
            _decided(turn, choice.verb)
        case "forget":
            forgot(turn, choice.argument)
        case "picture":
            turn.do(Picture(StepId(choice.argument)))
            _go(turn, step, choice)
            turn.show(under_lines=True)
        case _ as unreachable:
            assert_never(unreachable)


def _go(turn: Turn, step: Step, choice: Choice) -> None:
    """Follow the machine. From an overlay, another overlay opens on top; else overlays close."""
    session = turn.session
    target = turn.rules.onward(step.id, choice.id, known(session))
    if target is not None and target.startswith(OVERLAYS):
        turn.cover(target)
    elif step.id.startswith(OVERLAYS):
        turn.jump(target if target is not None else session.at)
    else:
        turn.answered(choice.id)


def _placed(turn: Turn, country: str) -> None:
    """Another country's numbers on the same screen; at the door it is for this look only."""
    if turn.session.door is None:
        turn.answer(COUNTRY, country)
    else:
        turn.change(door=country)
    turn.show()


def _kept(turn: Turn) -> None:
    """The step under the system screens stays in the chat; what follows comes below it."""
    turn.change(over=(), pending=None)
    if turn.event.message_id is None:
        turn.do(Toast("always.kept"))
        turn.show(keep=True)
    else:
        turn.show(keep=True, lead="always.kept")


def marked(turn: Turn, wanted: ChoiceId, *, on: bool) -> None:
    """In choose_many: one choice as it is wanted, whatever it was before."""
    step = turn.step
    choice = step.choice(wanted) if step else None
    if step is None or choice is None or step.kind != "choose_many":
        turn.show()
        return
    turn.change(misses=0)
    before = turn.session.answers.get(step.save, ())
    marks = set() if isinstance(before, str) else {ChoiceId(mark) for mark in before}
    if not on:
        marks.discard(wanted)
    elif choice.alone:
        marks = {wanted}
    else:
        marks -= {other.id for other in step.choices if other.alone}
        marks.add(wanted)
    if len(marks) > step.at_most:
        turn.show(fresh=False, lead="always.too_many", lead_values={"count": step.at_most})
        return
    turn.answer(step.save, tuple(c.id for c in step.choices if c.id in marks))
    turn.show(fresh=False)


def continued(turn: Turn) -> None:
    """The button that goes on: only where the step has one."""
    step = turn.step
    if step is None or step.kind not in ONWARD:
        turn.show()
        return
    if step.kind == "choose_many":
        marks = turn.session.answers.get(step.save, ())
        if len(marks) < step.at_least:
            turn.show(lead="always.too_few", lead_values={"count": step.at_least})
            return
        turn.answer(step.save, marks)
    if turn.session.over:
        turn.back()
    else:
        turn.answered(None)
    turn.show()


def wrote(turn: Turn, text: str) -> None:
    """Words that answer an ``ask`` step, in the form they are kept in."""
    step = turn.step
    if step is None or step.kind != "ask":
        turn.show(lead="always.not_understood")
        return
    turn.change(misses=0)
    limit = kept.limit_passed(step, text, turn.now.date())
    if limit is not None:
        phrase, value = limit
        turn.show(lead=phrase, lead_values={"limit": value})
        return
    turn.answer(step.save, text)
    turn.answered(None)
    turn.show()


def asked(turn: Turn, nearest: tuple[StepId, ...], *, sure: bool) -> None:
    """A question in her own words: its screen is opened, or the nearest ones are offered.

    It never does more than open a screen that can only be read, whatever was asked.
    """
    step = turn.step
    if step is None or step.answer != "question":
        turn.show(lead="always.not_understood")
        return
    pages = tuple(page for page in nearest if _readable(turn, page))[:MOST_NEAREST]
    turn.change(misses=0)
    if sure and pages:
        pressed = turn.event.message_id is None
        _opened(turn, pages[0], lead="" if pressed else "always.question_found")
        return
    turn.change(nearest=pages)
    turn.show(lead="" if pages else "always.question_none")


def wondered(turn: Turn, page: StepId) -> None:
    """A question where none was asked for: its screen is offered, and opens only after a yes."""
    if not _readable(turn, page):
        turn.show(lead="always.not_understood")
        return
    turn.change(pending=Pending("page", page))
    turn.cover(turn.rules.door("did_you_mean"))
    turn.show()


def _readable(turn: Turn, page: StepId) -> bool:
    step = turn.rules.step(page)
    return step is not None and step.kind in READABLE and not page.startswith(OVERLAYS)


def _opened(turn: Turn, page: StepId, lead: str = "") -> None:
    """A screen found by a question. Going on from it, or Back, leads to the question again.

    One with buttons of its own is not visited: its buttons lead where they say, and only Back
    leads to the question.
    """
    nearest = turn.session.nearest if page in turn.session.nearest else ()
    step = turn.rules.step(page)
    turn.change(over=())
    if step is not None and step.kind in ONWARD:
        turn.visit(page)
    else:
        turn.jump(page)
    turn.change(nearest=nearest)
    turn.show(lead=lead)


def wrote_too_much(turn: Turn) -> None:
    """Nothing of it is kept, and the most is named."""
    step = turn.step
    turn.show(lead="always.too_long", lead_values={"count": step.max_length if step else 0})


UNFIT: Final[Mapping[Unfitness, str]] = {
    "date": "always.answer_date",
    "date_order": "always.answer_date_order",
    "number": "always.answer_number",
    "phone": "always.answer_phone",
    "place": "always.answer_place",
    "times": "always.answer_times",
}
"""What is said when words are not what a question asks for."""


def unfit(turn: Turn, why: Unfitness) -> None:
    """Nothing is kept, and she is told how it can be written."""
    turn.show(lead=UNFIT[why])


def paged(turn: Turn, page: int) -> None:
    """Another part of the list that is shown."""
    step = turn.step
    if step is not None and step.kind in PAGED:
        most = len(step.compare.rows) - 1 if step.compare is not None else MOST_PAGES
        turn.change(misses=0, page=min(page, max(most, 0)))
    turn.show()


def _consented(turn: Turn, step: Step, choice: Choice) -> None:
    if not step.consent:
        turn.show()
        return
    if choice.verb == "give":
        request.agreed(turn, step)
    else:
        request.refused(turn, step)
    turn.answered(choice.id)
    turn.show()


def forgot(turn: Turn, name: str) -> None:
    """One saved answer is removed, or what she has looked at."""
    if name == LOOKED:
        turn.change(looked=())
    else:
        turn.answer(name, None)
    turn.show()


def revisited(turn: Turn, name: str) -> None:
    """From "what you hold": change one answer where it was asked, and come back."""
    step = turn.rules.saving(name)
    if step is None or step.id.startswith(OVERLAYS):
        turn.show()
        return
    turn.visit(step.id, back_to=turn.rules.door("hold"))
    turn.show()


def suggested(turn: Turn, wanted: ChoiceId) -> None:
    """Words that came near to something that cannot be undone: nothing happens before a yes."""
    turn.change(pending=Pending("suggestion", wanted))
    turn.cover(turn.rules.door("did_you_mean"))
    turn.show()


def _decided(turn: Turn, verb: Verb) -> None:
    """The answer to "Did you mean …?" or to "for me, or for the desk?"."""
    pending = turn.session.pending
    turn.back()
    if pending is None or verb == "no":
        turn.show()
    elif pending.kind == "page" and _readable(turn, StepId(pending.value)):
        _opened(turn, StepId(pending.value))
    elif pending.kind == "page":
        turn.show()
    elif pending.kind == "suggestion":
        chose(turn, ChoiceId(pending.value))
    elif verb == "to_desk":
        talk.send_pending(turn, pending.words)
    else:
        calls.called(turn, cast("AlwaysOn", pending.value))
