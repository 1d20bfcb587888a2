"""A survivor and her chat, in memory: what ``bot.rehearsal`` plays, with a tester's words for it.

It renders every message, so that a test can speak of labels and words, and it plays the part of the
desk by the functions of ``bot.core.case``. It knows nothing of storage or Telegram.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from bot.core import case as cases
from bot.core.advance import Outcome
from bot.core.case import Case
from bot.core.ids import ChoiceId, Language
from bot.flowdef.load import load_files
from bot.rehearsal.desk import STAFF
from bot.rehearsal.person import BEGINS, Person
from bot.service.editions import FLOWS, Edition, build, under
from bot.service.publishing import read_input

ROOT = Path(__file__).parents[1]
NOON = BEGINS
"""A Monday, noon in New York."""


@cache
def shipped() -> Edition:
    """The flows and catalogues of the project, as served."""
    edition, issues = build(read_input(ROOT / "flows", ROOT / "locales"), "US-NY", checked=True)
    assert edition is not None, issues
    return edition


def ends_tied(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same files, with a plain page for each step of another flow that they lead to and lack.

    So a test can take the system screens, and leave out the flows behind their buttons.
    """
    library, _ = load_files(under(files, FLOWS))
    wanted: dict[str, set[str]] = {}
    for step in library.steps.values():
        for target in (step.go, *(part for each in step.choices for part in (each.go, each.visit))):
            if target and library.resolve(target, step.flow) is None:
                flow, _, name = target.partition(".")
                wanted.setdefault(flow, set()).add(name or "first")
    pages = {
        flow: "".join(f"  - {{id: {name}, say: A page, go: start.notice}}\n" for name in names)
        for flow, names in wanted.items()
        if library.flow(flow) is None
    }
    made = {
        f"flows/{flow}.yaml": f"flow: {flow}\ntitle: T\nsteps:\n{steps}".encode()
        for flow, steps in pages.items()
    }
    return {**files, **made}


def small(**flows: str) -> Edition:
    """An edition with own flows beside the shipped system screens; the first flow is the start."""
    files = read_input(ROOT / "flows", ROOT / "locales")
    kept = (
        "always.yaml",
        "phrases.yaml",
        "desk.yaml",
        "resources.yaml",
        "sources.yaml",
        "contact.yaml",
    )
    mine = {
        name: data
        for name, data in files.items()
        if name.startswith("flows/danger/") or name.endswith(kept)
    }
    for name, text in flows.items():
        mine[f"flows/{name}.yaml"] = f"flow: {name}\ntitle: T\n{text}".encode()
    for name in ("start", "ways", "needs"):
        if name not in flows:
            mine[f"flows/{name}.yaml"] = files[f"flows/{name}.yaml"]
    for name in ("restorative", "court", "support", "rest"):
        mine.setdefault(f"flows/{name}.yaml", files[f"flows/{name}.yaml"])
    edition, issues = build(ends_tied(mine), "US-NY", checked=True)
    assert edition is not None, issues
    return edition


@dataclass(repr=False)
class Survivor(Person):
    """A person as tests speak of her: by words on buttons. The desk's part is put in her case."""

    edition: Edition = field(default_factory=shipped)
    reload: bool = False
    begun: bool = True

    # ------------------------------------------------------------ what she does

    def presses(self, label: str) -> Outcome:
        """A button of the current screen, by its label."""
        found = [button for button in self.buttons if button.label == label]
        assert found, f"no button {label!r} among {self.labels}"
        return self.sends(found[0].data)

    def passes(self, **span: float) -> None:
        """Time, without anything happening."""
        self.now += timedelta(**span)

    def goes_to(self, step: str) -> None:
        """Stand at a step, with its screen in the chat."""
        self.session = replace(self.session, at=step, over=(), pending=None)
        self.starts()

    # ------------------------------------------------------------ what the desk does

    @property
    def case(self) -> Case:
        """Her request."""
        assert self.session.case is not None
        return self.session.case

    def desk(self, **changes: object) -> None:
        """The desk changes the case; she is not told."""
        self.session = replace(self.session, case=replace(self.case, **changes))

    def claimed(self) -> None:
        """A staff member takes her request, which is news for her."""
        taken = cases.claim(self.case, STAFF, self.now)
        assert taken is not None
        self.session = replace(self.session, case=replace(taken, news=True))

    def asks_for_a_person(self) -> None:
        """All the way from anywhere to a request that waits."""
        self.types("person")
        self.presses("See how it works")
        self.presses("Yes, a person may write to me")
        self.presses("Eastern (New York)")
        self.presses("Morning (8 am to noon)")
        self.presses("Done")
        self.presses("Done")
        self.presses("Skip this")
        self.presses("Send this to staff")

    def talks(self) -> None:
        """In a live talk."""
        self.starts()
        self.asks_for_a_person()
        self.claimed()
        self.types("person")
        self.presses("Write to the person")
        self.passes(minutes=5)


def choice(step: str, name: str, edition: Edition | None = None, language: str = "en") -> str:
    """The label of one choice."""
    words = (edition or shipped()).screens
    return words.label(step, ChoiceId(name), Language(language))
