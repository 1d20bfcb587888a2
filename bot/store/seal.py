"""The one sealed form of anything about a person: ``version | nonce | ciphertext``.

AES-256-GCM under the person's own data key, with the place (table, column, row, person) as
associated data, so that a row cannot be read, changed, or moved to another place. It knows no SQL
and no file: keys come from whoever answers :class:`Keys`, and what is inside is only bytes.
"""

import hmac
import os
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.ids import Door, PersonId

FORM: Final = 1
_FORM_BYTE: Final = bytes((FORM,))
_NONCE: Final = 12
_TAG: Final = 16
_LOOKUP: Final = 16
CIPHERS: Final = 8192
"""How many people's ciphers stay in memory."""

SYSTEM: Final = PersonId("system")
"""Whose key seals what belongs to nobody, such as an update that could not be read."""


class SealBroken(Exception):
    """A sealed value was changed, moved, or sealed for somebody else. It stays closed."""


class KeyMissing(SealBroken):
    """There is sealed data, and no key for its person."""


class Keys(Protocol):
    """Where data keys come from."""

    def data_key(self, person: PersonId) -> bytes:
        """The 32 bytes of that person. Raises KeyMissing."""


class Sealer:
    """Seals and opens. Not thread-safe: it belongs to the one thread that owns the database."""

    def __init__(
        self,
        keys: Keys,
        *,
        ciphers: int = CIPHERS,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._keys = keys
        self._limit = ciphers
        self._entropy = entropy
        self._ciphers: OrderedDict[PersonId, AESGCM] = OrderedDict()

    def seal(self, person: PersonId, place: str, row: object, clear: bytes) -> bytes:
        """``clear`` sealed for ``place`` (``table|column``) and ``row``. Raises KeyMissing."""
        nonce = self._entropy(_NONCE)
        sealed = self._cipher(person).encrypt(nonce, clear, _bound(place, row, person))
        return _FORM_BYTE + nonce + sealed

    def open(self, person: PersonId, place: str, row: object, sealed: bytes) -> bytes:
        """The inverse of :meth:`seal`. Raises SealBroken, never anything half opened."""
        if len(sealed) < 1 + _NONCE + _TAG or sealed[0] != FORM:
            msg = f"A sealed value in {place} is not in form {FORM}: it was changed or cut short."
            raise SealBroken(msg)
        nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            return self._cipher(person).decrypt(nonce, body, _bound(place, row, person))
        except InvalidTag:
            msg = f"A sealed value in {place} was changed, moved, or sealed for somebody else."
            raise SealBroken(msg) from None

    def knows(self, person: PersonId) -> bool:
        """Whether that person's key is there."""
        try:
            self._cipher(person)
        except KeyMissing:
            return False
        return True

    def forget(self, person: PersonId) -> None:
        """Drop the cipher of an erased person from memory."""
        self._ciphers.pop(person, None)

    def _cipher(self, person: PersonId) -> AESGCM:
        cipher = self._ciphers.get(person)
        if cipher is not None:
            self._ciphers.move_to_end(person)
            return cipher
        cipher = self._ciphers[person] = AESGCM(self._keys.data_key(person))
        if len(self._ciphers) > self._limit:
            self._ciphers.popitem(last=False)
        return cipher


def _bound(place: str, row: object, person: PersonId) -> bytes:
    return f"{place}|{row}|{person}".encode()


def lookup(index_key: bytes, door: Door, chat_id: int) -> bytes:
    """How a chat is found without being stored: a keyed hash, useless without the index key."""
    return hmac.digest(index_key, f"{door}|{chat_id}".encode(), "sha256")[:_LOOKUP]
