"""What the bench of reading and checking is fed with: sound, seeded, and as big as it says."""

from datetime import date

from bench.big_library import Size, write
from bench.engine import ring
from bot.flowdef.check import Checker
from bot.text.checks import WordChecker

SMALL = Size(flows=2, steps=12, languages=("es", "fr"))


def test_the_generated_library_has_no_mistake(tmp_path):
    """A check that stops early at a mistake would look fast."""
    flows, locales = write(tmp_path, SMALL)
    checker = Checker(flows, locales, WordChecker().check_folder, date(2026, 11, 23))
    assert [str(each) for each in checker.check() if each.severity == "error"] == []
    generated = [step for step in checker.library.steps if step.startswith("topic_")]
    assert len(generated) == 24
    assert len(checker.library.flow("topic_01").steps) == 12


def test_the_same_seed_gives_the_same_library(tmp_path):
    """Two runs of the bench measure the same work."""
    one, other = (write(tmp_path / name, SMALL) for name in ("one", "other"))
    for here, there in zip(one, other, strict=True):
        files = [path.relative_to(here) for path in sorted(here.rglob("*")) if path.is_file()]
        assert len(files) > 2
        assert all((here / each).read_bytes() == (there / each).read_bytes() for each in files)


def test_the_ring_comes_round():
    """Every walk of the bench goes through all the steps, and back to the first."""
    rules = ring(400)
    at, seen = rules.start, set()
    while at not in seen:
        seen.add(at)
        at = rules.onward(at, "further", {"way": "a"})
    assert at == rules.start
    assert len(seen) == 400
