"""The command line as a list of promises: each command is described, and ends in words."""

import argparse
import re
from pathlib import Path

import pytest

from bot import __main__ as cli
from bot.app import FlowsRefused, PortRefused
from bot.cli import operating
from bot.gateway.contact import StartRefused
from bot.sandbox.serving import NotLoopback
from bot.store.refused import StartupRefused

README = Path(__file__).parents[2] / "README.md"


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command of the parser."""
    parser = cli._parser()  # noqa: SLF001 - the registry under test
    for action in parser._actions:  # noqa: SLF001 - argparse has no public way
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            return dict(action.choices)
    msg = "the parser has no commands"
    raise AssertionError(msg)


def test_every_command_is_in_the_readme() -> None:
    """Whoever reads the first page knows what there is to run."""
    found = commands()
    assert len(found) >= 9
    text = README.read_text("utf-8")
    missing = [name for name in found if not re.search(rf"(`|-m bot ){name}\b", text)]
    assert missing == []


def test_every_command_says_what_it_does_and_can_be_run() -> None:
    """Help is one short line; each command leads to a function."""
    for name, parser in commands().items():
        assert callable(parser.get_default("command")), name
        assert parser.format_help().startswith(f"usage: python -m bot {name}")


@pytest.mark.parametrize(
    "name", ["run", "demo", "check", "publish", "versions", "migrate", "doctor"]
)
def test_help_needs_no_settings(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` works on a machine where nothing is set up."""
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    assert ended.value.code == 0
    assert "usage:" in capsys.readouterr().out


def test_no_command_shows_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    """Used wrongly: exit code 2, and every command with its line."""
    assert cli.main([]) == 2
    shown = capsys.readouterr().out
    for name in commands():
        assert name in shown


REFUSALS = (
    StartupRefused("The keystore is gone."),
    StartRefused("Telegram refuses the token."),
    PortRefused("The port is taken."),
    FlowsRefused(()),
)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda r: type(r).__name__)
def test_every_refusal_ends_in_words_and_not_in_a_traceback(
    refusal: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1 and the sentence on standard error."""

    def refuse(_: argparse.Namespace) -> int:
        raise refusal

    monkeypatch.setattr(operating, "_migrate", refuse)
    assert cli.main(["migrate"]) == 1
    assert capsys.readouterr().err == f"{refusal}\n"


def test_the_list_of_refusals_names_classes_that_exist() -> None:
    """They are known by name, so that a command imports only what it needs; a rename shows here."""
    known = {type(refusal).__name__ for refusal in REFUSALS} | {NotLoopback.__name__}
    assert known == cli._SENTENCES  # noqa: SLF001 - the registry under test


def test_a_fault_of_ours_is_not_dressed_as_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an operator cannot mend keeps its traceback."""

    def fault(_: argparse.Namespace) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(operating, "_migrate", fault)
    with pytest.raises(ZeroDivisionError):
        cli.main(["migrate"])
