"""Every message seen or sent, so that all of them can be deleted. It decides what a Tidy is to
delete, lost copies included; it must not know why.
"""

from typing import Final

from bot.core.ids import CaseId, PersonId, Ref

from .protocol import Doom, Known
from .times import moment
from .transaction import Transaction

GAP: Final = 100
"""How many numbers are tried at most for a copy whose number Telegram's lost answer held."""


def seen(
    tx: Transaction, person: PersonId, numbers: tuple[int, ...], at: int, case: CaseId | None
) -> None:
    """Messages of hers."""
    for number in numbers:
        tx.run("message_seen", person=person, message_id=number, at=at, case_id=case)


def doom(tx: Transaction, person: PersonId, wanted: Doom) -> None:
    """Mark what the next Tidy is to delete."""
    for ref in wanted.refs:
        tx.run("doom_ref", person=person, ref=ref)
    for number in wanted.message_ids:
        tx.run("doom_number", person=person, message_id=number)
    if wanted.everything:
        tx.run("doom_everything", person=person, case_id=wanted.case, spare=wanted.spare)


def doomed(tx: Transaction, person: PersonId) -> tuple[Known, ...]:
    """What to delete, by number; around lost answers the numbers between known neighbours
    too.
    """
    found: dict[int, Known] = {}
    for row, number, ours, at, lost in tx.all("doomed", person=person):
        if number is not None:
            found[number] = Known(number, bool(ours), moment(at))
        if lost:
            gap = _gap(tx, person, row, number, at)
            kept = {known for (known,) in _live(tx, person, gap)}
            for guess in set(gap) - kept:
                found.setdefault(guess, Known(guess, ours=True, at=moment(at)))
    return tuple(found[number] for number in sorted(found))


def _live(tx: Transaction, person: PersonId, gap: range) -> list[tuple[int]]:
    return tx.all("message_between", person=person, low=gap.start, high=gap.stop) if gap else []


def _gap(tx: Transaction, person: PersonId, row: int, number: int | None, at: int) -> range:
    """The numbers a lost copy may have: those between its neighbours, the nearest hundred."""
    if number is not None:
        below = tx.one("message_below", person=person, message_id=number)
        return _below(below[0] if below else None, number)
    before = tx.one("message_before", person=person, id=row, at=at)
    after = tx.one("message_after", person=person, id=row, at=at)
    low: int | None = before[0] if before else None
    if after and after[0] is not None:
        return _below(low, after[0])
    return range(0) if low is None else range(low + 1, low + 1 + GAP)


def _below(low: int | None, high: int) -> range:
    return range(max(1, high - GAP, 0 if low is None else low + 1), high)


def deleted(tx: Transaction, person: PersonId, gone: tuple[Known, ...]) -> None:
    """A Tidy was carried out: what it deleted is not remembered any longer."""
    for known in gone:
        tx.run("message_gone", person=person, message_id=known.message_id)
    tx.run("message_lost_gone", person=person)


def numbered(
    tx: Transaction, person: PersonId, ref: Ref, number: int, at: int, case: CaseId | None
) -> bool:
    """Telegram told the number of a Send. Returns True when the message was doomed meanwhile."""
    row = tx.run("message_number", person=person, ref=ref, message_id=number, at=at).fetchone()
    if row is None:
        tx.run("message_second", person=person, ref=ref, message_id=number)
        _replace(tx, person, ref, number, at, case)
        return False
    return bool(row[0] == "doomed")


def edited(
    tx: Transaction, person: PersonId, ref: Ref, number: int, at: int, case: CaseId | None
) -> None:
    """An Edit came back with a number: a new one when it had to be sent anew."""
    row = tx.one("message_find", person=person, ref=ref)
    if row is not None and row[0] == number:
        return
    tx.run("message_unname", person=person, ref=ref, message_id=number)
    _replace(tx, person, ref, number, at, case)


def _replace(
    tx: Transaction, person: PersonId, ref: Ref, number: int, at: int, case: CaseId | None
) -> None:
    tx.run("message_replace", person=person, ref=ref, message_id=number, at=at, case_id=case)
