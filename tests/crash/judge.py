"""The verdict: the emulator's journal against what is on the disk. Every check is a promise of the
design (I1 to I7) and returns sentences, one a breach; none asks the bot how it thinks it did.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from .history import Copy, History, Typed, study
from .reader import Row, WordRow, due
from .supervisor import Evidence

AROUND_A_KILL = 2.0
"""Seconds between acceptance and kill within which the bot may not have written what it knew."""

SLACK = 0.5
"""A call may still be accepted just after the kill: it was in the socket already."""

REPEAT_MARK = "(may be a repeat)"


@dataclass(slots=True)
class Verdict:
    """Breaches by check; and figures that are no breach."""

    breaches: dict[str, tuple[str, ...]]
    history: History
    explained: int = 0
    delivered: int = 0
    told: int = 0
    waiting: int = 0

    @property
    def red(self) -> frozenset[str]:
        """The checks that failed."""
        return frozenset(check for check, found in self.breaches.items() if found)


@dataclass(slots=True)
class Judge:
    """Evidence and history side by side."""

    evidence: Evidence
    history: History
    words: dict[int, list[WordRow]] = field(default_factory=lambda: defaultdict(list))
    explained: int = 0
    fates: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for word in self.evidence.disk.words:
            self.words[word.source].append(word)

    # ------------------------------------------------------------ I1, I2

    def not_committed(self) -> Iterator[str]:
        """I1: what was confirmed to Telegram is committed."""
        seen = self.evidence.disk.seen
        for cause in (*self.history.owed, *self.history.buried):
            if cause not in seen:
                yield f"{cause} was confirmed to Telegram and never committed"
        letters, unread = self.evidence.disk.dead_letters, len(self.history.buried)
        if letters < unread:
            yield f"{unread} unreadable updates were confirmed, {letters} dead letters are kept"

    def twice(self) -> Iterator[str]:
        """I2: an update is applied at most once, seen from what applying it leaves behind."""
        for source, words in self.words.items():
            if len(words) > 1:
                yield f"the words of message {source} were taken {len(words)} times"
        disk = self.evidence.disk
        done: dict[int, list[int]] = defaultdict(list)
        for cause, chat in self.history.made.items():
            if cause in disk.seen:
                done[chat].append(disk.seen[cause])
        for chat in self.evidence.survivors:
            person = disk.people.get(("survivor", chat))
            if person is None:
                continue  # she has erased everything, and has not come back
            known_since = disk.created[person]
            version = disk.versions.get(person, 0)
            applied = sum(at >= known_since for at in done[chat])
            if version != applied:
                yield f"a survivor's session stands at {version} after {applied} updates"
        told = sum(cause.startswith("staff:undelivered:") for cause in disk.seen)
        staff = [disk.people.get(("staff", chat)) for chat in self.evidence.staff]
        version = sum(disk.versions.get(person, 0) for person in staff if person)
        applied = sum(len(done[chat]) for chat in self.evidence.staff) + told
        if version > applied:  # a desk that an event leaves as it was is not written
            yield f"the desks of staff stand at {version} after {applied} events"

    def poisoned(self) -> Iterator[str]:
        """No update that can be read ends as a dead letter."""
        letters, unread = self.evidence.disk.dead_letters, len(self.history.buried)
        if letters > unread:
            yield f"{letters} dead letters are kept, but only {unread} updates were unreadable"

    # ------------------------------------------------------------ lost

    def lost(self) -> Iterator[str]:
        """Every numbered message has arrived, will arrive, or staff know that it may not have."""
        for key, typed in self.history.typed.items():
            if self.history.copies.get(key):
                self.fates["delivered"] += 1
                continue
            reason = self._fate(typed)
            if reason:
                yield f"{typed.name} has not arrived: {reason}"

    def _fate(self, typed: Typed) -> str:
        """Why words are lost; empty when they are not."""
        disk = self.evidence.disk
        if typed.cause not in disk.seen:
            return "its update was never committed"
        words = self.words.get(typed.message_id)
        if not words:
            return "its update was committed without its words"
        word = words[-1]
        rows = [row for row in disk.outbox if row.ref == word.ref and row.person]
        states = sorted(row.state for row in rows)
        if word.side == "staff" and any(f":u{word.id}" in data for data in self.history.offered):
            self.fates["told"] += 1
        elif word.state == "held" or any(state in ("waiting", "held") for state in states):
            self.fates["waiting"] += 1
        else:
            return f"its words are {word.state}, its rows {states}, and nobody was told"
        return ""

    def untold(self) -> Iterator[str]:
        """Where nobody knows whether staff words arrived, staff see exactly that."""
        by_ref = {word.ref: word for word in self.evidence.disk.words}
        for row in self.evidence.disk.outbox:
            word = by_ref.get(row.ref or "")
            if row.kind != "relay" or row.state != "unknown" or row.call != "send" or not word:
                continue
            if not any(data.endswith(f":u{word.id}") for data in self.history.offered):
                yield f"row {row.id} is unknown, and staff were not told"

    def faulty(self) -> Iterator[str]:
        """No try fails for a reason of our own, not even one that a second try makes good."""
        faults = self.evidence.handler_faults.strip().splitlines()
        last = Counter(line for line in faults if line and not line[0].isspace())
        last.pop("Traceback (most recent call last):", None)
        for line, times in last.items():
            yield f"{times} times {line}"

    def misdelivered(self) -> Iterator[str]:
        """Words reach the one person they were meant for."""
        for key, copies in self.history.copies.items():
            typed = self.history.typed[key]
            meant = self.history.aliases.get(typed.to) if typed.to else None
            if meant is not None and any(copy.chat != meant for copy in copies):
                yield f"{typed.name} went to somebody else"

    # ------------------------------------------------------------ I3

    def out_of_order(self) -> Iterator[str]:
        """I3: per chat, applied and delivered in the order in which it was typed."""
        resent = {data.rpartition(":u")[2] for data in self.history.presses if ":u" in data}
        arrived: dict[tuple[str, int], list[tuple[int, Typed]]] = defaultdict(list)
        applied: dict[str, list[tuple[int, Typed]]] = defaultdict(list)
        for key, typed in self.history.typed.items():
            words = self.words.get(typed.message_id, [])
            copies = self.history.copies.get(key)
            if words:
                applied[typed.author].append((words[0].at, typed))
            if copies and not any(word.id in resent for word in words):
                arrived[typed.author, copies[0].chat].append((copies[0].n, typed))
        for how, lines in (("arrived", arrived), ("were applied", applied)):
            for line in lines.values():
                yield from _disorder(how, [typed for _, typed in sorted(line, key=_first)])

    # ------------------------------------------------------------ I4, I5

    def sending(self) -> Iterator[str]:
        """I5: nothing stays "sending" once it is quiet."""
        for row in self.evidence.disk.outbox:
            if row.state == "sending":
                yield f"row {row.id} ({row.kind}) is still being sent"

    def stuck(self) -> Iterator[str]:
        """What could go, has gone; what Telegram holds, was fetched."""
        if not self.evidence.drained:
            yield "a minute without kills and faults did not bring quiet"
        if self.evidence.pending:
            yield f"{self.evidence.pending} updates were never confirmed"
        for row in self.evidence.disk.outbox:
            if due(row, self.evidence.at):
                yield f"row {row.id} ({row.kind}) could have been sent and was not"

    # ------------------------------------------------------------ I6

    def repeated(self) -> Iterator[str]:
        """I6: a second copy only where the answer to the first was lost, and marked as such."""
        for key, copies in self.history.copies.items():
            typed = self.history.typed[key]
            if typed.bot == "survivor":
                yield from self._repeats(typed.name, copies, ("desk",), marked=True)
                continue
            asked = sum(
                data.endswith(f":u{word.id}")
                for word in self.words.get(typed.message_id, [])
                for data in set(self.history.presses)
            )
            if len(copies) > 1 + asked:
                yield f"{typed.name} was sent {len(copies)} times, and staff asked {asked} times"
        disk = self.evidence.disk
        for (chat, _), copies in self.history.screens.items():
            known_since = disk.created.get(disk.people.get(("survivor", chat), ""), math.inf)
            if copies[0].at < known_since:
                continue  # she has erased everything since, and the row that counted went with it
            name = f"screen {copies[-1].message_id}"
            yield from self._repeats(name, copies, ("screen", "nudge", "line"), marked=False)

    def _repeats(
        self, name: str, copies: list[Copy], kinds: tuple[str, ...], *, marked: bool
    ) -> Iterator[str]:
        for earlier, later in pairwise(copies):
            why = self._hidden(earlier, later.mono)
            if not why:
                yield f"{name} was sent again although nothing hid the first answer"
            elif not self._is_flagged(copies, kinds):
                yield f"{name} was sent again ({why}), and its row does not say so"
            elif marked and REPEAT_MARK not in later.text:
                yield f"{name} was sent again ({why}), and its reader was not told"
            else:
                self.explained += 1

    def _hidden(self, copy: Copy, until: float) -> str:
        """What kept the bot from knowing, before `until`, that this copy was accepted."""
        if copy.lost:
            return copy.lost
        for death in self.evidence.deaths:
            between = copy.mono - SLACK <= death.mono <= until
            if between and death.mono - copy.mono < AROUND_A_KILL:
                return "a kill"
        return ""

    def _is_flagged(self, copies: list[Copy], kinds: tuple[str, ...]) -> bool:
        """The row counts the lost answers. It is found by the last copy's id, if that was heard."""
        last = copies[-1]
        nameless = bool(self._hidden(last, math.inf))

        def fits(row: Row) -> bool:
            if row.message_id == last.message_id:
                return row.unknown >= len(copies) - 1
            return nameless and row.message_id is None and row.unknown >= len(copies)

        return any(row.kind in kinds and fits(row) for row in self.evidence.disk.outbox)

    # ------------------------------------------------------------ I7 and the ground under it

    def leaked(self) -> Iterator[str]:
        """I7: no word, chat id or token of anybody on the disk in the clear."""
        for name, what in self.evidence.leaks.found.items():
            yield f"{name} holds {what!r}"

    def unsound(self) -> Iterator[str]:
        """The files are whole, every person has a key, and the bot ends only when it is killed."""
        disk = self.evidence.disk
        if disk.sound != "ok":
            yield f"the database is damaged: {disk.sound}"
        if disk.keyless:
            yield f"{disk.keyless} people have data and no key"
        if self.evidence.ended_by_itself:
            yield f"the bot ended by itself {self.evidence.ended_by_itself} times"
        yield from self.history.errors


def _first(pair: tuple[int, Typed]) -> int:
    return pair[0]


def _disorder(how: str, line: list[Typed]) -> Iterator[str]:
    for before, after in pairwise(line):
        if after.number < before.number:
            yield f"{after.name} and {before.name} {how} the wrong way round"


CHECKS: dict[str, Callable[[Judge], Iterator[str]]] = {
    "confirmed and not committed (I1)": Judge.not_committed,
    "applied twice (I2)": Judge.twice,
    "lost": Judge.lost,
    "unknown and staff not told": Judge.untold,
    "misdelivered": Judge.misdelivered,
    "out of order (I3)": Judge.out_of_order,
    "left sending (I5)": Judge.sending,
    "stuck": Judge.stuck,
    "duplicates unexplained (I6)": Judge.repeated,
    "leaks (I7)": Judge.leaked,
    "poisoned": Judge.poisoned,
    "tries that failed": Judge.faulty,
    "unsound": Judge.unsound,
}


def verdict(evidence: Evidence) -> Verdict:
    """Judge one campaign."""
    judge = Judge(evidence, study(evidence.journal))
    breaches = {name: tuple(check(judge)) for name, check in CHECKS.items()}
    fates = judge.fates
    return Verdict(
        breaches,
        judge.history,
        judge.explained,
        fates["delivered"],
        fates["told"],
        fates["waiting"],
    )
