"""Which call goes wrong and how, decided by a seed or by a script. It knows kinds and rates only;
the server carries the fault out, the world records it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from .chance import Chance, seeded

FaultKind = Literal[
    "drop_before",  # the connection is cut, nothing has happened
    "accept_then_drop",  # it has happened, the connection is cut without an answer
    "delay",  # it has happened, the answer comes late
    "too_many_requests",  # 429 with retry_after, nothing has happened
    "server_error",  # 502 with an HTML body, nothing has happened
    "truncated",  # it has happened, the JSON ends in the middle
]
FAULT_KINDS: tuple[FaultKind, ...] = get_args(FaultKind)
UPDATE_FAULTS = ("duplicate", "unparsable")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; `seconds` is the delay, or the retry_after of a 429."""

    kind: FaultKind
    seconds: float = 0.0


@dataclass(slots=True)
class FaultPlan:
    """Decides per call. `rates` maps a kind to a probability for every method, or to a mapping of
    method name to probability (`"*"` for all others). Kinds: `FAULT_KINDS`, and for updates
    `duplicate` (repeated in one answer) and `unparsable` (made beside a good one).

    `latency` holds every answer that many seconds. `most` stops after that many faults. Raises
    ValueError for an unknown kind, so that a typing mistake cannot pass for a calm run.
    """

    seed: int = 0
    rates: Mapping[str, float | Mapping[str, float]] = field(default_factory=dict)
    latency: float = 0.0
    delay_seconds: tuple[float, float] = (0.05, 0.5)
    retry_after: tuple[int, int] = (1, 3)
    most: int | None = None
    count: int = 0
    _chance: Chance = field(init=False, repr=False)
    _script: dict[str, deque[Fault]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        if unknown := set(self.rates) - {*FAULT_KINDS, *UPDATE_FAULTS}:
            known = ", ".join(FAULT_KINDS + UPDATE_FAULTS)
            msg = f"Unknown fault kinds {sorted(unknown)}: use {known}."
            raise ValueError(msg)
        self._chance = seeded("faults", self.seed)

    def once(self, method: str, kind: FaultKind, seconds: float = 0.0) -> None:
        """The next call of `method` (`"*"`: of any) meets this fault, whatever the rates say."""
        if kind not in FAULT_KINDS:
            msg = f"Unknown fault kind {kind!r}: use one of {', '.join(FAULT_KINDS)}."
            raise ValueError(msg)
        self._script.setdefault(method.lower(), deque()).append(Fault(kind, seconds))

    def decide(self, method: str) -> Fault | None:
        """What happens to this call; `method` as Telegram spells it, in any case."""
        if self._script:
            for name in (method.lower(), "*"):
                if waiting := self._script.get(name):
                    fault = waiting.popleft()
                    if not waiting:
                        del self._script[name]
                    self.count += 1
                    return fault
        if not self.rates:
            return None
        for kind in FAULT_KINDS:
            if self._strikes(kind, method):
                return Fault(kind, self._seconds(kind))
        return None

    def duplicates(self) -> bool:
        """Whether one update of an answer is repeated in it."""
        return bool(self.rates) and self._strikes("duplicate", "getUpdates")

    def unparsable(self) -> bool:
        """Whether an update that no library can parse is made beside a good one."""
        return bool(self.rates) and self._strikes("unparsable", "getUpdates")

    def _strikes(self, kind: str, method: str) -> bool:
        rate = self.rates.get(kind)
        if rate is None or (self.most is not None and self.count >= self.most):
            return False
        if isinstance(rate, Mapping):
            rate = rate.get(method, rate.get("*", 0.0))
        if self._chance.random() >= rate:
            return False
        self.count += 1
        return True

    def _seconds(self, kind: FaultKind) -> float:
        match kind:
            case "delay":
                return self._chance.uniform(*self.delay_seconds)
            case "too_many_requests":
                return self._chance.randint(*self.retry_after)
            case _:
                return 0.0
