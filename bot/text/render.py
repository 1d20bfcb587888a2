"""From effects to messages: what one place looks like in her language, and what the desk reads.

Pure. Decides layout (body, choices, controls), which values stand in a text, and the alias rule;
does not know Telegram's methods, storage, or what happens next. Nothing a person typed becomes
markup: values enter after the markup has been read.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.core.buttons import DONE, NEXT, PAGE, WORD_VALUES, encode, is_set, ordered
from bot.core.case import Case, Shared
from bot.core.effects import Show, Values
from bot.core.events import AlwaysOn
from bot.core.ids import ChoiceId, Language, Ref, StepId, Token
from bot.core.message import Button, Content, Entity, utf16_length
from bot.core.rules import ONWARD, Choice, Rules, Step
from bot.core.session import Session

from . import dates, numbers, pages, titles
from .layout import LONGEST, ROOM, cut, joined, paired, shortened
from .words import Words

MARK = "✓ "
"""Before the words of a marked choice. The marked ones are also listed in the text, for ears."""

FOOTER: tuple[tuple[AlwaysOn, ...], ...] = (("person", "numbers"), ("more", "leave"))
"""Controls under every screen, below Back."""

TALK_FOOTER: tuple[tuple[AlwaysOn, ...], ...] = (("numbers", "more"), ("leave",))


class Screens:
    """Renders for one set of words. ``home`` is the region whose numbers are shown (``US-NY``)."""

    def __init__(self, words: Words, home: str) -> None:
        self.words = words
        self.home = home

    # ------------------------------------------------------------ screens

    def screen(self, session: Session, rules: Rules, show: Show, now: datetime) -> Content:
        """The message that shows where she is, buttons and all."""
        language = session.language
        step = rules.step(session.place)
        if step is None or session.screen is None:
            msg = "A screen was asked for where there is none; advance must arrive somewhere first."
            raise ValueError(msg)
        content = self._body(step, session, rules, now)
        token = session.screen.token
        near = titles.nearest(step, session, self.words, token)
        lead = show.lead or (titles.LEAD if near else "")
        if lead:
            values = {
                name: dates.date(value, language) if isinstance(value, date) else value
                for name, value in show.lead_values.items()
            }
            content = joined(self.words.rich(lead, language, values), content)
        if step.kind == "choose_many":
            content = self._with_marks(content, step, session)
        content, page = pages.with_part(content, step, session, self.words, self.home, now)
        rows = (
            *self._page_row(page, language, token),
            *near,
            *self._choices(step, session, token),
            *self._going_on(step, session, token),
            *self._held_rows(step, session, rules, token),
            *self._footer(step, session, token),
        )
        return replace(shortened(content), rows=rows)

    def _body(self, step: Step, session: Session, rules: Rules, now: datetime) -> Content:
        context = f"{step.id}.say"
        if not self.words.has(context):
            return Content(self.words.plain("always.dull", session.language))
        names = self.words.names(context, session.language)
        values = {name: self._value(name, session, rules, now) for name in names}
        content = self._fitting(context, session.language, values)
        return pages.with_way(content, step.id, self.words, session.language)

    def _fitting(self, context: str, language: Language, values: dict[str, str | int]) -> Content:
        """The text with its values; only those are cut when it grows too long, never our words."""
        content = self.words.rich(context, language, values)
        over = utf16_length(content.text) - ROOM
        if over <= 0 or not values:
            return content
        longest = max(values, key=lambda name: len(str(values[name])))
        kept = str(values[longest])
        length = max(utf16_length(kept) - over, 1)
        return self.words.rich(context, language, {**values, longest: cut(kept, length)})

    def _with_marks(self, content: Content, step: Step, session: Session) -> Content:
        marked = session.answers.get(step.save, ())
        if not marked or isinstance(marked, str):
            return content
        items = self._labels(step, marked, session.language)
        line = self.words.rich("always.marked", session.language, {"items": items})
        return joined(content, line)

    def _page_row(self, page: int, language: Language, token: Token) -> list[tuple[Button, ...]]:
        if not page:
            return []
        label = self.words.plain("always.button_page", language)
        return [(Button(label, encode(token, f"p{page}")),)]

    def _labels(self, step: Step, values: tuple[str, ...], language: Language) -> str:
        labels = []
        for value in values:
            chosen = next((c for c in step.choices if value in (c.value, c.id)), None)
            context = f"{step.id}.choices.{chosen.id}" if chosen else ""
            labels.append(self.words.plain(context, language) if chosen else value)
        return dates.list_of(labels, language)

    # ------------------------------------------------------------ buttons

    def _choices(self, step: Step, session: Session, token: Token) -> list[tuple[Button, ...]]:
        marked = session.answers.get(step.save, ()) if step.kind == "choose_many" else ()
        rows: list[tuple[Button, ...]] = []
        for choice in ordered(step, session):
            label = self.label(step.id, choice.id, session.language)
            place = step.choices.index(choice)
            value = self._pressed(choice, place)
            if step.kind == "choose_many":
                on = choice.id in marked
                value = f"-{place}" if on else f"+{place}"
                label = MARK + label if on else label
            elif is_set(choice, session):
                label = MARK + label
            rows.append((Button(label, encode(token, value)),))
        return paired(rows, [choice.verb == "country" for choice in ordered(step, session)])

    def _pressed(self, choice: Choice, place: int) -> str:
        """A choice that is an always-on word works from any older screen, like the word itself."""
        word = next((word for word in WORD_VALUES if word == choice.verb), None)
        if word is None or word in ("back", "stop") or choice.argument:
            return f"c{place}"
        return WORD_VALUES[word]

    def _going_on(self, step: Step, session: Session, token: Token) -> list[tuple[Button, ...]]:
        if step.kind not in ONWARD:
            return []
        onward = DONE if step.kind == "choose_many" else NEXT
        label = self.label(step.id, onward, session.language)
        return [(Button(label, encode(token, "n")),)]

    def _held_rows(
        self, step: Step, session: Session, rules: Rules, token: Token
    ) -> list[tuple[Button, ...]]:
        if step.id != rules.door("hold"):
            return []
        rows: list[tuple[Button, ...]] = []
        for place, name in enumerate(sorted(session.answers)):
            values = {"name": self._name(name, session.language)}
            change = self.words.plain("always.button_change", session.language, values)
            forget = self.words.plain("always.button_forget", session.language, values)
            rows.append(
                (
                    Button(change, encode(token, f"v{place}")),
                    Button(forget, encode(token, f"f{place}")),
                )
            )
        return rows

    def _footer(self, step: Step, session: Session, token: Token) -> list[tuple[Button, ...]]:
        rows: list[tuple[Button, ...]] = []
        talk = step.kind == "chat"
        offers_back = any(choice.verb in ("back", "resume") for choice in step.choices)
        before = session.over or session.trail or session.page
        beside: list[Button] = []
        if step.back and not offers_back and before:
            beside.append(self._control("back", session.language, token))
        if not talk and self.words.explained(step.id):
            beside.append(self._control("about", session.language, token))
        if beside:
            rows.append(tuple(beside))
        offered = {choice.verb for choice in step.choices if not choice.argument}
        for words in TALK_FOOTER if talk else FOOTER:
            left = [word for word in words if word not in offered]
            rows.append(tuple(self._control(word, session.language, token) for word in left))
        return [row for row in rows if row]

    def _control(self, word: AlwaysOn, language: Language, token: Token) -> Button:
        own = word in ("more", "about")
        context = f"always.button_{word}" if own else f"always.words.{word}"
        return Button(self.words.plain(context, language), encode(token, WORD_VALUES[word]))

    def label(self, step: StepId, choice: ChoiceId, language: Language) -> str:
        """The words on one button; ``NEXT`` and ``DONE`` are those that go on."""
        if choice not in (NEXT, DONE, PAGE):
            return self.words.plain(f"{step}.choices.{choice}", language)
        own, usual = f"{step}.next", f"always.button_{choice[1:]}"
        return self.words.plain(own if self.words.has(own) else usual, language)

    # ------------------------------------------------------------ values

    def _value(  # noqa: PLR0911 - one table, a line a placeholder
        self, name: str, session: Session, rules: Rules, now: datetime
    ) -> str | int:
        language, case = session.language, session.case
        match name:
            case "summary":
                step = rules.step(session.at)
                shared = step.handoff.share if step is not None and step.handoff else ()
                return self._summary(shared, session)
            case "suggestion":
                return self._suggestion(session, rules)
            case "numbers" | "numbers_of":
                rule = session.danger if session.place == rules.door("danger") else ""
                return numbers.shown(name, session, self.words, self.home, now, rule)
            case "held":
                return self._held(session)
            case "looked":
                return pages.looked(session, self.words)
            case "text":
                return self._danger_text(session.danger, language)
            case "until":
                step = rules.step(session.at)
                lasts = step.valid_for if step is not None else timedelta(0)
                return dates.date((now + lasts).date(), language)
            case "waited":
                since = case.opened_at if case is not None else now
                return dates.duration(now - since, language)
            case "desk":
                return self.words.plain("always.desk_name", language)
            case "language":
                return self.words.native_name(language)
            case "about":
                under = session.over[-2] if len(session.over) > 1 else session.at
                return pages.about(under, self.words, session)
            case _:
                given = session.answers.get(name, ())
                if not given:
                    return self.words.plain("values.none", language)
                return self.words.answer(name, given, language)

    def _name(self, name: str, language: Language) -> str:
        context = f"names.{name}"
        return self.words.plain(context, language) if self.words.has(context) else name

    def _summary(self, names: tuple[str, ...], session: Session) -> str:
        language = session.language
        lines = []
        for name in names:
            given = session.answers.get(name, ())
            value = self.words.plain("values.none", language)
            if name == "language":
                value = self.words.native_name(language)
            elif given:
                value = self.words.answer(name, given, language)
            lines.append(self._pair(name, value, language))
        return "\n".join(lines)

    def _pair(self, name: str, value: str, language: Language) -> str:
        values = {"name": self._name(name, language), "value": value}
        return self.words.plain("always.held_line", language, values)

    def _danger_text(self, rule: str, language: Language) -> str:
        written = rule and self.words.has(f"danger.{rule}")
        return self.words.plain(f"danger.{rule if written else 'danger_now'}", language)

    def _held(self, session: Session) -> str:
        language = session.language
        lines = [
            self._pair(name, self.words.answer(name, given, language) or "–", language)
            for name, given in sorted(session.answers.items())
        ]
        for given in session.consents:
            until = dates.date(given.until.date(), language)
            values = {"name": self._name(given.purpose, language), "until": until}
            lines.append(self.words.plain("always.held_until", language, values))
        if session.looked:
            lines.append(self._pair("looked", pages.looked(session, self.words), language))
        case = session.case
        if case is not None:
            state = self.words.plain(f"values.request_{case.state}", language)
            lines.append(self._pair("request", state, language))
        lines.append(self._pair("language", self.words.native_name(language), language))
        reading = self.words.plain(f"values.reading_{session.reading}", language)
        typed = "delete" if session.delete_typed else "keep"
        lines.append(self._pair("reading", reading, language))
        lines.append(
            self._pair("typed", self.words.plain(f"values.typed_{typed}", language), language)
        )
        return "\n".join(lines)

    def _suggestion(self, session: Session, rules: Rules) -> str:
        pending = session.pending
        under = session.over[-2] if len(session.over) > 1 else session.at
        if pending is not None and pending.kind == "page":
            return titles.title(StepId(pending.value), self.words, session.language)
        if pending is None or pending.kind != "suggestion":
            return ""
        step = rules.step(under)
        choice = step.choice(ChoiceId(pending.value)) if step else None
        return self.label(under, choice.id, session.language) if choice else ""

    def unfilled(self, context: str, language: Language) -> str:
        """A text as it was shown, its values left as their names: what a consent record hashes."""
        if not self.words.has(context):
            return ""
        names = self.words.names(context, language)
        return self.words.plain(context, language, {name: f"{{{name}}}" for name in names})

    # ------------------------------------------------------------ lines

    def line(self, phrase: str, language: Language, values: Values | None = None) -> Content:
        """A message of its own."""
        return shortened(self.words.rich(phrase, language, values or {}))

    def crisis_line(self, rule: str, session: Session, now: datetime) -> Content:
        """The extra line in a live talk: reviewed words, the numbers, and that the desk has it."""
        values = numbers.both(session, self.words, self.home, now, rule)
        text = self._danger_text(rule, session.language)
        return self.line("always.crisis_line", session.language, {**values, "text": text})

    def busy(self, language: Language, now: datetime) -> Content:
        """The fixed screen for the time when nothing can be kept."""
        return self.line(
            "always.busy", language, numbers.busy(self.words, self.home, language, now)
        )

    def nudge(self, ref: Ref, language: Language) -> Content:
        """The neutral line, with the button that opens what waits behind it."""
        label = self.words.plain("always.button_open", language)
        button = Button(label, encode(Token(ref[:8]), "o"))
        return replace(self.words.rich("always.open_line", language), rows=((button,),))

    # ------------------------------------------------------------ what passes between two people

    def relay(
        self, phrase: str, language: Language, who: Values, text: str, entities: tuple[Entity, ...]
    ) -> Content:
        """Somebody's words behind a name: the words and their formatting exactly as written.

        Words so long that no name fits before them come bare; ``frame`` then goes ahead of them.
        """
        framed = self.words.rich(phrase, language, {**who, "text": ""})
        shift = utf16_length(framed.text)
        if shift + utf16_length(text) > LONGEST:
            return Content(text, entities)
        moved = tuple(replace(entity, offset=entity.offset + shift) for entity in entities)
        return Content(framed.text + text, framed.entities + moved)

    def frame(self, phrase: str, language: Language, who: Values) -> Content:
        """The name alone, as a message before words that are too long to carry it."""
        return self.words.rich(phrase, language, {**who, "text": ""})

    def alias(self, case: Case) -> str:
        """The plain-word name under which staff know a case. The rule lives only here."""
        first, second, number = case.alias.split(".")
        names = [
            self.words.plain(context, Language("en")).split("|")
            for context in ("desk.alias_first", "desk.alias_second")
        ]
        chosen = (names[0][int(first) % len(names[0])], names[1][int(second) % len(names[1])])
        return f"{chosen[0].strip()} {chosen[1].strip()} {number}"

    def queue_row(self, case: Case, language: Language, now: datetime) -> str:
        """One waiting case as the queue lists it."""
        return self.words.plain(
            "desk.queue_row",
            language,
            {
                "alias": self.alias(case),
                "language": dates.name_of(case.language, language),
                "age": dates.duration(now - case.opened_at, language),
                "urgency": self.words.plain(f"desk.urgency_{case.urgency}", language),
            },
        )

    def shared(self, case: Case, language: Language) -> str:
        """What she agreed to share, in the reader's language; her own words as she wrote them."""
        lines = [
            self._pair(row.name, self._shared_value(row, language), language) for row in case.shared
        ]
        return "\n".join(lines)

    def _shared_value(self, row: Shared, language: Language) -> str:
        if row.typed:
            return " ".join(row.values)
        if row.name == "language":
            return self.words.native_name(Language(row.values[0]))
        return self.words.answer(row.name, row.values, language)

    def moment(self, at: datetime, zone: str, language: Language) -> str:
        """Weekday and time in a zone, for "Waiting until …"."""
        place: tzinfo = ZoneInfo(zone)
        return dates.moment(at, place, language)
