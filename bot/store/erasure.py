"""Forgetting one person. What must still be deleted in her chat moves to a nameless remainder with
a key of its own; everything else of hers goes, and her key after it. It must not know why she
asked.
"""

from datetime import datetime

from bot.core.ids import PersonId

from .people import seal_chat
from .protocol import Address
from .times import micros
from .transaction import Transaction


def erase(tx: Transaction, person: PersonId, address: Address, now: datetime) -> PersonId:
    """Delete every row of ``person``. Returns the remainder, which has her messages and no more."""
    remainder = PersonId(tx.ids())
    tx.keystore.add(remainder)
    dull = _moved_dull(tx, person, remainder)
    tx.run(
        "person_add",
        id=remainder,
        door=address.door,
        lookup=None,
        chat=seal_chat(tx, remainder, address),
        created=micros(now),
        erased=micros(now),
        dull=dull,
    )
    tx.run("erase_copies", person=person, now=micros(now))
    tx.run("erase_copies_stop", person=person)
    tx.run("erase_copies_unlink", person=person)
    tx.run("erase_audit_cases", person=person)
    tx.run("erase_messages_move", person=person, remainder=remainder)
    tx.run("erase_outbox", person=person)
    tx.run("erase_outbox_move", person=person, remainder=remainder)
    for name in (
        "erase_words",
        "erase_cases",
        "erase_consents",
        "erase_timers",
        "erase_dead_letters",
        "erase_audit",
        "erase_session",
    ):
        tx.run(name, person=person)
    tx.run("person_remove", id=person)
    _drop_key(tx, person)
    return remainder


def _moved_dull(tx: Transaction, person: PersonId, remainder: PersonId) -> bytes | None:
    row = tx.one("person_dull", id=person)
    if row is None or row[0] is None:
        return None
    clear = tx.sealer.open(person, "person|dull", person, row[0])
    return tx.sealer.seal(remainder, "person|dull", remainder, clear)


def vanish_if_done(tx: Transaction, person: PersonId) -> None:
    """A remainder whose last call is done goes, row and key. Anybody else stays."""
    row = tx.one("person_erased", id=person)
    if row is None or row[0] is None:
        return
    busy = tx.one("remainder_busy", person=person)
    if busy and busy[0]:
        return
    vanish(tx, person)


def vanish(tx: Transaction, remainder: PersonId) -> None:
    """Delete a remainder, done or not."""
    tx.run("erase_messages", person=remainder)
    tx.run("erase_all_outbox", person=remainder)
    tx.run("person_remove", id=remainder)
    _drop_key(tx, remainder)


def _drop_key(tx: Transaction, person: PersonId) -> None:
    tx.keystore.retire(person)
    tx.sealer.forget(person)
    tx.dulls.pop(person, None)
    tx.erased = True
