"""The simulator's face: screens with numbered buttons, and beside them what is stored and done.

Shows; decides nothing. The same picture goes to a terminal and into a file.
"""

from collections.abc import Callable, Iterator
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.core.message import Content, Entity

from .person import Person
from .simulate import Simulation
from .state import effects, state

STYLES: Final = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strikethrough": "strike",
    "code": "cyan",
    "text_link": "underline blue",
    "url": "underline blue",
}
WIDTH: Final = 100
"""Where there is no terminal that has one."""


def chat(simulation: Simulation, lines: Iterator[str], console: Console, *, echo: bool) -> None:
    """Play lines until they end or one says so. ``echo``: nobody sees what was typed otherwise."""
    known: tuple[Content, ...] = ()
    known = draw(simulation.person, console, known, whole=False)
    for line in lines:
        if echo:
            console.print(Text(f"> {line.rstrip()}", style="bold"))
        turn = simulation.hears(line)
        if turn.note:
            console.print(Text(turn.note, style="yellow"))
        if turn.drawn:
            known = draw(simulation.person, console, known, whole=turn.whole)
        if turn.over:
            break
    simulation.ends()


def typed_lines(ask: Callable[[], str]) -> Iterator[str]:
    """Lines from a keyboard, until Ctrl+D or Ctrl+C."""
    while True:
        try:
            yield ask()
        except (EOFError, KeyboardInterrupt):
            return


def draw(
    person: Person, console: Console, known: tuple[Content, ...], *, whole: bool
) -> tuple[Content, ...]:
    """Show new lines, the screen, and the state beside it. Returns the lines shown so far."""
    lines = person.lines
    parts: list[RenderableType] = [
        Panel(rich_text(line), expand=True, style="dim" if line in known else "")
        for line in lines
        if whole or line not in known
    ]
    parts.append(_screen(person))
    if person.toast:
        parts.append(Text(f"({person.toast})", style="italic"))
    beside = Group(
        *(Text(line, overflow="fold") for line in state(person)),
        *((Text("this turn:", style="dim"),) if person.effects else ()),
        *(Text(f"  {line}", style="dim", overflow="fold") for line in effects(person)),
    )
    grid = Table.grid(padding=(0, 2), expand=True)
    grid.add_column(ratio=3)
    grid.add_column(ratio=2)
    grid.add_row(Group(*parts), beside)
    console.print(grid)
    return lines


def _screen(person: Person) -> RenderableType:
    seen = person.seen
    if seen is None:
        left = "she has left" if person.session.away else "there is no screen"
        return Panel(Text(f"({left})", style="dim"))
    buttons = Table.grid(padding=(0, 1))
    for number, (name, button) in enumerate(seen.names, 1):
        label = Text(button.label, style="reverse" if name in seen.choices else "")
        buttons.add_row(Text(f"{number}"), label, Text(name, style="dim"))
    return Panel(Group(rich_text(seen.content), Text(""), buttons), title=seen.step)


def rich_text(content: Content) -> Text:
    """A message with its formatting; offsets there count UTF-16 units, here characters."""
    text = Text(content.text)
    units = content.text.encode("utf-16-le", "surrogatepass")
    for entity in content.entities:
        start, end = _characters(units, entity)
        text.stylize(STYLES[entity.kind], start, end)
    return text


def _characters(units: bytes, entity: Entity) -> tuple[int, int]:
    def count(length: int) -> int:
        return len(units[: length * 2].decode("utf-16-le", "surrogatepass"))

    return count(entity.offset), count(entity.offset + entity.length)
