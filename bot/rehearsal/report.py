"""What ``test-flows`` prints: failures, a table of coverage, and what was never exercised."""

import json
from collections.abc import Iterator

from .coverage import Coverage, percent
from .playing import Failure, Played


def text(scenarios: int, played: Played, found: Coverage | None) -> Iterator[str]:
    """Failures, the table, what is missing, and one line that sums it up."""
    yield from (f"{failure}" for failure in played.failures)
    if found is not None:
        yield from ("", *table(found)) if played.failures else table(found)
        if found.missing:
            yield from ("", "Never exercised:", *(f"{one}" for one in found.missing))
        yield ""
    yield summary(scenarios, played, found)


def table(found: Coverage) -> tuple[str, ...]:
    """One line a flow, and a total: how much of its screens and ways on, a column a language."""
    head = ["flow"]
    for language in found.languages:
        head += [f"screens {language}", f"ways on {language}"]
    lines = [head]
    for row in found.rows:
        line = [row.flow]
        for language in found.languages:
            line += [
                _share(row.screens[language], row.steps),
                _share(row.ways[language], row.of_ways),
            ]
        lines.append(line)
    total = ["all"]
    for language in found.languages:
        total += [
            _share(
                sum(row.screens[language] for row in found.rows),
                sum(row.steps for row in found.rows),
            ),
            _share(
                sum(row.ways[language] for row in found.rows),
                sum(row.of_ways for row in found.rows),
            ),
        ]
    return _aligned([*lines, total])


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} {int(percent(part, whole))}%"


def _aligned(lines: list[list[str]]) -> tuple[str, ...]:
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    return tuple(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def summary(scenarios: int, played: Played, found: Coverage | None) -> str:
    """One line at the end."""
    wrong = len(played.failures)
    runs = f"{_counted(scenarios, 'test')} in {_counted(played.runs, 'run')}: "
    result = "all hold" if not wrong else f"{wrong} {'does' if wrong == 1 else 'do'} not hold"
    share = f", {int(found.least)}% exercised" if found is not None else ""
    return f"{runs}{result}{share}."


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def as_json(scenarios: int, played: Played, found: Coverage | None) -> str:
    """The same as one JSON object."""
    return json.dumps(
        {
            "tests": scenarios,
            "runs": played.runs,
            "failures": [_failure(failure) for failure in played.failures],
            "coverage": None if found is None else _coverage(found),
        },
        ensure_ascii=False,
    )


def _failure(failure: Failure) -> dict[str, object]:
    place = failure.place
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "name": failure.name,
        "language": failure.language,
        "what": failure.what,
        "sees": list(failure.sees),
        "so_far": list(failure.so_far),
    }


def _coverage(found: Coverage) -> dict[str, object]:
    return {
        "percent": {language: round(found.share(language), 1) for language in found.languages},
        "flows": [
            {
                "flow": row.flow,
                "screens": {"of": row.steps, **row.screens},
                "ways": {"of": row.of_ways, **row.ways},
            }
            for row in found.rows
        ],
        "missing": [
            {
                "file": one.place.file,
                "line": one.place.line,
                "column": one.place.column,
                "step": one.step,
                "way": one.way,
                "languages": list(one.languages),
            }
            for one in found.missing
        ],
    }
