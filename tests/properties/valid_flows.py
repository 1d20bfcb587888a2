"""Makes flows as an author might write them: any kinds, targets, conditions, silence, includes.

They lie beside the shipped system screens, so that every always-on word has its screen. Most of
what comes out passes ``check``; what does not is not walked.
"""

from dataclasses import dataclass

from hypothesis import strategies as st

NEEDS = ("heard", "repair", "none_yet")
NAMES = ("mark", "pick", "day", "years", "call", "place", "free", "note")
TYPED = {
    "text": "note",
    "date": "day",
    "number": "years",
    "phone": "call",
    "place": "place",
    "times": "free",
}
CONDITIONS = (
    "mark is answered",
    "not (heard in mark)",
    "pick is one",
    "pick in (one, two) or note is answered",
    "language is es and mark is not answered",
)
FLOWS = ("start", "ways", "extra")


@dataclass(frozen=True)
class Drawn:
    """One folder of made flows: file names to text."""

    files: dict[str, str]


@st.composite
def made_flows(draw: st.DrawFn) -> Drawn:
    """Three flows: the first screen, the hub, and one that others can include."""
    sizes = {flow: draw(st.integers(1, 5)) for flow in FLOWS}
    ids = {
        "start": ["notice", "more_people", *(f"s{n}" for n in range(sizes["start"]))],
        "ways": [
            "start",
            "needs",
            "choice",
            "when",
            "through",
            *(f"w{n}" for n in range(sizes["ways"])),
        ],
        "extra": [f"e{n}" for n in range(sizes["extra"])],
    }
    everything = [f"{flow}.{step}" for flow, steps in ids.items() for step in steps]
    # What a condition may hide is no safe target of `visit` or of a door; the first two are plain.
    files = {}
    for flow in FLOWS:
        steps = [
            _step(draw, flow, name, everything, first=place == 0)
            for place, name in enumerate(ids[flow])
        ]
        ending = {
            "start": ["  - {id: over, say: Over., go: ways.start}"],
            "ways": [
                (
                    "  - id: over\n    say: Over.\n    choose:\n"
                    "      - {id: again, text: Again please, go: start.notice}"
                )
            ],
            "extra": ["  - {id: over, end: yes}"],
        }[flow]
        body = "\n".join([*steps, *ending])
        files[f"{flow}.yaml"] = f"flow: {flow}\ntitle: A {flow}\nsteps:\n{body}\n"
    return Drawn(files)


def _step(draw: st.DrawFn, flow: str, name: str, everything: list[str], *, first: bool) -> str:
    fixed = {
        "needs": _many(name, "mark", NEEDS),
        "choice": _pick(name, ("one", "two"), ["ways.start", "start.notice"]),
        "when": "  - id: when\n    say: Which day?\n    ask: {save: day, as: date, skip: No day}",
        "through": "  - {id: through, include: extra}",
    }
    if name in fixed:
        return fixed[name]
    kinds = ["say", "pick", "many", "ask", "wait", "compare", "resources", "consent", "silent"]
    if flow != "extra":
        kinds.append("include")
    kind = "say" if first else draw(st.sampled_from(kinds))
    targets = draw(st.lists(st.sampled_from(everything), min_size=2, max_size=3, unique=True))
    lines = _lines(draw, kind, name, targets)
    if not first and name != "more_people" and draw(st.booleans()):
        lines.append(f"    when: {draw(st.sampled_from(CONDITIONS))}")
    if draw(st.integers(0, 5)) == 0:
        lines.append("    back: no")
    if kind in ("say", "wait") and draw(st.integers(0, 24)) == 0:
        lines.append(f"    go: {targets[0]}")
    return "\n".join(lines)


def _lines(draw: st.DrawFn, kind: str, name: str, targets: list[str]) -> list[str]:
    say = f"  - id: {name}\n    say: Words of {name}, {{mark}} and {{day}}."
    match kind:
        case "pick":
            return [_pick(name, ("one", "two", "six")[: len(targets)], targets)]
        case "many":
            return [_many(name, "mark", NEEDS)]
        case "ask":
            asked = draw(st.sampled_from(sorted(TYPED)))
            return [say, f"    ask: {{save: {TYPED[asked]}, as: {asked}, skip: Rather not}}"]
        case "wait":
            return [say, f"    wait: {draw(st.sampled_from(['10m', '24h', '30d']))}"]
        case "compare":
            rows = "\n".join(
                f"        - id: {need}\n"
                "          ways: {is: usually, say: Most of the time.}\n"
                "          extra: {is: unknown, say: Nobody has counted.}"
                for need in NEEDS
            )
            head = "    compare:\n      by: mark\n      ways: [ways, extra]\n      rows:"
            return [say, f"{head}\n{rows}"]
        case "resources":
            return [say, "    resources: {kinds: [any, domestic], most: 2}"]
        case "consent":
            buttons = (
                "      - {id: agree, text: I agree to it, do: give}\n"
                "      - {id: refuse, text: I do not want it, do: refuse, go: ways.start}"
            )
            return [say, f"    consent: {name}_ok\n    for: 30d\n    choose:\n{buttons}"]
        case "silent":
            return [say, f"    if_silent: {{after: 12h, then: {targets[0]}}}"]
        case "include":
            return [f"  - id: {name}\n    include: extra"]
        case _:
            return [say]


def _pick(name: str, choices: tuple[str, ...], targets: list[str]) -> str:
    # The last button leads to the next step, so that what follows can be reached.
    aims = [f", go: {target}" for target in targets[: len(choices) - 1]] + [""]
    buttons = "\n".join(
        f"      - {{id: {each}, text: Button {each} of {name}{aim}}}"
        for each, aim in zip(choices, aims, strict=True)
    )
    head = f"  - id: {name}\n    say: Words of {name}.\n    save: pick\n    order: shuffled"
    return f"{head}\n    choose:\n{buttons}"


def _many(name: str, save: str, choices: tuple[str, ...]) -> str:
    buttons = "\n".join(f"        - {{id: {each}, text: Mark {each}}}" for each in choices)
    return (
        f"  - id: {name}\n    say: Words of {name}.\n"
        f"    choose_many:\n      save: {save}\n      choices:\n{buttons}"
    )
