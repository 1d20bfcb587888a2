"""Removing what has served, slice by slice so that nobody waits for it, and the figures of health.
It decides how long things are kept; it must not know what they say.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from bot.core.ids import PersonId

from . import erasure, published
from .protocol import Health
from .times import micros, moment
from .transaction import Transaction

SEEN: Final = timedelta(days=7)
DONE: Final = timedelta(hours=48)
LETTERS: Final = timedelta(days=7)
SLICE: Final = 2000
"""Rows looked at in one transaction: a few milliseconds."""


class Step(NamedTuple):
    """One slice done: rows removed, and where the next slice begins (None: that was the last)."""

    removed: int
    after: str | int | None


def prune_seen(tx: Transaction, now: datetime, after: str) -> Step:
    """One slice of causes. There is no index on their time, as every commit would pay for it."""
    end = tx.one("seen_step", after=after, slice=SLICE)
    before = micros(now - SEEN)
    if end is None:
        return Step(tx.run("seen_prune_rest", after=after, before=before).rowcount, None)
    done = tx.run("seen_prune", after=after, upto=end[0], before=before).rowcount
    return Step(done, end[0])


def prune_outbox(tx: Transaction, now: datetime, after: int) -> Step:
    """One slice of finished rows; they lie in order of time, so it ends at the first young one."""
    before = micros(now - DONE)
    end = tx.one("outbox_step", after=after, slice=SLICE - 1)
    done = tx.run("outbox_prune", after=after, slice=SLICE, before=before).rowcount
    return Step(done, None if end is None or end[1] >= before else end[0])


def prune_rest(tx: Transaction, now: datetime) -> Step:
    """Messages of hers out of reach, old dead letters and versions, remainders that are done."""
    removed = tx.run("messages_prune", before=micros(now - DONE), slice=SLICE).rowcount
    removed += tx.run("dead_letters_prune", before=micros(now - LETTERS)).rowcount
    removed += published.forget(tx)
    for (person,) in tx.all("remainders_done", before=micros(now - DONE)):
        erasure.vanish(tx, PersonId(person))
        removed += 1
    return Step(removed, None)


def health(tx: Transaction, now: datetime, keyless: int) -> Health:
    """Figures, and one real write, as only that shows that writing works."""
    tx.run("health_mark", now=str(micros(now)))
    waiting, oldest = tx.one("health_waiting") or (0, None)
    (unknown,) = tx.one("health_unknown") or (0,)
    (dead,) = tx.one("health_dead") or (0,)
    (due,) = tx.one("health_timers") or (None,)
    return Health(
        writable=True,
        oldest_waiting=_age(oldest, now),
        waiting=waiting,
        unknown=unknown,
        dead_letters=dead,
        overdue_timers=_age(due, now),
        keyless=keyless,
    )


def _age(since: int | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - moment(since)).total_seconds())
