"""Everything that is checked about the structure of a Library: one function a check, one list.

A check takes the Library and yields Issues; its name is the rule's id. What is checked about words
and translations lives in ``bot.text.checks``, which knows languages.
"""

from collections.abc import Callable, Iterator

from bot.flowdef.model import Issue, Library

from .consent import (
    consent_without_end,
    consent_without_refusal,
    handoff_without_consent,
    handoff_without_way_back,
)
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
from .ways import conditional_entrance, dead_end, loop_without_way_out, unknown_target, unreachable

Check = Callable[[Library], Iterator[Issue]]

CHECKS: tuple[Check, ...] = (
    unknown_target,
    unreachable,
    conditional_entrance,
    dead_end,
    loop_without_way_out,
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
)


def check(library: Library) -> tuple[Issue, ...]:
    """Every Issue of every check, by place."""
    found = {issue for each in CHECKS for issue in each(library)}
    return tuple(sorted(found, key=lambda issue: (issue.place, issue.rule, issue.what)))
