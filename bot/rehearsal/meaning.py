"""What the first touch of somebody new means, and what a timer means when it comes due.

The service decides the same beside its store (``bot.service.conversation``); a timer that is not
known here is a broken promise, so that a new one cannot be forgotten.
"""

from bot.core import events
from bot.core.ids import Ref, StepId


class BrokenPromise(Exception):
    """The engine did what it must never do, whatever a flow says; the message says what."""


def first(heard: events.Heard) -> events.Heard:
    """Whatever somebody new sends first, the notice answers it; danger, leaving, numbers stay."""
    match heard:
        case (
            events.Endangered()
            | events.WentAway()
            | events.CameBack()
            | events.Called(word="leave" | "numbers")
        ):
            return heard
        case _:
            return events.Started()


def fallen(name: str, token: str) -> events.Heard:
    """What a timer means when it comes due. Raises BrokenPromise for one that nobody knows."""
    match name.partition(":")[0]:
        case "silence":
            return events.Fell(StepId(token))
        case "aged":
            return events.ScreenAged(Ref(token))
        case "consent":
            return events.ConsentEnded(token)
        case kind:
            msg = f"A timer `{kind}` was promised, and nobody knows what it means."
            raise BrokenPromise(msg)
