"""Commands that play conversations: the tests beside the flows, and a chat in the terminal."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Settings
from bot.core.ids import Language

from .frame import FINE, PROBLEMS, WRONGLY, Add, say, settings_of

if TYPE_CHECKING:
    from bot.rehearsal.scenario import Scenario
    from bot.rehearsal.simulate import Simulation
    from bot.service.editions import Edition


def register(add: Add) -> None:
    """Add these commands to the parser."""
    tests = add("test-flows", _test_flows, "play the tests beside the flows, and count coverage")
    tests.add_argument("files", nargs="*", type=Path, metavar="FILE", help="only these files")
    tests.add_argument("--floor", type=int, default=0, metavar="PERCENT",
                       help="fail when less than this is exercised in any language")  # fmt: skip
    tests.add_argument("--json", action="store_true", help="one JSON object instead of text")
    tests.add_argument("--quick", action="store_true", help="only in English, without coverage")

    chat = add("simulate", _simulate, "play a conversation in the terminal, without Telegram")
    chat.add_argument("start", nargs="?", metavar="FLOW or STEP", help="where to begin")
    chat.add_argument("--language", default="en", help="for example es")
    chat.add_argument("--with", dest="given", action="append", default=[], metavar="NAME=VALUES",
                      help="an answer given before, for example needs=heard,safe_me")  # fmt: skip
    chat.add_argument("--record", type=Path, metavar="FILE",
                      help="write what is played to a new file of tests")  # fmt: skip


def _edition(settings: Settings, language: str = "") -> "Edition | None":
    """The flows in the folder, checked. None, with the Issues printed, when they have errors.

    ``language`` may be one of the made-up ones (``qps``), which is then added in memory.
    """
    from bot.flowdef.load import load
    from bot.service.editions import build
    from bot.service.publishing import read_input
    from bot.text.pseudo import LANGUAGES, pseudo_catalogue

    files = read_input(settings.flows, settings.locales)
    edition, issues = build(files, settings.home, checked=False)
    if edition is not None and language in LANGUAGES:
        library, _ = load(settings.flows)
        tag = LANGUAGES[language]
        files[f"locales/{tag}/LC_MESSAGES/messages.po"] = pseudo_catalogue(library, tag)
        edition, issues = build(files, settings.home, checked=True)
    if edition is None:
        for issue in issues:
            if issue.severity == "error":
                print(issue)
        say("Nothing was played. Mend the errors above first.")
    return edition


def _test_flows(chosen: argparse.Namespace) -> int:
    from bot.rehearsal import report
    from bot.rehearsal.coverage import coverage
    from bot.rehearsal.playing import play_all
    from bot.rehearsal.reading import SUFFIX, scenario_files
    from bot.text.words import ENGLISH

    settings = settings_of(bots=False)
    edition = _edition(settings, getattr(chosen, "language", ""))
    if edition is None:
        return PROBLEMS
    files = tuple(chosen.files) or scenario_files(settings.flows)
    absent = [path for path in files if not path.is_file() or not path.name.endswith(SUFFIX)]
    if absent or not files:
        which = f"`{absent[0]}` is no file of tests" if absent else "There is no file of tests"
        say(f"{which}. Their names end in `{SUFFIX}`, beside the flows.")
        return WRONGLY
    scenarios = _scenarios(files, settings.flows, edition)
    if scenarios is None:
        return PROBLEMS
    played = play_all(scenarios, edition, languages=(ENGLISH,) if chosen.quick else ())
    beside = tuple(path.name.removesuffix(SUFFIX) for path in files)
    flows = tuple(flow for flow in beside if edition.library.flow(flow)) if chosen.files else ()
    counted = not chosen.quick and bool(flows or not chosen.files)
    spoken = edition.words.languages
    found = coverage(edition.library, spoken, played.trace, flows) if counted else None
    if chosen.json:
        print(report.as_json(len(scenarios), played, found))
    else:
        for line in report.text(len(scenarios), played, found):
            print(line)
    low = found is not None and found.least < chosen.floor
    if low and found is not None:
        say(f"{found.least:.1f}% is exercised, and {chosen.floor}% is asked for.")
    return PROBLEMS if played.failures or low else FINE


def _scenarios(
    files: tuple[Path, ...], flows: Path, edition: "Edition"
) -> "tuple[Scenario, ...] | None":
    """What the files say. None, with the mistakes printed, when one cannot be read."""
    from bot.rehearsal.reading import read_file

    scenarios: list[Scenario] = []
    wrong = 0
    for path in files:
        near = path.resolve().is_relative_to(flows.resolve())
        name = f"{flows.name}/{path.resolve().relative_to(flows.resolve())}" if near else f"{path}"
        found, issues = read_file(path, name, edition.library)
        scenarios += found
        wrong += len(issues)
        for issue in issues:
            print(issue)
    if wrong:
        say("Nothing was played. Mend the mistakes above first.")
        return None
    return tuple(scenarios)


def _simulate(chosen: argparse.Namespace) -> int:
    from bot.rehearsal.answers import answers_from
    from bot.rehearsal.person import CannotDo
    from bot.rehearsal.simulate import Simulation, step_named
    from bot.text.pseudo import LANGUAGES

    refused = _cannot_record(chosen.record)
    if refused:
        say(refused)
        return WRONGLY
    edition = _edition(settings_of(bots=False), chosen.language)
    if edition is None:
        return PROBLEMS
    language = LANGUAGES.get(chosen.language, Language(chosen.language))
    if language not in edition.words.languages:
        say(f"`{chosen.language}` is not spoken here: {', '.join(edition.words.languages)}.")
        return WRONGLY
    simulation = Simulation(edition, language)
    try:
        step = step_named(chosen.start, edition.library) if chosen.start else None
        simulation.begins(step, *answers_from(chosen.given, edition.library))
    except CannotDo as refusal:
        say(str(refusal))
        return WRONGLY
    _chat(simulation)
    if chosen.record is not None:
        _record(simulation, chosen.record)
    return FINE


def _cannot_record(path: Path | None) -> str:
    """Why a record cannot be written there; empty when it can, or none is wanted."""
    from bot.rehearsal.reading import SUFFIX

    if path is None:
        return ""
    if not path.name.endswith(SUFFIX):
        return f"`{path}` cannot be a file of tests: its name must end in `{SUFFIX}`."
    if path.exists():
        return f"`{path}` is there already. Name a new file."
    if not path.parent.is_dir():
        return f"There is no folder `{path.parent}`."
    return ""


def _chat(simulation: "Simulation") -> None:
    """At the keyboard, or from a file of lines: then what was typed is shown too."""
    from rich.console import Console

    from bot.rehearsal.terminal import WIDTH, chat, typed_lines

    if sys.stdin.isatty():
        console = Console(highlight=False)
        console.print("/help lists the commands; a number presses a button; words are typed.")
        chat(simulation, typed_lines(lambda: console.input("> ")), console, echo=False)
    else:
        console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
        chat(simulation, iter(sys.stdin), console, echo=True)


def _record(simulation: "Simulation", path: Path) -> None:
    from bot.rehearsal.recording import as_yaml

    done = simulation.recorder.done
    if done:
        path.write_text(as_yaml(done), "utf-8")
        print(f"Recorded in {path}. Play it with: python -m bot test-flows {path}")
    else:
        print("Nothing was played, so nothing was recorded.")
