"""One person's whole time with the bot, with the desk beside her: what her chat may never show."""

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.core import case as cases
from bot.core import effects as do
from bot.core.events import Blocked, Edited, Pressed, SentMedia, Unblocked
from tests.properties.test_any_event import DANGER, LABELS, SPELLINGS
from tests.survivor import STAFF, Survivor, shipped

NUMBERS = {"GB": "999", "ES": "112", "AU": "000"}
"""Emergency numbers, where they are not 911."""


class OnePerson(RuleBasedStateMachine):
    """She presses, types, leaves and comes back; the desk claims, writes, closes; time passes."""

    @initialize(reading=st.sampled_from(["edit", "new"]), language=st.sampled_from(["en", "es"]))
    def begins(self, reading, language):
        self.her = Survivor(shipped(), language, reload=True)
        self.her.session = replace(self.her.session, reading=reading)
        self.old: list[str] = []
        self.her.starts()

    # ------------------------------------------------------------ her

    @precondition(lambda self: self.her.session.screen is not None)
    @rule(place=st.integers(0, 30))
    def presses_a_button(self, place):
        buttons = self.her.buttons
        data = buttons[place % len(buttons)].data
        self.old.append(data)
        self.her.sends(data)

    @precondition(lambda self: self.old)
    @rule(place=st.integers(0, 50))
    def presses_an_old_button(self, place):
        her, data = self.her, self.old[place % len(self.old)]
        current = her.session.screen is not None and her.session.screen.token in data
        before = her.session
        her.sends(data)
        if not current and not data.endswith((":wl", ":o")):
            assert her.session.answers == before.answers
            assert not her.did(do.PingDesk)
            assert not her.did(do.EraseEverything)

    @rule(text=st.one_of(st.sampled_from(LABELS), st.sampled_from(SPELLINGS), st.text(max_size=30)))
    def types(self, text):
        self.her.types(text)

    @rule(text=st.sampled_from(DANGER))
    def types_danger(self, text):
        her = self.her
        her.types(text)
        assert her.did(do.Say) or her.session.place == "always.danger"
        number = NUMBERS.get(str(her.session.answers.get("country")), "911")
        assert any(number in content.text for content in her.chat.values())

    @rule()
    def sends_a_photo(self):
        self.her.happens(SentMedia("photo", 9000 + self.her.count))

    @rule(text=st.text(max_size=30))
    def changes_her_words(self, text):
        self.her.happens(Edited(text, 1001))

    @rule()
    def leaves(self):
        her = self.her
        her.types("leave now")
        assert all(not content.rows for content in her.chat.values())
        assert her.hers == set()
        assert len(her.chat) <= 1

    @rule()
    def blocks(self):
        self.her.happens(Blocked())
        self.her.happens(Unblocked())

    @precondition(lambda self: self.her.session.case is None and not self.her.session.away)
    @rule()
    def asks_for_a_person(self):
        her = self.her
        her.session = replace(her.session, language="en", chosen_language=True, answers={})
        her.starts()
        her.asks_for_a_person()

    @precondition(lambda self: self.her.session.case is not None and self.her.case.nudge)
    @rule()
    def opens_the_neutral_line(self):
        self.her.happens(Pressed(f"1:{self.her.case.nudge[:8]}:o", "q", None))

    # ------------------------------------------------------------ time

    @rule(hours=st.sampled_from([0.01, 1, 25, 41, 24 * 8, 24 * 27]))
    def waits(self, hours):
        self.her.passes(hours=hours)
        for name, (due, _) in sorted(self.her.timers.items(), key=lambda item: item[1]):
            if due <= self.her.now and name in self.her.timers:
                self.her.timer(name)
                assert not self.her.sent, f"{name} sent something"

    # ------------------------------------------------------------ the desk

    @precondition(lambda self: self.her.session.case is not None)
    @rule(what=st.sampled_from(["claim", "release", "close", "lapse", "write"]))
    def the_desk_acts(self, what):
        her, case = self.her, self.her.case
        moved = {
            "claim": lambda: cases.claim(case, STAFF, her.now),
            "release": lambda: cases.release(case, STAFF),
            "close": lambda: cases.close(case, "helped"),
            "lapse": lambda: cases.lapse(case, her.now),
            "write": lambda: replace(case, held=case.held + 1) if case.holder else None,
        }[what]()
        if moved is not None:
            her.session = replace(her.session, case=replace(moved, news=what != "write"))

    # ------------------------------------------------------------ what always holds

    @invariant()
    def her_screen_is_in_her_chat(self):
        screen = self.her.session.screen
        assert screen is None or screen.ref in self.her.chat

    @invariant()
    def every_screen_is_promised_an_end_or_kept(self):
        screen = self.her.session.screen
        if screen is not None and not screen.kept and self.her.now < screen.sent_at:
            assert f"aged:{screen.ref}" in self.her.timers

    @invariant()
    def after_leaving_nothing_says_anything(self):
        her = self.her
        if her.session.away:
            assert her.session.screen is None
            assert not her.session.over
            assert her.session.case is None or her.session.case.state in ("paused", "closed")

    @invariant()
    def words_go_to_people_only_in_a_live_talk(self):
        her = self.her
        if her.did(do.ToDesk):
            assert her.case.state == "claimed"
            assert any(her.now < given.until for given in her.session.consents)

    @invariant()
    def a_talk_that_is_open_is_on_her_screen(self):
        case = self.her.session.case
        if case is not None and case.talking:
            assert "always.chat" in self.her.session.over

    @invariant()
    def a_case_is_younger_than_its_consent(self):
        case = self.her.session.case
        if case is not None:
            assert any(record.answer == "given" for record in self.her.consents)

    @invariant()
    def with_one_changing_screen_only_one_message_has_controls(self):
        her = self.her
        if her.session.reading == "edit" and her.session.delete_typed and not her.session.away:
            with_controls = [
                ref
                for ref, content in her.chat.items()
                if any(button.data.endswith(":wl") for row in content.rows for button in row)
            ]
            kept = [ref for ref in with_controls if f"aged:{ref}" not in her.timers]
            assert len(with_controls) - len(kept) <= 1


TestOnePerson = OnePerson.TestCase
TestOnePerson.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
