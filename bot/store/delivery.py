"""Handing rows to the sender and writing what became of them. It decides, by class, what a lost
answer means and which row of a chat comes next; it must not know how anything is sent.
"""

import logging
from datetime import datetime
from typing import Any, assert_never

from bot.core.delivery import Delivery, Gone, Refused, RetryAt, Sent, Unknown
from bot.core.ids import PersonId
from bot.core.message import POLICY, Class, Tidy

from . import erasure, messages, outbox
from .protocol import OutRow, OutState, Settled
from .seal import SealBroken
from .times import micros, moment
from .transaction import Transaction

log = logging.getLogger(__name__)


# ---------------------------------------------------------------------------------- handing out


def claim(tx: Transaction, now: datetime, limit: int) -> tuple[OutRow, ...]:
    """Due rows of idle chats, most urgent first. Stale ones expire, and lost leases end, before."""
    at = micros(now)
    expire(tx, at)
    for (number,) in tx.all("outbox_overdue", now=at):
        _settle_lost(tx, number, now)
    claimed = []
    for columns in tx.all("outbox_due", now=at, limit=limit):
        row = _take(tx, columns, now)
        if row is not None:
            claimed.append(row)
    return tuple(claimed)


def _take(tx: Transaction, columns: tuple[Any, ...], now: datetime) -> OutRow | None:
    """Claim one row. None: it cannot be opened, and is put aside."""
    try:
        row = outbox.opened(tx, *columns)
    except SealBroken:
        log.error("An outbox row cannot be opened and was put aside.")  # noqa: TRY400 - a traceback shows values
        tx.run("outbox_end", id=columns[0], state="refused", lost=0, now=micros(now))
        return None
    tx.run("outbox_claim", id=row.id, lease_until=micros(now + outbox.LEASE))
    return row


def expire(tx: Transaction, at: int) -> None:
    """Rows that waited longer than is safe. Relayed words are kept until that is reported."""
    for number, person, kind, call, ref in tx.all("outbox_stale", now=at):
        name = "outbox_keep" if kind == "relay" else "outbox_end"
        tx.run(name, id=number, state="expired", lost=0, now=at)
        outbox.never_sent(tx, person, call, ref)
        erasure.vanish_if_done(tx, person)


def following(tx: Transaction, person: PersonId, now: datetime) -> OutRow | None:
    """The next row of a chat after one was settled, claimed. A remainder with none vanishes."""
    at = micros(now)
    while True:
        row = tx.one("outbox_next", person=person, now=at)
        if row is None:
            erasure.vanish_if_done(tx, person)
            return None
        quiet_until, in_flight, *columns = row
        not_after = columns[7]
        if not_after is not None and not_after <= at:
            expire(tx, at)
        elif quiet_until > at or in_flight:
            return None
        else:
            taken = _take(tx, tuple(columns), now)
            if taken is not None:
                return taken


# ------------------------------------------------------------------------------------- settling


def settle(tx: Transaction, row: OutRow, result: Delivery, now: datetime) -> Settled:
    """Write what Telegram answered, and take the next row of that chat."""
    if isinstance(result, Sent):
        flying = tx.one("outbox_flying", id=row.id)
        if flying is not None:
            person, call, ref, case, more = flying
            number = result.message_id
            tx.run("outbox_sent", id=row.id, message_id=number, now=micros(now))
            added = _record(tx, row, (person, call, ref, case), number, now)
            next_row = following(tx, person, now) if more or added else None
            return Settled("sent", next_row)
    stored = tx.one("outbox_row", id=row.id)
    if stored is None:
        return Settled("cancelled")
    # A finished row does not say whose it was; whoever claimed it knows.
    person = PersonId(stored[0] or row.person)
    if tx.one("person_erased", id=person) is None:
        return Settled(_state(stored[3]))
    state = _settle(tx, row, result, (person, *stored[1:]), now)
    return Settled(state, following(tx, person, now))


def _settle(
    tx: Transaction, row: OutRow, result: Delivery, stored: tuple[Any, ...], now: datetime
) -> OutState:
    at = micros(now)
    person, kind, call, state, ref, case, _unknown, stopped, _not_after = stored
    match result:
        case Sent(message_id=number):
            # Its lease had ended, or it was cancelled: the message is there all the same.
            tx.run("outbox_end", id=row.id, state="sent", lost=0, now=at)
            ref = None if isinstance(row.call, Tidy) else row.call.ref
            _record(tx, row, (person, call, ref, case), number, now)
            return "sent"
        case _ if state != "sending":
            return _state(state)
        case RetryAt(at=until):
            tx.run("person_quiet", id=person, until=micros(until))
            if not stopped:
                tx.run("outbox_wait", id=row.id, lost=0)
                return "waiting"
            tx.run("outbox_end", id=row.id, state="cancelled", lost=0, now=at)
            outbox.never_sent(tx, person, call, ref)
            return "cancelled"
        case Gone():
            tx.run("person_block", id=person, blocked=1)
            tx.run("outbox_end", id=row.id, state="cancelled", lost=0, now=at)
            tx.run("cancel_gone", person=person, now=at)
            return "cancelled"
        case Refused():
            name = "outbox_keep" if kind == "relay" else "outbox_end"
            tx.run(name, id=row.id, state="refused", lost=0, now=at)
            outbox.never_sent(tx, person, call, ref)
            return "refused"
        case Unknown():
            return _lost(tx, row.id, stored, now)
        case _:
            assert_never(result)


def _state(stored: str) -> OutState:
    state: OutState = stored  # type: ignore[assignment] # the table's CHECK holds it to these
    return state


def _record(
    tx: Transaction,
    row: OutRow,
    stored: tuple[Any, ...],
    number: int | None,
    now: datetime,
) -> bool:
    """What a sent call means for the recorded messages. True: a Tidy was queued for it."""
    person, call, ref, case = stored
    if call == "tidy":
        messages.deleted(tx, person, row.doomed)
    elif number is None or number == row.message_id:
        pass
    elif call == "edit":
        messages.edited(tx, person, ref, number, micros(now), case)
    elif messages.numbered(tx, person, ref, number, micros(now), case):
        outbox.add_tidy(tx, person, now)
        return True
    return False


def after_unknown(kind: Class, call: outbox.CallName, *, unknown: int, fresh: bool) -> OutState:
    """What a lost answer means. ``unknown``: how often it was lost before; ``fresh``: not stale
    yet.
    """
    if call != "send":
        return "waiting"  # edits and deletes may be repeated without harm
    match POLICY[kind].on_unknown:
        case "repeat":
            return "waiting"
        case "once":
            return "waiting" if unknown == 0 and fresh else "unknown"
        case "hold" | "tell":
            return "unknown"


def _lost(tx: Transaction, number: int, stored: tuple[Any, ...], now: datetime) -> OutState:
    person, kind, call, _state, ref, _case, unknown, stopped, not_after = stored
    fresh = not_after is None or micros(now) < not_after
    state: OutState = after_unknown(kind, call, unknown=unknown, fresh=fresh)
    if call == "send":
        tx.run("message_lost", person=person, ref=ref, at=micros(now))
    if stopped:
        tx.run("outbox_end", id=number, state="cancelled", lost=1, now=micros(now))
        return "cancelled"
    if state == "waiting":
        tx.run("outbox_wait", id=number, lost=1)
    else:
        tx.run("outbox_keep", id=number, state=state, lost=1, now=micros(now))
    return state


def _settle_lost(tx: Transaction, number: int, now: datetime) -> OutState | None:
    stored = tx.one("outbox_row", id=number)
    if stored is None:
        return None
    state = _lost(tx, number, stored, now)
    erasure.vanish_if_done(tx, stored[0])
    return state


# ---------------------------------------------------------------------------------- other reads


def recover(tx: Transaction, now: datetime) -> None:
    """Rows a dead process left in flight: their answers are lost."""
    while left := tx.all("outbox_overdue", now=2**62):
        for (number,) in left:
            _settle_lost(tx, number, now)


def undelivered(tx: Transaction, now: datetime) -> tuple[tuple[OutRow, OutState], ...]:
    """Relayed words that did not surely arrive, until a commit says that staff were told."""
    expire(tx, micros(now))
    rows: list[tuple[OutRow, OutState]] = []
    for state, *columns in tx.all("outbox_untold"):
        try:
            rows.append((outbox.opened(tx, *columns), _state(state)))
        except SealBroken:
            log.error("An undelivered row cannot be opened.")  # noqa: TRY400 - a traceback shows values
            told(tx, columns[0])
    return tuple(rows)


def told(tx: Transaction, number: int) -> None:
    """Staff know about it: the row keeps its state and forgets the rest."""
    tx.run("outbox_told", id=number)


def next_due(tx: Transaction) -> datetime | None:
    """When a row is due, or stale, or its lease ends."""
    times = [row[0] for name in ("outbox_when", "outbox_lease_when") if (row := tx.one(name))]
    known = [time for time in times if time is not None]
    return moment(min(known)) if known else None


def release(tx: Transaction, rows: tuple[OutRow, ...]) -> None:
    """Claimed rows whose reader was cancelled go back into the queue, untried."""
    for row in rows:
        tx.run("outbox_release", id=row.id)
