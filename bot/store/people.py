"""Persons: found by chat, made with a key of their own, loaded whole. It decides what a chat whose
key is lost means (she starts anew), and must not know what a session says.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.core.case import Case
from bot.core.ids import Door, PersonId

from . import codec
from .protocol import Address, Loaded
from .seal import lookup
from .times import micros
from .transaction import Transaction


@dataclass(frozen=True, slots=True)
class Entry:
    """One person as loaded, with her state still as bytes: every reader gets an object of his
    own.
    """

    address: Address
    person: PersonId | None
    state: bytes | None = None
    version: int = 0
    case: Case | None = None
    case_version: int = 0

    def loaded(self) -> Loaded:
        """As the protocol has it."""
        state = None if self.state is None else codec.load(self.state)
        return Loaded(self.person, self.address, state, self.version, self.case, self.case_version)


def find(tx: Transaction, address: Address) -> PersonId | None:
    """Who has that chat, whether or not her key is there."""
    row = tx.one(
        "person_by_lookup", lookup=lookup(tx.keystore.index_key, address.door, address.chat_id)
    )
    return None if row is None else PersonId(row[0])


def load(tx: Transaction, address: Address) -> Entry:
    """The person at an address. One whose key is missing counts as not known."""
    person = find(tx, address)
    if person is None or not tx.sealer.knows(person):
        return Entry(address, None)
    entry = load_person(tx, person, address)
    return Entry(address, None) if entry is None else entry


def load_person(tx: Transaction, person: PersonId, address: Address | None = None) -> Entry | None:
    """A person by id. None when there is none, or her key is missing."""
    row = tx.one("person_load", id=person)
    if row is None or not tx.sealer.knows(person):
        return None
    _, door, chat, version, state, case_id, case_version, body = row
    if address is None:
        address = open_address(tx, person, door, chat)
    clear = None if state is None else tx.sealer.open(person, "session|state", person, state)
    case = None
    if case_id is not None:
        case = codec.load_case(tx.sealer.open(person, "casefile|body", case_id, body))
    return Entry(address, person, clear, version or 0, case, case_version or 0)


def open_address(tx: Transaction, person: PersonId, door: Door, chat: bytes) -> Address:
    """The chat id, unsealed. Raises SealBroken."""
    return Address(door, int(tx.sealer.open(person, "person|chat", person, chat)))


def seal_chat(tx: Transaction, person: PersonId, address: Address) -> bytes:
    """The chat id, sealed for a person's row."""
    return tx.sealer.seal(person, "person|chat", person, str(address.chat_id).encode())


def make(tx: Transaction, address: Address, now: datetime) -> PersonId:
    """A new person with a new key. One with the same chat whose key is lost is let go."""
    former = find(tx, address)
    if former is not None:
        tx.run("person_unlink", id=former)
    person = PersonId(tx.ids())
    tx.keystore.add(person)
    tx.run(
        "person_add",
        id=person,
        door=address.door,
        lookup=lookup(tx.keystore.index_key, address.door, address.chat_id),
        chat=seal_chat(tx, person, address),
        created=micros(now),
        erased=None,
        dull=None,
    )
    return person


def ensure(tx: Transaction, address: Address, now: datetime) -> PersonId:
    """The person at an address, made when new."""
    person = find(tx, address)
    if person is not None and tx.sealer.knows(person):
        return person
    return make(tx, address, now)
