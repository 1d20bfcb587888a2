"""Checks about sources, numbers to call, and how long a look at them counts."""

from collections.abc import Iterator
from datetime import date

from bot.flowdef.fields import did_you_mean
from bot.flowdef.model import Issue, Library, Place


def _cited(library: Library) -> Iterator[tuple[str, Place, str]]:
    """Every source id that is named: by which step, where."""
    for step in library.steps.values():
        yield from ((step.id, step.place, source) for source in step.sources)
        for row in step.compare.rows if step.compare is not None else ():
            for cell in row.cells:
                yield from ((step.id, cell.text.place, source) for source in cell.sources)


def unknown_source(library: Library) -> Iterator[Issue]:
    """A source that is named stands in sources.yaml."""
    for step, place, source in _cited(library):
        if source not in library.sources:
            what = f"There is no source `{source}`."
            yield Issue(place, "unknown_source", step, what, did_you_mean(source, library.sources))


def unverified_source(library: Library) -> Iterator[Issue]:
    """What nobody has looked at is not printed as fact."""
    for step, place, source in _cited(library):
        found = library.sources.get(source)
        if found is not None and found.confidence == "unverified":
            what = f"Nobody has looked at the source `{source}` yet."
            todo = "Look at it and set its `confidence`, or say it as a question to ask."
            yield Issue(place, "unverified_source", step, what, todo)


def unused_source(library: Library) -> Iterator[Issue]:
    """Each source is named by some step."""
    named = {source for _, _, source in _cited(library)}
    for source in library.sources.values():
        if source.id not in named:
            what, todo = "No step names this source.", "Name it where it is used, or delete it."
            where = f"sources.{source.id}"
            yield Issue(source.place, "unused_source", where, what, todo, "warning")


def never_reviewed(library: Library) -> Iterator[Issue]:
    """Sources, numbers and pages about the law say until when a look at them counts."""
    todo = "Write `review_by:` with the day by which a person looks at it again."
    for source in library.sources.values():
        if source.review_by is None:
            what, where = "This source has no day of review.", f"sources.{source.id}"
            yield Issue(source.place, "never_reviewed", where, what, todo, "warning")
    for resource in library.resources:
        if resource.review_by is None:
            what, where = "This entry has no day of review.", f"resources.{resource.id}"
            yield Issue(resource.place, "never_reviewed", where, what, todo)
    for flow in library.flows:
        review = flow.review
        if flow.parallel and (review is None or review.until is None):
            what = "This flow has no day of review."
            until = "Write `review:` with `until:`."
            yield Issue(flow.place, "never_reviewed", flow.id, what, until, "warning")


def overdue(library: Library, today: date) -> Iterator[Issue]:
    """What was to be looked at again by a day that has passed. A date never stops a service."""
    todo = "Look at it again, and move the day."
    for source in library.sources.values():
        if source.review_by is not None and source.review_by < today:
            what = f"This source was to be looked at again by {source.review_by}."
            where = f"sources.{source.id}"
            yield Issue(source.place, "overdue", where, what, todo, "warning")
    for resource in library.resources:
        if resource.review_by is not None and resource.review_by < today:
            what = f"This entry was to be looked at again by {resource.review_by}; "
            stays = "emergency" in resource.kinds
            what += "it is shown all the same." if stays else "until then it is left out of lists."
            where = f"resources.{resource.id}"
            yield Issue(resource.place, "overdue", where, what, todo, "warning")
    for flow in library.flows:
        review = flow.review
        if review is not None and review.until is not None and review.until < today:
            what = f"The review of this flow counted until {review.until}."
            yield Issue(review.place, "overdue", flow.id, what, todo, "warning")
