"""The figures of a campaign in words, and whether it met its bars. It counts; judging was done."""

from collections import Counter
from statistics import median

from .judge import Verdict
from .points import POINTS
from .supervisor import Evidence

IN_FLIGHT_SHARE = 0.7
HITS_PER_KILL = 10 / 200
MOST_SHOWN = 8


def shortfalls(evidence: Evidence, verdict: Verdict) -> tuple[str, ...]:
    """Every bar that was missed, the campaign's own included."""
    missed = [f"{check}: {len(found)}" for check, found in verdict.breaches.items() if found]
    kills = len(evidence.deaths)
    cut_off = sum(death.under_way > 0 for death in evidence.deaths)
    if cut_off < IN_FLIGHT_SHARE * kills:
        missed.append(f"only {cut_off} of {kills} kills fell on work in flight")
    hits = Counter(death.point for death in evidence.deaths)
    least = int(HITS_PER_KILL * kills)
    missed += [
        f"{point} was hit {hits[point]} times, not {least}"
        for point in POINTS
        if hits[point] < least
    ]
    return tuple(missed)


def report(evidence: Evidence, verdict: Verdict) -> str:
    """Everything that `make crash` prints."""
    kills = len(evidence.deaths)
    hits = Counter(death.point for death in evidence.deaths)
    cut_off = sum(death.under_way > 0 for death in evidence.deaths)
    history = verdict.history
    missed = shortfalls(evidence, verdict)
    rows = [
        ("kills", f"{kills}, {cut_off} with work in flight ({100 * cut_off // max(1, kills)} %)"),
        *((f"  {point}", str(number)) for point, number in sorted(hits.items())),
        ("updates", f"{history.updates}, {len(history.owed)} of people confirmed"),
        ("faults", str(history.faults)),
        ("words typed", str(len(history.typed))),
        ("  delivered", str(verdict.delivered)),
        ("  shown to staff as unknown", str(verdict.told)),
        ("  waiting", str(verdict.waiting)),
        ("duplicates explained", str(verdict.explained)),
        ("dead letters", f"{evidence.disk.dead_letters} of {len(history.buried)} unreadable"),
        ("restart", f"{median(evidence.starts):.2f} s, at most {max(evidence.starts):.2f} s"),
        *((check, str(len(found))) for check, found in verdict.breaches.items()),
        ("seconds", f"{evidence.seconds:.0f}"),
    ]
    lines = [f"{name:<36}{value}" for name, value in rows]
    for check, found in verdict.breaches.items():
        lines += [f"! {check}: {sentence}" for sentence in found[:MOST_SHOWN]]
        if len(found) > MOST_SHOWN:
            lines.append(f"! {check}: and {len(found) - MOST_SHOWN} more")
    lines += [f"RED: {sentence}" for sentence in missed] or ["GREEN"]
    return "\n".join(lines)
