"""Cases, relayed words, consents, timers, dead letters and audit: their rows, sealed and opened. It
decides nothing; ``bot.core`` and ``bot.service`` did.
"""

import logging
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from bot.core.case import Case, CaseState
from bot.core.ids import CaseId, PersonId, Ref

from . import codec
from .people import open_address
from .protocol import Audit, ConsentRecord, DueTimer, Timer, Word
from .seal import SYSTEM, SealBroken
from .times import maybe_micros, micros, moment
from .transaction import Transaction

log = logging.getLogger(__name__)

LATER: Final = timedelta(days=1)
"""When a timer of a person whose key is missing is looked at again."""


# ---------------------------------------------------------------------------------------- cases


def save_case(tx: Transaction, case: Case, *, new: bool) -> None:
    """Write a case; its version was compared before."""
    body = tx.sealer.seal(case.person, "casefile|body", case.id, codec.dump_case(case))
    holder, lease_until = case.holder, maybe_micros(case.lease_until)
    if new:
        tx.run(
            "case_add",
            id=case.id,
            person=case.person,
            state=case.state,
            queue=case.queue,
            holder=holder,
            lease_until=lease_until,
            opened=micros(case.opened_at),
            body=body,
        )
        return
    tx.run(
        "case_save",
        id=case.id,
        state=case.state,
        queue=case.queue,
        holder=holder,
        lease_until=lease_until,
        body=body,
    )


def find_case(tx: Transaction, case: CaseId) -> tuple[Case, int] | None:
    """A case and its version."""
    row = tx.one("case_find", id=case)
    if row is None:
        return None
    person, version, body = row
    return codec.load_case(tx.sealer.open(person, "casefile|body", case, body)), version


def cases(tx: Transaction, states: tuple[CaseState, ...]) -> tuple[Case, ...]:
    """All cases in those states that can be opened, oldest first."""
    rows = chain.from_iterable(tx.all("cases_in", state=state) for state in dict.fromkeys(states))
    found = []
    for case, person, _opened, body in sorted(rows, key=lambda row: (row[2], row[0])):
        try:
            clear = tx.sealer.open(person, "casefile|body", case, body)
        except SealBroken:
            log.error("A case cannot be opened and is not shown.")  # noqa: TRY400 - a traceback shows values
            continue
        found.append(codec.load_case(clear))
    return tuple(found)


# ---------------------------------------------------------------------------------------- words


def save_word(tx: Transaction, word: Word) -> None:
    """Insert or replace one relayed message, if its case is still there."""
    row = tx.one("case_person", id=word.case)
    if row is None:
        return
    person = PersonId(row[0])
    clear = codec.dump_word(word.text, word.entities)
    tx.run(
        "word_save",
        id=word.id,
        person=person,
        case_id=word.case,
        side=word.side,
        source=word.source,
        ref=word.ref,
        state=word.state,
        at=micros(word.at),
        body=tx.sealer.seal(person, "word|body", word.id, clear),
    )


def words(tx: Transaction, case: CaseId) -> tuple[Word, ...]:
    """The relayed words of a case, oldest first."""
    found = []
    for row in tx.all("words_of", case_id=case):
        number, person, case_id, side, source, ref, state, at, body = row
        text, entities = codec.load_word(tx.sealer.open(person, "word|body", number, body))
        found.append(
            Word(number, CaseId(case_id), side, source, Ref(ref), state, moment(at), text, entities)
        )
    return tuple(found)


# --------------------------------------------------------------------- consents, timers, the rest


def add_consent(tx: Transaction, person: PersonId, record: ConsentRecord) -> None:
    """Append one record."""
    number = tx.number("consent")
    clear = codec.dump_consent(record)
    body = tx.sealer.seal(person, "consent|body", number, clear)
    tx.run("consent_add", id=number, person=person, body=body)


def consents(tx: Transaction, person: PersonId) -> tuple[ConsentRecord, ...]:
    """Every record of a person, oldest first."""
    rows = tx.all("consents_of", person=person)
    return tuple(
        codec.load_consent(tx.sealer.open(person, "consent|body", number, body))
        for number, body in rows
    )


def set_timer(tx: Transaction, person: PersonId, timer: Timer) -> None:
    """Set or move one timer."""
    tx.run(
        "timer_set",
        id=tx.number("timer"),
        person=person,
        name=timer.name,
        due=micros(timer.due_at),
        token=timer.token,
    )


def drop_timer(tx: Transaction, person: PersonId, name: str) -> None:
    """Drop one timer, or all with a prefix when the name ends in ``*``."""
    if name.endswith("*"):
        tx.run("timer_drop_prefix", person=person, prefix=name[:-1])
    else:
        tx.run("timer_drop", person=person, name=name)


def due_timers(tx: Transaction, now: datetime, limit: int) -> tuple[DueTimer, ...]:
    """Timers whose time has come."""
    found = []
    for number, person, name, due, token, door, chat in tx.all(
        "timers_due", now=micros(now), limit=limit
    ):
        try:
            address = open_address(tx, person, door, chat)
        except SealBroken:
            tx.run("timer_later", id=number, due=micros(now + LATER))
            log.error("A timer of somebody whose key is missing was put off.")  # noqa: TRY400 - a traceback shows values
            continue
        timer = Timer(PersonId(person), name, moment(due), token)
        found.append(DueTimer(number, timer, address))
    return tuple(found)


def add_dead_letter(tx: Transaction, person: PersonId | None, raw: bytes, now: datetime) -> None:
    """Keep an update that could not be handled, under her key or the system's."""
    number = tx.number("dead_letter")
    body = tx.sealer.seal(person or SYSTEM, "dead_letter|body", number, raw)
    tx.run("dead_letter_add", id=number, person=person, at=micros(now), body=body)


def add_audit(tx: Transaction, actor: PersonId, record: Audit) -> None:
    """Append one record."""
    tx.run("audit_add", actor=actor, what=record.what, at=micros(record.at), case_id=record.case)
