"""Every phrase that leads and translators look after is one that somebody may read."""

import re
from pathlib import Path

import pytest

from bot.flowdef.load import load

ROOT = Path(__file__).parents[3]
BUILT = (
    r"always\.button_(next|done)",
    r"always\.reach_(tty|video|chat|email|web)",
    r"hearing\.country_[a-z]{2}",
    r"danger\.[a-z_]+",
    r"desk\.(alias_(first|second)|outcome_[a-z_]+|urgency_[a-z]+)",
    r"names\.[a-z_]+",
    r"profile\.[a-z_.]+",
    r"values\.[a-z_]+",
)
"""Phrases whose ids the code puts together from a saved name, rule, state, field or door."""


@pytest.fixture(scope="module")
def code() -> str:
    """All of the program's own source, the sandbox excepted."""
    files = [p for p in (ROOT / "bot").rglob("*.py") if "sandbox" not in p.parts]
    assert len(files) > 50
    return "\n".join(path.read_text() for path in files)


def test_every_phrase_is_used(code: str):
    """A phrase nobody shows costs a translator's evening."""
    library, _ = load(ROOT / "flows")
    assert len(library.phrases) > 50
    built = re.compile("|".join(BUILT))
    unused = [
        text.ctx
        for text in library.phrases
        if f'"{text.ctx}"' not in code and not built.fullmatch(text.ctx)
    ]
    assert unused == []


def test_every_phrase_the_code_asks_for_exists(code: str):
    """A missing one would be a fault of ours at the worst moment."""
    library, _ = load(ROOT / "flows")
    asked = set(re.findall(r'"((?:always|desk|hearing)\.[a-z_]+)"', code))
    assert len(asked) > 50
    texts = set(library.texts)
    steps = {str(step) for step in library.steps}
    assert sorted(asked - texts - steps) == []
