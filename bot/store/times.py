"""Times as the database keeps them: whole microseconds since 1970, UTC. Knows nothing of tables."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """``at`` as stored. Raises TypeError for a time without a zone, which would be a bug."""
    return (at - EPOCH) // _MICROSECOND


def moment(stored: int) -> datetime:
    """The inverse of :func:`micros`."""
    return EPOCH + timedelta(microseconds=stored)


def maybe_micros(at: datetime | None) -> int | None:
    """``micros``, passing None through."""
    return None if at is None else micros(at)


def maybe_moment(stored: int | None) -> datetime | None:
    """``moment``, passing None through."""
    return None if stored is None else moment(stored)
