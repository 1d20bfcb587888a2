"""Persons as they were last loaded or written, so that a load need not go to the database. Safe
because one process owns the file; compare-and-swap guards all the same. It must not know what a
state says.
"""

from collections import OrderedDict
from typing import Final

from bot.core.ids import PersonId

from .people import Entry
from .protocol import Address

SIZE: Final = 4096


class Cache:
    """The most recently used persons, by address."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._entries: OrderedDict[Address, Entry] = OrderedDict()
        self._addresses: dict[PersonId, Address] = {}

    def get(self, address: Address) -> Entry | None:
        """The person at an address, if remembered."""
        entry = self._entries.get(address)
        if entry is not None:
            self._entries.move_to_end(address)
        return entry

    def put(self, entry: Entry) -> None:
        """Remember a person as she stands now. One who is not known yet is not remembered."""
        if entry.person is None:
            return
        self._entries[entry.address] = entry
        self._entries.move_to_end(entry.address)
        self._addresses[entry.person] = entry.address
        if len(self._entries) > self._size:
            _, oldest = self._entries.popitem(last=False)
            if oldest.person is not None:
                self._addresses.pop(oldest.person, None)

    def drop(self, address: Address) -> None:
        """Look again next time."""
        entry = self._entries.pop(address, None)
        if entry is not None and entry.person is not None:
            self._addresses.pop(entry.person, None)

    def drop_person(self, person: PersonId) -> None:
        """Look again next time, wherever she is."""
        address = self._addresses.get(person)
        if address is not None:
            self.drop(address)

    def clear(self) -> None:
        """Look again for everybody."""
        self._entries.clear()
        self._addresses.clear()
