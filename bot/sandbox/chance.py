"""Chance in the sandbox is always seeded: the same seed gives the same ids and the same faults."""

from __future__ import annotations

from random import Random as Chance  # noqa: TID251 - seeded, and the only import of it here


def seeded(*parts: object) -> Chance:
    """A generator that depends on `parts` alone (not on the process, as `hash` would)."""
    return Chance(":".join(map(str, parts)))  # noqa: S311 - repeatable on purpose, opens nothing


__all__ = ["Chance", "seeded"]
