"""Always-on words: what works from every step, and in the live talk, by button and by typing."""

from . import leaving, request, talk
from .events import AlwaysOn
from .ids import Language
from .session import Pending
from .turn import Turn


def called(turn: Turn, word: AlwaysOn, typed: str = "") -> None:
    """An always-on word. In a live talk, typed ones are asked about first, but for leaving."""
    if turn.session.away and word == "numbers":
        leaving.numbers_at_the_door(turn)
        return
    if typed and word != "leave" and talk.live(turn) is not None:
        turn.change(pending=Pending("word", word, typed))
        turn.cover(turn.rules.door("for_desk"))
        turn.show()
        return
    turn.change(misses=0)
    match word:
        case "leave":
            leaving.left(turn)
        case "person":
            request.ask_for_person(turn)
        case "back":
            turn.back()
            turn.show()
        case "stop" if not (request.open_case(turn.session) or turn.session.consents):
            turn.show(lead="always.nothing_to_stop")
        case _:
            turn.cover(turn.rules.door(word))
            turn.show()


def switched(turn: Turn, language: Language) -> None:
    """Another language, from now on; she sees the same place in it."""
    turn.change(language=language, chosen_language=True)
    if turn.shows("language"):
        turn.back()
    turn.show()
