"""Everything that is checked about the structure of a Library: one function a check, one list.

A check takes the Library and yields Issues; its name is the rule's id. What is checked about words
and translations lives in ``bot.text.checks``, which knows languages.
"""

from collections.abc import Callable, Iterator
from datetime import date

from bot.flowdef.model import Issue, Library

from .consent import (
    consent_without_end,
    consent_without_refusal,
    handoff_without_consent,
    handoff_without_way_back,
)
from .facts import never_reviewed, overdue, unknown_source, unused_source, unverified_source
from .figures import unsupported_figure
from .gone import removed_without_heir, unknown_heir
from .lists import broken_comparison, endless_include, limits_crossed
from .names import (
    missing_always_on,
    missing_door,
    renamed_twice,
    save_shadows_built_in,
    shadowed_id,
    too_many_choices,
    unknown_condition,
    unknown_name,
)
from .reaching import unknown_country, unknown_kind, unknown_reach
from .ways import (
    conditional_entrance,
    dead_end,
    loop_without_way_out,
    no_way_to_people,
    refusal_blocks,
    unknown_target,
    unreachable,
)

Check = Callable[[Library], Iterator[Issue]]

CHECKS: tuple[Check, ...] = (
    unknown_target,
    unreachable,
    conditional_entrance,
    dead_end,
    loop_without_way_out,
    no_way_to_people,
    refusal_blocks,
    endless_include,
    unknown_heir,
    consent_without_refusal,
    consent_without_end,
    handoff_without_consent,
    handoff_without_way_back,
    unknown_condition,
    unknown_name,
    renamed_twice,
    shadowed_id,
    save_shadows_built_in,
    missing_door,
    missing_always_on,
    too_many_choices,
    broken_comparison,
    unknown_kind,
    unknown_reach,
    unknown_country,
    limits_crossed,
    unknown_source,
    unverified_source,
    unused_source,
    unsupported_figure,
    never_reviewed,
)
DATED = (overdue,)
"""Checks that need the day; they only warn."""

COMPARED = (removed_without_heir,)
"""Checks of a version against the one before it."""


def check(library: Library, today: date | None = None) -> tuple[Issue, ...]:
    """Every Issue of every check, by place. Without ``today`` nothing is overdue."""
    found = {issue for each in CHECKS for issue in each(library)}
    if today is not None:
        found |= {issue for each in DATED for issue in each(library, today)}
    return tuple(sorted(found, key=lambda issue: (issue.place, issue.rule, issue.what)))
