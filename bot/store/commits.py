"""Applying one :class:`Commit`. Everything is compared before anything is written, so a Conflict or
a Duplicate leaves no trace; then the parts are written in one fixed order. It must not know what
any of them says.
"""

from dataclasses import replace
from typing import Final, NamedTuple

from bot.core.ids import PersonId

from . import codec, delivery, desk, erasure, messages, outbox, people
from .outbox import Reach
from .people import Entry
from .protocol import NEWCOMER, Commit, Conflict, Duplicate, OutRow
from .times import micros
from .transaction import Transaction

_TIMER: Final = "timer:"
_TOLD: Final = "staff:undelivered:"
_UPDATE: Final = "update:"


class Applied(NamedTuple):
    """What a commit did: rows to send at once, and the person as she stands now (None: look
    again).
    """

    rows: tuple[OutRow, ...]
    entry: Entry | None


class _Checked(NamedTuple):
    """The actor as she stood before this commit."""

    person: PersonId | None
    version: int = 0
    structure: str = ""
    reach: Reach | None = None


def apply(tx: Transaction, change: Commit) -> Applied:
    """Apply one event. Raises Conflict or Duplicate before it has written anything."""
    checked = _check(tx, change)
    tx.run("seen_add", cause=change.cause, at=micros(change.now))
    person = checked.person
    if person is None and _needs_person(change):
        person = people.make(tx, change.address, change.now)
    if change.cause.startswith(_TIMER):
        _timer_done(tx, change)
    if change.cause.startswith(_TOLD):
        delivery.told(tx, int(change.cause.removeprefix(_TOLD)))
    if person is None:
        _write_records(tx, change, None)
        return Applied((), None)
    _mark_blocked(tx, change, person, blocked=bool(checked.reach and checked.reach.blocked))
    actor = person
    if change.erase:
        person = erasure.erase(tx, actor, change.address, change.now)
    names = {NEWCOMER: person, actor: person}
    for cancelled in change.cancel:
        outbox.cancel(tx, names.get(cancelled, cancelled), change.cancel_case, micros(change.now))
    entry = None
    if not change.erase:
        entry = _write_session(tx, change, person, checked)
        _write_case(tx, change, person)
        _write_promises(tx, change, person, names)
    _write_records(tx, change, None if change.erase else person)
    was_blocked = checked.reach is not None and checked.reach.blocked
    plain = not (change.erase or change.cancel or change.blocked or was_blocked)
    rows = _write_messages(tx, change, person, names, checked.reach if plain else None)
    if change.erase:
        erasure.vanish_if_done(tx, person)
    return Applied(rows, entry)


# --------------------------------------------------------------------------------- compare first


def _check(tx: Transaction, change: Commit) -> _Checked:
    checked = _check_person(tx, change)
    if change.state is not None and checked.version != change.version:
        msg = "The session has changed since it was read."
        raise Conflict(msg)
    if change.case is not None:
        row = tx.one("case_version", id=change.case.id)
        if (0 if row is None else row[0]) != change.case_version:
            msg = "The case has changed since it was read."
            raise Conflict(msg)
    return checked


def _check_person(tx: Transaction, change: Commit) -> _Checked:
    if change.person is not None:
        row = tx.one(
            "person_for_commit", id=change.person, cause=change.cause, now=micros(change.now)
        )
        if row is not None:
            blocked, quiet_until, version, structure, applied, busy = row
            if applied:
                raise Duplicate
            reach = Reach(change.address, bool(blocked), quiet_until, bool(busy))
            return _Checked(change.person, version or 0, structure or "", reach)
    applied_row = tx.one("seen_find", cause=change.cause)
    if applied_row and applied_row[0]:
        raise Duplicate
    if change.person is not None:
        msg = "The person is not there any more."
        raise Conflict(msg)
    if _needs_person(change):
        known = people.find(tx, change.address)
        if known is not None and tx.sealer.knows(known):
            msg = "The person has come to be known since she was looked for."
            raise Conflict(msg)
    return _Checked(None)


def _needs_person(change: Commit) -> bool:
    """An update that could not be read is nobody's: burying it makes no person."""
    return bool(
        change.state is not None
        or change.outbox
        or change.incoming
        or change.timers
        or change.consents
        or (change.case is not None and change.case.person == NEWCOMER)
    )


# -------------------------------------------------------------------------------------- then write


def _timer_done(tx: Transaction, change: Commit) -> None:
    number = change.cause.removeprefix(_TIMER)
    if number.isdecimal():
        tx.run("timer_done", id=int(number))


def _mark_blocked(tx: Transaction, change: Commit, person: PersonId, *, blocked: bool) -> None:
    """An update of hers shows that she can be reached again, unless it says that she has gone."""
    if change.blocked:
        tx.run("person_block", id=person, blocked=1)
        tx.run("cancel_gone", person=person, now=micros(change.now))
    elif blocked and change.cause.startswith(_UPDATE):
        tx.run("person_block", id=person, blocked=0)


def _write_session(
    tx: Transaction, change: Commit, person: PersonId, checked: _Checked
) -> Entry | None:
    if change.state is None:
        return None
    clear = codec.dump(change.state)
    state = tx.sealer.seal(person, "session|state", person, clear)
    if checked.version == 0:
        tx.run("session_add", person=person, structure=change.structure, state=state)
    elif change.structure == checked.structure:
        tx.run("session_save", person=person, state=state)
    else:
        tx.run("session_move", person=person, structure=change.structure, state=state)
    return Entry(change.address, person, clear, checked.version + 1)


def _write_case(tx: Transaction, change: Commit, person: PersonId) -> None:
    if change.case is not None:
        case = change.case
        if case.person == NEWCOMER:
            case = replace(case, person=person)
        desk.save_case(tx, case, new=change.case_version == 0)
    if change.forget_words is not None:
        tx.run("words_forget", case_id=change.forget_words)
    for word in change.words:
        desk.save_word(tx, word)


def _write_promises(
    tx: Transaction, change: Commit, person: PersonId, names: dict[PersonId, PersonId]
) -> None:
    for record in change.consents:
        desk.add_consent(tx, person, record)
    for name in change.drop_timers:
        desk.drop_timer(tx, person, name)
    for timer in change.timers:
        desk.set_timer(tx, names.get(timer.person, timer.person), timer)


def _write_records(tx: Transaction, change: Commit, person: PersonId | None) -> None:
    if change.dead_letter is not None:
        desk.add_dead_letter(tx, person, change.dead_letter, change.now)
    for record in change.audit:
        actor = person if record.actor in (change.person, NEWCOMER) else record.actor
        if actor is not None:
            desk.add_audit(tx, actor, record)


def _write_messages(
    tx: Transaction,
    change: Commit,
    person: PersonId,
    names: dict[PersonId, PersonId],
    reach: Reach | None,
) -> tuple[OutRow, ...]:
    """Dooms come before the new rows, so that *everything* spares what is said now.

    ``reach`` is how the actor stood before, if nothing in this commit has changed that.
    """
    at = micros(change.now)
    if change.incoming:
        messages.seen(tx, person, change.incoming, at, change.incoming_case)
    for doom in change.dooms:
        doomed = names.get(doom.person, doom.person)
        messages.doom(tx, doomed, doom)
        outbox.cancel_doomed(tx, doomed, at)
    claimed: list[OutRow] = []
    for message in change.outbox:
        to = names.get(message.to, message.to)
        known = reach if to == person and reach is not None else outbox.reach(tx, to, at)
        reach = None
        if known is None:
            continue  # erased meanwhile: there is nobody to tell
        added = outbox.add(tx, message, to, change.now, known)
        if isinstance(added, OutRow):
            claimed.append(added)
    return tuple(claimed)
