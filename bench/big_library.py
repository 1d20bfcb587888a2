"""A big, valid library: many flows of many steps beside the real ones, in several languages.

The texts are plain sentences drawn with a fixed seed, so that every wording is as long as a real
one, nearly all of them differ, and the checks have nothing to say about them.
"""

import random
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.plurals import get_plural

from bot.core.ids import Language
from bot.flowdef.load import load
from bot.flowdef.model import Library, Text
from bot.text.catalog import Catalogues
from bot.text.extract import extract

REAL = Path(__file__).parents[1]
LANGUAGES = ("es", "fr", "pl", "pt", "ru")
ENTRANCE = "      - {id: topics, text: Other pages, go: topic_00}\n"
BEFORE = re.compile(r"^      - \{id: rest, .*\n", re.MULTILINE)
KEPT_AS_IT_IS = re.compile(r"\{[a-z_]+\}|\]\([^)]*\)|\\.|\|")
ACCENTED = str.maketrans("aeiou", "áéíóú")

WHO = (
    "You", "A friend", "Your family", "Some people", "The staff", "A guide", "One of us", "Many",
    "Those close to you", "A person you trust", "Two of you", "Each of them",
)  # fmt: skip
DOES = (
    "can ask for", "may look at", "will talk about", "can wait for", "may need", "can think of",
    "may write down", "will hear about", "can say no to", "may come back to", "can learn from",
    "often want", "may plan", "can stop", "will not need", "can share",
)  # fmt: skip
WHAT = (
    "a calm place", "more time", "some rest", "a short walk", "the next step", "a good night",
    "the main points", "a list of names", "a kind word", "the way home", "a clear answer",
    "one small thing", "the hard parts", "the first day", "a safe room", "their own pace",
    "help with rent", "a letter", "a phone call", "the plan for today", "a quiet hour",
)  # fmt: skip
WHEN = (
    "today", "on any day", "when it feels right", "with no rush", "in your own time", "at home",
    "once a week", "at the start", "more than once", "with a friend", "before the end", "later on",
)  # fmt: skip
LABELS = (
    "Read about", "Tell me about", "Show", "Look at", "Go to", "Think about", "Plan for", "Ask for",
)  # fmt: skip
OTHERS = {
    "who": ("Usted", "Su familia", "Una amiga", "Otra gente", "El equipo", "La persona", "Alguien"),
    "does": ("puede pedir", "quiere ver", "va a leer", "piensa en", "habla de", "espera", "guarda"),
    "what": ("una pausa", "la carta", "un plan", "su casa", "la lista", "otra cita", "un paso",
             "el camino", "la calma", "una llamada", "la noche", "un lugar", "la hora", "el dato"),
    "when": ("hoy", "en casa", "con calma", "cada semana", "al final", "sin prisa", "más tarde"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """How big: numbers of flows, of steps a flow, and the languages beside English."""

    flows: int = 50
    steps: int = 200
    languages: tuple[str, ...] = LANGUAGES


def write(folder: Path, size: Size, seed: int = 3) -> tuple[Path, Path]:
    """Write ``flows`` and ``locales`` under ``folder``; returns both paths."""
    flows, locales = folder / "flows", folder / "locales"
    chance = random.Random(seed)
    hide_tests = shutil.ignore_patterns("*.tests.yaml", "*.md")
    shutil.copytree(REAL / "flows", flows, ignore=hide_tests)
    _open_the_way(flows / "ways.yaml")
    danger = (flows / "danger" / "es.yaml").read_text("utf-8")
    for language in size.languages:
        other = danger.replace("language: es", f"language: {language}")
        (flows / "danger" / f"{language}.yaml").write_text(other, "utf-8")
    for number in range(size.flows):
        text = "".join(_flow(number, size, chance))
        (flows / f"topic_{number:02}.yaml").write_text(text, "utf-8")
    library, issues = load(flows)
    assert not issues, issues[:3]
    locales.mkdir()
    extract(library, locales)
    spanish = Catalogues.load(REAL / "locales").by_language[Language("es")]
    for language in size.languages:
        real = spanish if language == "es" else None
        lines = "".join(_catalogue(library, language, real, chance))
        target = locales / language / "LC_MESSAGES" / "messages.po"
        target.parent.mkdir(parents=True)
        target.write_text(lines, "utf-8")
    return flows, locales


def _open_the_way(ways: Path) -> None:
    """One more choice in the real flows leads to the first generated one."""
    text = ways.read_text("utf-8")
    changed = BEFORE.sub(lambda found: ENTRANCE + found[0], text, count=1)
    assert changed != text, "flows/ways.yaml no longer has the choice `rest`"
    ways.write_text(changed, "utf-8")


def _flow(number: int, size: Size, chance: random.Random) -> Iterator[str]:
    name = f"topic_{number:02}"
    yield f"flow: {name}\ntitle: Topic {_spelled(number)}\nsteps:\n"
    for step in range(size.steps - 1):
        yield f"  - id: s{step}\n    say: |\n"
        for line in _body(chance, WHO, DOES, WHAT, WHEN).split("\n"):
            yield f"      {line}\n" if line else "\n"
        yield from _kind(name, step, size, chance)
    yield f"  - id: s{size.steps - 1}\n    say: That was the last page here.\n    choose:\n"
    if number + 1 < size.flows:
        yield f"      - {{id: more, text: More pages, go: topic_{number + 1:02}}}\n"
    yield "      - {id: others, text: Look at another way, go: ways.start}\n"


def _kind(flow: str, step: int, size: Size, chance: random.Random) -> Iterator[str]:
    drawn = chance.random()
    saved = f"{flow}_{step}"
    if drawn < 0.30:
        yield "    choose:\n"
        for index in range(chance.randint(2, 4)):
            target = min(step + 1 + index * chance.randint(1, 3), size.steps - 1)
            yield f"      - {{id: c{index}, text: {_label(chance)}, go: s{target}}}\n"
    elif drawn < 0.36:
        yield f"    choose_many:\n      save: {saved}\n      choices:\n"
        for index in range(5):
            yield f"        - {{id: c{index}, text: {_label(chance)}}}\n"
    elif drawn < 0.40:
        yield f"    ask: {{save: {saved}, max_length: 200, skip: Skip this}}\n"
    elif drawn < 0.45 and 0 < step < size.steps - 2:
        yield "    when: needs is answered and not unknown in needs\n"
    elif drawn < 0.47:
        yield "    consent: be_contacted\n    for: 30d\n    choose:\n"
        yield '      - {id: agree, text: "Yes, I agree", do: give}\n'
        yield '      - {id: refuse, text: "No, not now", do: refuse, go: ways.start}\n'
    elif drawn < 0.50:
        yield f"    if_silent: {{after: 24h, then: s{size.steps - 1}}}\n"
    if drawn > 0.80:
        yield "    sources: [S1, S4]\n"


def _body(chance: random.Random, *parts: Sequence[str]) -> str:
    sentences = [" ".join(map(chance.choice, parts)) + "." for _ in range(4)]
    return f"{sentences[0]}\n\n{' '.join(sentences[1:])}"


def _label(chance: random.Random) -> str:
    return f"{chance.choice(LABELS)} {chance.choice(WHAT)}"


def _spelled(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:02}")


def _catalogue(
    library: Library, language: str, real: object, chance: random.Random
) -> Iterator[str]:
    plurals = get_plural(language)
    yield (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        f'"Plural-Forms: nplurals={plurals[0]}; plural={plurals[1]};\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
    )
    for text in library.texts.values():
        known = real.of(text.ctx, text.msgid) if real is not None else None  # type: ignore[attr-defined]  # Translations or None, read by the bot
        forms = known or (_translated(text, chance),) * (plurals[0] if text.one else 1)
        if text.required:
            yield "\n#. Required: without this text the language is not offered."
        yield f"\n#: {text.place.file}:{text.place.line}\nmsgctxt {_quoted(text.ctx)}\n"
        yield f"msgid {_quoted(text.one or text.source)}\n"
        if text.one:
            yield f"msgid_plural {_quoted(text.source)}\n"
            yield from (f"msgstr[{i}] {_quoted(form)}\n" for i, form in enumerate(forms))
        else:
            yield f"msgstr {_quoted(forms[0])}\n"


def _translated(text: Text, chance: random.Random) -> str:
    """Generated pages get other sentences; real texts are written with accents."""
    if not text.ctx.startswith("topic_"):
        at = 0
        parts: list[str] = []
        for kept in KEPT_AS_IT_IS.finditer(text.source):
            parts += (text.source[at : kept.start()].translate(ACCENTED), kept[0])
            at = kept.end()
        return "".join((*parts, text.source[at:].translate(ACCENTED)))
    if text.role == "body":
        return _body(chance, OTHERS["who"], OTHERS["does"], OTHERS["what"], OTHERS["when"])
    return f"{chance.choice(OTHERS['does'])} {chance.choice(OTHERS['what'])}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", '\\n"\n"')
    return f'""\n"{escaped}"' if "\n" in text else f'"{escaped}"'
