"""Flows to draw: one with every kind of step and every kind of mistake, and as many as one likes
that nobody wrote.
"""

import json

from hypothesis import strategies as st

from bot.flowdef.load import load_files
from bot.flowdef.model import Library
from tests.unit.flowdef.flows import ALWAYS

SMALL = """
flow: small
title: A "small" one
steps:
  - id: first
    say: Hello & <welcome>.
    choose:
      - {id: ahead, text: Go on, go: may}
      - {id: later, text: Not now, go: nowhere}
    if_silent: {after: 24h, then: last}
  - id: may
    say: May we?
    consent: contact
    for: 30d
    choose:
      - {id: agree, text: "Yes, you may", do: give}
      - {id: refuse, text: "No, not now", do: refuse, go: last}
  - id: send
    when: way is answered
    say: Shall we?
    handoff: {queue: intake, share: [], consent: contact}
    choose: [{id: send, text: Send it, do: send}, {id: look, text: Look again, visit: first}]
  - id: last
    say: Bye.
    end: yes
  - id: lost
    say: Nobody comes here.
    go: other
"""
OTHER = """
flow: other
steps:
  - id: one
    say: One.
    save: way
    choose: [{id: a, text: Way a}]
  - id: inside
    include: inner
"""
INNER = """
flow: inner
steps:
  - {id: deep, say: Deep down.}
"""


def named(*flows: str, start: str = "small.first", **more: bytes) -> Library:
    """Flows given as text, mistakes and all; everybody begins at ``start``."""
    files = {"always.yaml": ALWAYS.replace("main.first", start).encode(), **more}
    for flow in flows:
        name = flow.strip().split("\n", 1)[0].removeprefix("flow: ")
        files[f"{name}.yaml"] = flow.encode()
    return load_files(files)[0]


def small() -> Library:
    """The flows above."""
    return named(SMALL, OTHER, INNER)


# ---------------------------------------------------------------------------------------- generated

NAMES = [f"s{number}" for number in range(6)]
FLOWS = ("alpha", "beta", "gamma")
TARGETS = st.sampled_from([*NAMES, *FLOWS, *(f"{flow}.s0" for flow in FLOWS), "nowhere", ""])
WORDS = st.lists(
    st.sampled_from(
        [
            "one",
            "Yes, you may",
            "a" * 45,
            "*bold*",
            "{way}",
            "<b>&\"'`#;|",
            "日本語の言葉",
            "é",
            "%%{x}%%",
        ]
    ),
    min_size=1,
    max_size=12,
).map(" ".join)
SHORT = WORDS.map(lambda words: words[:64])
CONDITIONS = st.sampled_from(
    ["way is answered", "way is a and not b in way", "way in (", "way is a"]
)


def choices() -> st.SearchStrategy[list[dict[str, str]]]:
    """One to four buttons that lead anywhere, nowhere, there and back, or do something."""
    one = st.fixed_dictionaries(
        {"text": SHORT, "how": st.sampled_from(["go", "visit", "do", "plain"]), "to": TARGETS}
    )

    def written(number: int, one: dict[str, str]) -> dict[str, str]:
        how = {"do": {"do": "resume"}, "plain": {}}.get(one["how"], {one["how"]: one["to"]})
        return {"id": f"c{number}", "text": one["text"], **{k: v for k, v in how.items() if v}}

    return st.lists(one, min_size=1, max_size=4).map(
        lambda found: [written(number, each) for number, each in enumerate(found)]
    )


CHOICES = choices()
KINDS = (
    "say", "choose", "choose_many", "ask", "consent", "handoff", "include", "wait", "end",
)  # fmt: skip


@st.composite
def steps(draw: st.DrawFn, name: str) -> dict[str, object]:
    """One step of any kind."""
    step: dict[str, object] = {"id": name, "say": draw(WORDS)}
    kind = draw(st.sampled_from(KINDS))
    match kind:
        case "choose":
            step["choose"] = draw(CHOICES)
        case "choose_many":
            step["choose_many"] = {"save": "way", "choices": [{"id": "a", "text": "A"}]}
        case "ask":
            step["ask"] = {"save": "word", "skip": "Skip"}
        case "consent":
            step |= {"consent": "contact", "for": "30d", "choose": draw(CHOICES)}
        case "handoff":
            step |= {"handoff": {"queue": "q", "share": []}, "choose": draw(CHOICES)}
        case "include":
            step["include"] = draw(st.sampled_from([*FLOWS, "nowhere"]))
        case "wait":
            step["wait"] = "10m"
        case "end":
            step["end"] = "yes"
        case _:
            pass
    if draw(st.booleans()):
        step["when"] = draw(CONDITIONS)
    if kind != "wait" and draw(st.booleans()):
        step["if_silent"] = {"after": "24h", "then": draw(TARGETS) or "nowhere"}
    if kind in ("say", "ask") and draw(st.booleans()):
        step["go"] = draw(TARGETS) or "nowhere"
    return step


@st.composite
def folders(draw: st.DrawFn) -> tuple[str, ...]:
    """One to three flows of up to six steps each, right or wrong; for ``drawn``."""
    written = []
    for flow in FLOWS[: draw(st.integers(1, 3))]:
        names = NAMES[: draw(st.integers(1, 6))]
        flow_steps = [json.dumps(draw(steps(name)), ensure_ascii=False) for name in names]
        written.append(f"flow: {flow}\nsteps:\n" + "".join(f"  - {step}\n" for step in flow_steps))
    return tuple(written)


def drawn(folder: tuple[str, ...]) -> Library:
    """The Library of generated flows."""
    return named(*folder, start="alpha.s0")
