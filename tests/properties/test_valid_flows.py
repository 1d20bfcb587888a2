"""What passes ``check`` can be walked: from every place it leads to, whatever is pressed or typed,
nothing raises, nobody is stuck, and the always-on words are answered.
"""

from collections import Counter, deque
from datetime import timedelta

from hypothesis import HealthCheck, assume, event, given, settings

from bot.core import effects as do
from bot.core.advance import advance, begin
from bot.core.buttons import derive
from bot.core.events import Arrived, Event, Fell, Pressed, Started, Typed
from bot.core.ids import Cause, Language
from bot.core.message import utf16_length
from bot.core.session import Session
from bot.hearing.listen import hear
from bot.service.editions import Edition, build
from bot.service.publishing import read_input
from tests.properties.valid_flows import FLOWS, Drawn, made_flows
from tests.survivor import NOON, ROOT, ends_tied

SHIPPED = read_input(ROOT / "flows", ROOT / "locales")
BESIDE = (
    "always.yaml",
    "phrases.yaml",
    "desk.yaml",
    "resources.yaml",
    "contact.yaml",
    "needs.yaml",
    "places.yaml",
)
REFUSED: Counter[str] = Counter()
"""Why made flows did not pass."""

MOST_PLACES = 150
WORDS = ("leave now", "numbers", "back", "what you hold", "delete everything", "language", "idioma")
ANSWERS = ("3 November 2026", "17", "212 555 0100", "Peru", "8 to 12", "my own words", "no", "2")


def edition_of(drawn: Drawn) -> Edition | None:
    """The flows as served, or None when `check` would not let them through."""
    files = {
        name: data
        for name, data in SHIPPED.items()
        if name.endswith(BESIDE) or name.startswith(("flows/danger/", "locales/"))
    }
    files |= {f"flows/{name}": text.encode() for name, text in drawn.files.items()}
    edition, issues = build(ends_tied(files), "US-NY", checked=False)
    REFUSED.update(issue.rule for issue in issues if issue.severity == "error")
    return edition


class Walk:
    """Every place that can be reached in the made flows, found by doing everything everywhere."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.count = 0
        self.seen: set[tuple[object, ...]] = set()

    def happens(self, session: Session, what: object) -> Session:
        """One update; the screen it leads to is rendered as well."""
        self.count += 1
        seed = derive(session.seed, str(self.count))
        arrived = Arrived(Cause(f"update:survivor:{self.count}"), "survivor", 1, seed, what)
        heard = hear(arrived, session, self.edition.rules, self.edition.vocabulary)
        return session if heard is None else self.apply(session, heard)

    def apply(self, session: Session, heard: Event) -> Session:
        """One heard event, and every screen it shows."""
        outcome = advance(self.edition.rules, session, heard, NOON)
        for effect in outcome.effects:
            if isinstance(effect, do.Show):
                screens, rules = self.edition.screens, self.edition.rules
                shown = screens.screen(outcome.session, rules, effect, NOON)
                assert 0 < utf16_length(shown.text) <= 4096
                assert all(button.label.strip() for row in shown.rows for button in row)
        return outcome.session

    def buttons(self, session: Session) -> list[str]:
        """The data of all buttons of the screen she sees."""
        show = do.Show(session.screen.ref, edit=True)
        shown = self.edition.screens.screen(session, self.edition.rules, show, NOON)
        return [button.data for row in shown.rows for button in row]

    def from_here(self, session: Session) -> list[Session]:
        """Where every button, every kind of words and silence lead."""
        pressed = [
            self.happens(session, Pressed(data, "q", None)) for data in self.buttons(session)
        ]
        typed = [self.happens(session, Typed(text, 5)) for text in ANSWERS]
        silent = self.apply(session, Event(Fell(session.at), "seed", answers_touch=False))
        return [*pressed, *typed, silent]

    def explore(self) -> list[Session]:
        """One session for each place, breadth first, up to a bound."""
        new = begin(self.edition.rules, "seed of everybody", Language("en"))
        early = NOON - timedelta(minutes=1)
        first = advance(self.edition.rules, new, Event(Started(), "seed"), early).session
        queue, found = deque([first]), [first]
        while queue and len(found) < MOST_PLACES:
            for reached in self.from_here(queue.popleft()):
                marks = tuple(
                    sorted((k, str(v)) for k, v in reached.answers.items() if k != "note")
                )
                place = (reached.at, reached.over, reached.frames, bool(reached.visits), marks[:2])
                if place in self.seen or reached.screen is None:
                    continue
                self.seen.add(place)
                found.append(reached)
                if reached.at.partition(".")[0] in FLOWS and len(reached.over) < 2:
                    queue.append(reached)
        return found


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(made_flows())
def test_what_passes_check_leaves_nobody_stuck(drawn: Drawn) -> None:
    """No exception, no empty screen, no dead end, and the always-on words, from every place."""
    edition = edition_of(drawn)
    event("passes check" if edition is not None else "does not pass")
    assume(edition is not None)
    walk = Walk(edition)
    for session in walk.explore():
        assert edition.rules.step(session.place) is not None
        moved = {(each.at, each.over) for each in walk.from_here(session)}
        assert moved - {(session.at, session.over)}, f"nothing leads on from {session.at}"
        for word in WORDS:
            after = walk.happens(session, Typed(word, 5))
            assert after.away or after.screen is not None
        assert walk.happens(session, Typed("leave now", 5)).away or session.away


def test_the_maker_makes_flows_that_pass() -> None:
    """Otherwise the test above would walk nothing: at least a third of what is made passes."""
    passed, tried = 0, 0

    @settings(
        max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(made_flows())
    def tries(drawn: Drawn) -> None:
        nonlocal passed, tried
        tried += 1
        passed += edition_of(drawn) is not None

    tries()
    assert tried >= 20
    assert passed >= tried / 3, f"{passed} of {tried}"


def test_the_walk_reaches_the_flows() -> None:
    """A plain folder is walked whole."""
    plain = Drawn(
        {
            "start.yaml": (
                "flow: start\ntitle: A\nsteps:\n  - {id: notice, say: Hello there}\n"
                "  - {id: more_people, say: People}\n  - {id: s0, say: Onward, go: ways.start}\n"
            ),
            "ways.yaml": (
                "flow: ways\ntitle: B\nsteps:\n  - {id: start, say: Ways}\n  - id: over\n"
                "    say: Over\n    choose: [{id: again, text: Once more, go: start.notice},"
                " {id: someone, text: Ask a person now, do: person}]\n"
            ),
        }
    )
    edition = edition_of(plain)
    assert edition is not None
    places = {session.at for session in Walk(edition).explore()}
    assert {"start.notice", "start.more_people", "start.s0", "ways.start"} <= places
