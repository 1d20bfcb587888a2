"""One step of a flow file, from its fields to a StepDef.

Decides which kind a step is and which keys belong to that kind. Whether targets, names and
conditions exist is not asked here but in ``bot.flowdef.checks``, when all files are known.
"""

from datetime import timedelta

from bot.core.ids import ChoiceId, StepId
from bot.core.rules import AnswerKind, Handoff, StepKind, Verb

from .fields import Fields, did_you_mean, id_in
from .listing import read_compare, read_listing
from .model import ALWAYS, ChoiceDef, Condition, StepDef, Text
from .nodes import Node, Report, Sequence
from .words import text_of

STEP_KEYS = (
    "id", "say", "next", "choose", "choose_many", "ask", "skip", "consent", "for", "compare",
    "resources", "handoff", "include", "wait", "end", "chat", "save", "order", "if_silent", "back",
    "keep", "translated", "help", "asked", "sources", "waive", "when", "go", "was", "note",
)  # fmt: skip
CHOICE_KEYS = (
    "id", "text", "go", "visit", "do", "value", "hours", "alone", "last", "negative", "note",
)  # fmt: skip
KINDS: tuple[StepKind, ...] = (
    "choose_many", "ask", "consent", "compare", "resources", "handoff", "include", "wait", "end",
    "chat", "choose",
)  # fmt: skip
"""The first of these keys that is present names the kind; ``choose`` may stand beside some."""

REFUSING = ("refuse", "no")
"""Verbs that say no without being marked ``negative``."""

WITH_CHOICES = ("ask", "consent", "compare", "resources", "handoff", "end", "chat")
GOING_ON = ("say", "compare", "resources", "wait")
"""Kinds with a button that goes on, whose words `next` can change."""

ANSWERS: tuple[AnswerKind, ...] = (
    "text", "date", "number", "phone", "place", "times", "question",
)  # fmt: skip
WAIVABLE = ("reading_grade", "long_sentence", "uneven_ways", "too_many_choices")
"""Rules about taste and length that one step may break for a reason."""

LEAST_REASON = 10
SKIP = ChoiceId("skip")
RESERVED = ("silent",)

VERBS: dict[Verb, tuple[str, ...] | None] = {
    "back": (), "leave": (), "person": (), "numbers": (), "hold": (), "stop": (), "keep": (),
    "give": (), "refuse": (), "send": (), "talk": (), "resume": (), "yes": (), "no": (),
    "to_desk": (), "language": None, "country": None, "erase": ("", "now"),
    "reading": ("edit", "new"), "typed": ("delete", "keep"), "forget": None, "picture": None,
}  # fmt: skip
"""What each ``do:`` verb takes: nothing, one of some words, or (None) a word checked elsewhere."""

WITH_A_WORD: dict[Verb, str] = {
    "forget": "Write `do: forget` and the saved name.",
    "picture": "Write `do: picture` and the step that compares.",
    "country": "Write `do: country` and its two letters, for example `do: country CA`.",
}
"""Verbs that say nothing alone, and what is then to be written."""


class StepReader:
    """Reads the steps of one flow."""

    def __init__(self, flow: str, report: Report) -> None:
        self._flow = flow
        self._report = report

    def read(self, node: Node) -> StepDef | None:
        """The step in ``node``; None when it has no usable id."""
        where = ".".join(filter(None, (self._flow, id_in(node))))
        fields = Fields(node, where, self._report, STEP_KEYS)
        name = fields.id("id")
        if not name:
            if "id" not in fields:
                fields.missing("id", "Give the step an id that stays the same for ever.")
            return None
        step_id = StepId(f"{self._flow}.{name}")
        fields.where = step_id
        kind = self._kind(fields)
        required = self._required(fields)
        note = fields.text("note")
        consent = fields.id("consent") if kind == "consent" else ""
        silence, then = self._silence(fields, kind)
        inner = self._inner(fields, kind)
        low, high = self._limits(inner, kind)
        return StepDef(
            id=step_id,
            flow=self._flow,
            kind=kind,
            place=fields.place_of("id"),
            say=text_of(fields, "say", f"{step_id}.say", "body", required=required, note=note),
            next=text_of(fields, "next", f"{step_id}.next", "label", required=required),
            choices=self._choices(fields, inner, kind, required=required),
            save=inner.id("save"),
            at_least=inner.number("at_least", 0, 0, 99),
            at_most=inner.number("at_most", 99, 1, 99),
            max_length=inner.number("max_length", 500, 1, 2000),
            answer=next(each for each in ANSWERS if each == inner.one_of("as", ANSWERS, "text")),
            low=low,
            high=high,
            consent=consent,
            valid_for=fields.span("for"),
            compare=read_compare(fields, step_id) if kind == "compare" else None,
            listing=read_listing(fields) if kind == "resources" else None,
            handoff=self._handoff(fields),
            include=fields.text("include"),
            silence=silence,
            then=then,
            when=condition_of(fields),
            go=fields.text("go"),
            shuffled=fields.one_of("order", ("shuffled", "fixed"), "fixed") == "shuffled",
            back=fields.flag("back", default=True),
            keep=fields.flag("keep"),
            help=text_of(fields, "help", f"{step_id}.help", "body", note=note),
            asked=text_of(fields, "asked", f"{step_id}.asked", "synonyms", note=note),
            sources=tuple(source.text for source in fields.words("sources")),
            was=fields.text("was"),
            waived=self._waived(fields),
        )

    def _kind(self, fields: Fields) -> StepKind:
        present = [kind for kind in KINDS if kind in fields]
        if not present:
            return "say"
        kind = present[0]
        others = [k for k in present[1:] if not (k == "choose" and kind in WITH_CHOICES)]
        if others:
            what = f"The step is `{kind}` and `{others[0]}` at once."
            fields.issue(fields.place_of(others[0]), "kind", what, "Make two steps of it.")
        for flag in ("end", "chat"):
            if flag in fields and not fields.flag(flag):
                what = f"`{flag}: no` says nothing."
                fields.issue(fields.place_of(flag), "kind", what, "Delete it.")
        if kind == "chat" and self._flow != ALWAYS:
            what = "`chat` is only for the live-chat screen."
            fields.issue(fields.place_of("chat"), "kind", what, "Move it to always.yaml.")
        for key, kinds in (
            ("for", ("consent",)),
            ("next", GOING_ON),
            ("skip", ("ask",)),
        ):
            if key in fields and kind not in kinds:
                what = f"`{key}` belongs to a {kinds[0]} step, and this one is {kind}."
                fields.issue(fields.place_of(key), "kind", what, "Delete it.")
        return kind

    def _waived(self, fields: Fields) -> dict[str, str]:
        if "waive" not in fields:
            return {}
        inner = Fields(fields.node("waive"), fields.where, self._report, WAIVABLE)
        found = {key.text: inner.text(key.text) for key in inner.keys()}  # noqa: SIM118 - Fields is not a dict
        for rule, reason in found.items():
            if len(reason) < LEAST_REASON:
                what = f"The reason why `{rule}` need not hold here is too short."
                inner.issue(inner.place_of(rule), "bad_value", what, "Write it in a few words.")
        return found

    def _limits(self, inner: Fields, kind: StepKind) -> tuple[str, str]:
        """``from`` and ``to`` of a date or a number, as text."""
        if kind != "ask":
            return "", ""
        asked = inner.one_of("as", ANSWERS, "text") if "as" in inner else "text"
        for key in ("from", "to"):
            if key in inner and asked not in ("date", "number"):
                what = f"`{key}` belongs to a date or a number, and this answer is a {asked}."
                inner.issue(inner.place_of(key), "kind", what, "Delete it.")
            elif asked == "date" and inner.text(key) not in ("", "today"):
                inner.day(key)
            elif asked == "number" and key in inner:
                inner.number(key, 0, 0, 999_999)
        return inner.text("from"), inner.text("to")

    def _required(self, fields: Fields) -> bool:
        return fields.one_of("translated", ("required", "wanted"), "wanted") == "required"

    def _silence(self, fields: Fields, kind: StepKind) -> tuple[timedelta | None, str]:
        if kind == "wait":
            if "if_silent" in fields:
                what = "`wait` goes on by itself, so `if_silent` is never reached."
                fields.issue(fields.place_of("if_silent"), "kind", what, "Keep one of the two.")
            return (fields.span("wait") or None), ""
        if "if_silent" not in fields:
            return None, ""
        inner = Fields(fields.node("if_silent"), fields.where, self._report, ("after", "then"))
        after, then = inner.span("after"), inner.text("then")
        for key in ("after", "then"):
            if key not in inner:
                inner.missing(key, "Write if_silent: {after: 24h, then: some_step}.")
        return (after or None), then

    def _inner(self, fields: Fields, kind: StepKind) -> Fields:
        """Where ``save`` and limits stand: inside ``choose_many`` and ``ask``, else in the step."""
        if kind == "choose_many":
            known: tuple[str, ...] = ("save", "at_least", "at_most", "choices")
        elif kind == "ask":
            known = ("save", "as", "from", "to", "max_length", "skip")
        else:
            return fields
        if "save" in fields:
            what = f"`save` stands outside `{kind}`."
            fields.issue(fields.place_of("save"), "kind", what, f"Move it inside `{kind}`.")
        inner = Fields(fields.node(kind), fields.where, self._report, known)
        question = kind == "ask" and inner.text("as") == "question"
        if question and "save" in inner:
            what = "A question she asks is never kept, so it has no `save`."
            inner.issue(inner.place_of("save"), "kind", what, "Delete it.")
        if not question and "save" not in inner:
            inner.missing("save", "Name what the answer is saved as.")
        return inner

    def _choices(
        self, fields: Fields, inner: Fields, kind: StepKind, *, required: bool
    ) -> tuple[ChoiceDef, ...]:
        nodes = inner.sequence("choices") if kind == "choose_many" else fields.sequence("choose")
        if kind in ("choose", "choose_many", "consent", "handoff") and not nodes:
            where = fields.place_of(kind)
            fields.issue(where, "kind", "There is nothing to choose.", "Write at least one choice.")
        read = (self._choice(node, fields.where, required=required) for node in nodes)
        found: dict[str, ChoiceDef] = {}
        for choice in read:
            if choice is None:
                continue
            if choice.id in found:
                what = f"The choice `{choice.id}` is there twice."
                fields.issue(choice.place, "duplicate_id", what, "Give each choice its own id.")
            found.setdefault(choice.id, choice)
        skip = self._skip(fields, inner, required=required) if kind == "ask" else ()
        return (*sorted(found.values(), key=lambda choice: choice.last), *skip)

    def _skip(self, fields: Fields, inner: Fields, *, required: bool) -> tuple[ChoiceDef, ...]:
        """The button that passes over a question, below those that answer it."""
        holder = inner if "skip" in inner else fields
        ctx = f"{fields.where}.choices.{SKIP}"
        skip = text_of(holder, "skip", ctx, "label", required=required)
        place = holder.place_of("skip")
        return (ChoiceDef(SKIP, place, skip, negative=True),) if skip else ()

    def _choice(self, node: Node, step: str, *, required: bool) -> ChoiceDef | None:
        fields = Fields(node, step, self._report, CHOICE_KEYS)
        name = fields.id("id")
        if not name:
            if "id" not in fields:
                fields.missing("id", "Give the choice an id that stays the same for ever.")
            return None
        if name in RESERVED:
            what = f"`{name}` is a word of the program."
            fields.issue(fields.place_of("id"), "bad_id", what, "Choose another id.")
        ctx = f"{step}.choices.{name}"
        text = text_of(fields, "text", ctx, "label", required=required, note=fields.text("note"))
        if text is None:
            if "text" not in fields:
                fields.missing("text", "Write the words of the button.")
            text = Text(ctx, name, fields.place, "label")
        verb, argument = self._verb(fields)
        return ChoiceDef(
            id=ChoiceId(name),
            place=fields.place_of("id"),
            text=text,
            go=fields.text("go"),
            visit=fields.text("visit"),
            verb="visit" if "visit" in fields else verb,
            argument=argument,
            value=fields.text("value"),
            hours=fields.hours("hours"),
            alone=fields.flag("alone"),
            last=fields.flag("last"),
            negative=fields.flag("negative", default=verb in REFUSING),
        )

    def _verb(self, fields: Fields) -> tuple[Verb, str]:
        found = fields.scalar("do", surprises=True)
        if found is None:
            return "go", ""
        if "visit" in fields:
            what = "`do` and `visit` stand in one choice."
            fields.issue(found.place, "kind", what, "Keep one of the two.")
        word, _, argument = found.text.strip().partition(" ")
        verb = next((verb for verb in VERBS if verb == word), None)
        if verb is None:
            what = f"`{word[:40]}` is not something a button can do."
            fields.issue(found.place, "unknown_verb", what, did_you_mean(word, VERBS))
            return "go", ""
        allowed = VERBS[verb]
        if (allowed is not None and argument not in (allowed or ("",))) or (
            verb in WITH_A_WORD and not argument
        ):
            what = f"`do: {found.text[:60]}` is not complete or says too much."
            todo = f"Write one of: {', '.join(allowed)}." if allowed else f"Write `do: {verb}`."
            todo = WITH_A_WORD.get(verb, todo)
            fields.issue(found.place, "unknown_verb", what, todo)
        return verb, argument

    def _handoff(self, fields: Fields) -> Handoff | None:
        if "handoff" not in fields:
            return None
        known = ("queue", "share", "consent", "hours", "zone", "urgency")
        inner = Fields(fields.node("handoff"), fields.where, self._report, known)
        for key, todo in (
            ("queue", "Name the queue people will see it in."),
            ("share", "List the saved names she agrees to share, or write []."),
        ):
            if key not in inner:
                inner.missing(key, todo)
        return Handoff(
            queue=inner.id("queue"),
            share=tuple(name.text for name in inner.words("share")),
            consent=inner.id("consent"),
            hours=inner.id("hours"),
            zone=inner.id("zone"),
            urgency=inner.one_of("urgency", ("normal", "high"), "normal"),
        )


def condition_of(fields: Fields) -> Condition | None:
    """The step's ``when``, unparsed."""
    found = fields.scalar("when")
    return Condition(found.text.strip(), found.place) if found else None


def read_steps(node: Node | None, flow: str, report: Report) -> tuple[StepDef, ...]:
    """All steps of a flow; the first of two with the same id counts."""
    if not isinstance(node, Sequence):
        return ()
    reader = StepReader(flow, report)
    found: dict[StepId, StepDef] = {}
    for item in node.items:
        step = reader.read(item)
        if step is None:
            continue
        if step.id in found:
            what = f"The step `{step.id}` is already on line {found[step.id].place.line}."
            report.add(step.place, "duplicate_id", step.id, what, "Give each step its own id.")
        found.setdefault(step.id, step)
    return tuple(found.values())
