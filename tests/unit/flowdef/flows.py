"""Small flows for tests, made from a few lines."""

from textwrap import dedent

from bot.flowdef.load import load_files
from bot.flowdef.model import DOORS, Issue, Library

ALWAYS = (
    "flow: always\n"
    "words: [{id: leave, text: Leave now}]\n"
    "doors:\n"
    + "".join(f"  {door}: always.screen\n" for door in DOORS if door != "start")
    + "  start: main.first\n"
    "steps:\n"
    "  - {id: screen, say: A screen.}\n"
    "  - {id: other, say: Another.}\n"
)


def read(*flows: str, **more: bytes) -> tuple[Library, tuple[Issue, ...]]:
    """Load flows given as text; each file is named after its `flow:` line."""
    files = {"always.yaml": ALWAYS.encode(), **more}
    for flow in flows:
        text = dedent(flow).lstrip()
        name = text.split("\n", 1)[0].removeprefix("flow: ").strip()
        files[f"{name}.yaml"] = text.encode()
    return load_files(files)


def library(*flows: str) -> Library:
    """The same, where no Issue is expected."""
    found, issues = read(*flows)
    assert issues == ()
    return found
