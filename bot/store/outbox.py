"""The queue of calls to Telegram: what enters it, and in which state. It decides by the table of
``core.message.POLICY`` and nothing else; how rows are handed out and settled is in ``delivery``.
"""

from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from bot.core.ids import CaseId, Door, PersonId, Ref
from bot.core.message import POLICY, Call, Class, Content, Edit, OutMessage, Send, Tidy

from . import codec, messages
from .people import open_address
from .protocol import Address, Known, OutRow, OutState
from .times import maybe_micros, maybe_moment, micros, moment
from .transaction import Transaction

LEASE: Final = timedelta(minutes=5)
"""How long a claimed row may be in flight, pacing included, before its answer counts as lost."""

CallName = Literal["send", "edit", "tidy"]


def name_of(call: Call) -> CallName:
    """The call, as the table names it."""
    match call:
        case Send():
            return "send"
        case Edit():
            return "edit"
        case Tidy():
            return "tidy"


def repeats(kind: Class, call: CallName) -> bool:
    """Whether sending it twice does no harm, or is what the class is owed."""
    return call != "send" or POLICY[kind].on_unknown in ("repeat", "once")


class Reach(NamedTuple):
    """Whether something may go to a person now, and where."""

    address: Address
    blocked: bool
    quiet_until: int
    busy: bool
    """Something of hers is in flight, or due before anything new."""


def reach(tx: Transaction, person: PersonId, at: int) -> Reach | None:
    """How a person stands now, or None when she was erased."""
    row = tx.one("person_reach", id=person, now=at)
    if row is None:
        return None
    door, chat, blocked, quiet_until, busy = row
    address = open_address(tx, person, door, chat)
    return Reach(address, bool(blocked), quiet_until, bool(busy))


def add(
    tx: Transaction, message: OutMessage, to: PersonId, now: datetime, known: Reach
) -> OutRow | OutState:
    """Queue one call for ``to``. Returns it as already claimed when it may go at once, else its
    state.
    """
    at, call = micros(now), name_of(message.call)
    state = _first_state(message, call, now, known)
    number = tx.number("outbox")
    not_after = message.not_after or _default_end(message, now)
    payload = None
    if state != "cancelled":
        clear = codec.dump_call(message.call)
        payload = tx.sealer.seal(to, "outbox|payload", number, clear)
    ref = None if isinstance(message.call, Tidy) else message.call.ref
    tx.run(
        "outbox_add",
        id=number,
        person=None if state == "cancelled" else to,
        kind=message.kind,
        call=call,
        state=state,
        urgency=POLICY[message.kind].urgency,
        created=at,
        not_before=maybe_micros(message.not_before),
        not_after=maybe_micros(not_after),
        lease_until=micros(now + LEASE) if state == "sending" else None,
        case_id=message.case,
        ref=ref,
        tries=1 if state == "sending" else 0,
        payload=payload,
    )
    match message.call:
        case Send(ref=name) if not known.blocked:
            tx.run("message_expect", person=to, ref=name, at=at, case_id=message.case)
        case Tidy(dull=dull):
            _remember_dull(tx, to, dull)
        case _:
            pass
    if state != "sending":
        return state
    row = OutRow(
        number, to, known.address, message.kind, message.call, now, not_after, message.case
    )
    return with_messages(tx, row)


def _first_state(message: OutMessage, call: CallName, now: datetime, known: Reach) -> OutState:
    if known.blocked:
        # Never sent; relayed words are reported with the expired ones, so that staff know.
        return "expired" if message.kind == "relay" else "cancelled"
    if message.not_before is not None and message.not_before > now:
        return "held"
    if known.busy or known.quiet_until > micros(now) or not repeats(message.kind, call):
        return "waiting"
    return "sending"


def _default_end(message: OutMessage, now: datetime) -> datetime | None:
    lives = POLICY[message.kind].lives
    if lives is None:
        return None
    # A row held for safe hours starts to age when they begin.
    start = max(now, message.not_before) if message.not_before else now
    return start + lives


def _remember_dull(tx: Transaction, person: PersonId, dull: Content) -> None:
    clear = codec.dump_content(dull)
    if tx.dulls.get(person) == clear:
        return
    tx.run("person_set_dull", id=person, dull=tx.sealer.seal(person, "person|dull", person, clear))
    if len(tx.dulls) > 4096:  # noqa: PLR2004 - a bound on memory, nothing more
        tx.dulls.clear()
    tx.dulls[person] = clear


def add_tidy(tx: Transaction, person: PersonId, now: datetime) -> None:
    """The store's own Tidy, for a doomed message whose number came late. Uses her last dull
    content.
    """
    waits = tx.one("tidy_waits", person=person)
    row = tx.one("person_dull", id=person)
    if row is None or row[0] is None or (waits and waits[0]):
        return
    dull = codec.load_content(tx.sealer.open(person, "person|dull", person, row[0]))
    number = tx.number("outbox")
    tx.run(
        "outbox_add",
        id=number,
        person=person,
        kind="tidy",
        call="tidy",
        state="waiting",
        urgency=POLICY["tidy"].urgency,
        created=micros(now),
        not_before=None,
        not_after=maybe_micros(now + (POLICY["tidy"].lives or timedelta())),
        lease_until=None,
        case_id=None,
        ref=None,
        tries=0,
        payload=tx.sealer.seal(person, "outbox|payload", number, codec.dump_call(Tidy(dull))),
    )


def with_messages(tx: Transaction, row: OutRow) -> OutRow:
    """The row with what Telegram's numbers say: where to edit, what to delete."""
    match row.call:
        case Edit(ref=ref, anew=anew):
            name = "message_find" if anew else "message_named"
            found = tx.one(name, person=row.person, ref=ref)
            if found is None:
                return row
            return _filled(row, found[0], moment(found[1]), ())
        case Tidy():
            return _filled(row, None, None, messages.doomed(tx, row.person))
        case Send():
            return row


def _filled(
    row: OutRow, number: int | None, at: datetime | None, doomed: tuple[Known, ...]
) -> OutRow:
    # Not dataclasses.replace: this is on the path of every press, and replace costs five times
    # this.
    return OutRow(
        row.id,
        row.person,
        row.address,
        row.kind,
        row.call,
        row.created_at,
        row.not_after,
        row.case,
        number,
        at,
        doomed,
        row.unknown,
    )


def opened(  # noqa: PLR0913, PLR0917 - the columns of one row, in the order of its queries
    tx: Transaction,
    number: int,
    person: PersonId,
    door: Door,
    chat: bytes,
    kind: Class,
    payload: bytes,
    created: int,
    not_after: int | None,
    case: CaseId | None,
    unknown: int,
) -> OutRow:
    """One stored row, unsealed. Raises SealBroken."""
    call = codec.load_call(tx.sealer.open(person, "outbox|payload", number, payload))
    row = OutRow(
        number,
        person,
        open_address(tx, person, door, chat),
        kind,
        call,
        moment(created),
        maybe_moment(not_after),
        case,
        unknown=unknown,
    )
    return with_messages(tx, row)


def cancel(tx: Transaction, person: PersonId, case: CaseId | None, at: int) -> None:
    """Nothing queued for a person (in one case) is sent any more, deletions excepted."""
    for (ref,) in tx.all("cancel_find", person=person, case_id=case):
        tx.run("message_never", person=person, ref=ref)
    tx.run("cancel_waiting", person=person, case_id=case, now=at)
    tx.run("cancel_in_flight", person=person, case_id=case)


def cancel_doomed(tx: Transaction, person: PersonId, at: int) -> None:
    """A message that is to be deleted, and still waits to be sent, is not sent first."""
    for number, ref in tx.all("cancel_doomed", person=person):
        tx.run("outbox_end", id=number, state="cancelled", lost=0, now=at)
        tx.run("message_never", person=person, ref=ref)


def never_sent(tx: Transaction, person: PersonId, call: CallName, ref: Ref | None) -> None:
    """A Send that will not happen leaves no message, unless a lost copy may lie in the chat."""
    if call == "send" and ref is not None:
        tx.run("message_never", person=person, ref=ref)
