"""The part of the review document about one flow: each screen with its words, buttons and sources.

Says of every button where it leads, in the same words as the pictures. Knows the texts only through
a Sheet, which sees to it that each is there once.
"""

from collections.abc import Iterable, Iterator

from bot.core.ids import StepId
from bot.flowdef.model import Flow, StepDef

from .escaping import safe
from .exits import KINDS, Exit, Survey, entrance_note, span, stays
from .forms import Sheet, facts, remarks
from .graph import flow_graph
from .svg import svg


def flow_section(seen: Survey, sheet: Sheet, flow: Flow) -> str:
    """Everything about a flow, as HTML."""
    title = flow.title.source if flow.title is not None else flow.id
    steps = [step for step in flow.steps if seen.library.steps.get(step.id) is step]
    cards = "".join(_card(seen, sheet, step, number) for number, step in enumerate(steps, start=1))
    picture = svg(flow_graph(seen, flow), standing_alone=False)
    return (
        f'<section id="flow-{safe(flow.id)}"><h2>{safe(title)} '
        f"<code>{safe(flow.id)}</code></h2>\n{facts(_review(flow))}"
        f"<details><summary>The picture of this flow</summary>"
        f'<div class="picture">{picture}</div></details>\n'
        f"{sheet.table([sheet.row(flow.title, 'title of the flow')])}{cards}</section>\n"
    )


def _review(flow: Flow) -> Iterator[str]:
    review = flow.review
    if review is None:
        yield '<span class="wrong">Nobody is written down as having reviewed this flow.</span>'
    else:
        by = f"Reviewed by: {safe(review.by)}" if review.by else "Reviewed by: not written"
        day = f"on {review.on.isoformat()}" if review.on else "on an unknown day"
        until = f"until {review.until.isoformat()}" if review.until else "without an end"
        place = f" · jurisdiction: {safe(review.jurisdiction)}" if review.jurisdiction else ""
        yield f"{by} · {day} · counts {until}{place}"
    if flow.parallel:
        yield f"Same steps at about the same length as the other flows of “{safe(flow.parallel)}”"


def step_link(step: StepId) -> str:
    """A link to a screen of the document."""
    return f'<a href="#step-{safe(step)}"><code>{safe(step)}</code></a>'


def leads(seen: Survey, each: Exit) -> str:
    """Where an exit leads, as HTML."""
    if each.target is not None:
        back = ", and back here" if each.line == "visit" else ""
        when = seen.library.steps[each.target].when
        asked = ", if its condition holds" if when is not None and each.line != "visit" else ""
        return f"leads to {step_link(each.target)}{back}{asked}"
    if each.fate == "returns":
        return "leads back to where this flow was included"
    name = f"<code>{safe(each.written)}</code> is not there" if each.written else "nothing follows"
    return f'<span class="wrong">{name}</span>'


def _card(seen: Survey, sheet: Sheet, step: StepDef, number: int) -> str:
    look = {"consent": " consent", "handoff": " handoff"}.get(step.kind, "")
    kind = KINDS.get(step.kind, step.kind)
    if step.id in seen.lost:
        look, kind = f"{look} lost", f"{kind}, unreachable"
    return (
        f'<article class="card{look}" id="step-{safe(step.id)}"><header>'
        f'<span class="soft">{number}</span><h3><code>{safe(step.id)}</code></h3>'
        f'<span class="kind">{safe(kind)}</span></header>\n'
        f"{facts(_facts(seen, step))}{sheet.table(_rows(seen, sheet, step))}"
        f"{_sources(seen, step)}{remarks(step.id)}</article>\n"
    )


def _facts(seen: Survey, step: StepDef) -> Iterator[str]:
    entered = (
        *entrance_note(seen.library, step.id),
        *(f"from {flow}" for flow in seen.led_from.get(step.id, ())),
    )
    if entered:
        yield f"Entered by: {safe(', '.join(entered))}"
    if step.when is not None:
        past = leads(seen, seen.after(step))
        yield f"Only when <code>{safe(step.when.source)}</code>; otherwise {past}"
    if step.consent:
        lasts = f"for {span(step.valid_for)}" if step.valid_for else "without a written end"
        yield f"Agrees to <code>{safe(step.consent)}</code> {lasts}"
    if step.handoff is not None:
        hand = step.handoff
        shared = ", ".join(hand.share) or "nothing"
        yield f"Goes to the queue <code>{safe(hand.queue)}</code>. Shared: {safe(shared)}"
        yield f"Needs the consent <code>{safe(hand.consent or 'none')}</code>"
    if step.save:
        yield f"Saved as <code>{safe(step.save)}</code>"
    if step.kind == "ask":
        limits = f", {safe(step.low or '…')} to {safe(step.high or '…')}"
        yield f"Takes: {step.answer}{limits if step.low or step.high else ''}"
    if step.listing is not None:
        yield f"Lists at most {step.listing.most} places a page"
        names = (step.listing.kinds_from, *step.listing.region_from, step.listing.reach_from)
        chosen = ", ".join(f"<code>{safe(name)}</code>" for name in names if name)
        yield f"Chosen by {chosen}" if chosen else ""
        stands_for = (f"{safe(m)}: {safe(', '.join(k))}" for m, k in step.listing.kinds_for)
        yield from (f"Kinds for the answer {each}" for each in stands_for)
    yield from _ways_without_button(seen, step)
    if step.shuffled:
        yield "The order of the buttons changes from person to person"
    if not step.back:
        yield "Back is not offered here"
    if step.keep:
        yield "This screen may stay in the chat"
    if step.was:
        yield f"Was called <code>{safe(step.was)}</code>"
    for rule, reason in step.waived.items():
        yield f"The rule <code>{safe(rule)}</code> is waived: {safe(reason)}"


def _ways_without_button(seen: Survey, step: StepDef) -> Iterator[str]:
    buttonless = step.kind in ("ask", "include")
    for each in seen.exits[step.id]:
        if not each.choice and (each.line != "go" or buttonless):
            yield f"{safe(each.label[:1].upper() + each.label[1:])}: {leads(seen, each)}"


def _rows(seen: Survey, sheet: Sheet, step: StepDef) -> Iterable[str]:
    yield sheet.row(step.say, "screen", look="form screen")
    ways = seen.exits[step.id]
    by_choice = {each.choice: each for each in ways if each.choice}
    for choice in step.choices:
        found = by_choice.get(choice.id)
        does = leads(seen, found) if found is not None else safe(stays(step, choice))
        role = "mark" if step.kind == "choose_many" else "button"
        beside = f'<span class="leads">{does}</span>' if does else ""
        yield sheet.row(choice.text, role, beside, look="button")
    onward = next((each for each in ways if not each.choice and each.line == "go"), None)
    if onward is not None and step.kind not in ("ask", "include"):
        beside = f'<span class="leads">{leads(seen, onward)}</span>'
        usual = "always.button_done" if step.kind == "choose_many" else "always.button_next"
        own = sheet.row(step.next, "button", beside, look="button")
        yield own or sheet.words(usual, "button that goes on", beside)
    yield sheet.row(step.help, "help, shown on request")
    yield sheet.row(step.asked, "questions it answers")
    if step.compare is not None:
        for row in step.compare.rows:
            for cell in row.cells:
                cited = f", sources: {', '.join(cell.sources)}" if cell.sources else ""
                beside = f'<span class="leads">{cell.verdict}{safe(cited)}</span>'
                yield sheet.row(cell.text, f"{cell.way}, about {row.id}", beside)


def _sources(seen: Survey, step: StepDef) -> str:
    """What the screen cites: from the registry, or the bare id where nobody wrote it there."""
    lines = []
    for name in step.sources:
        source = seen.library.sources.get(name)
        if source is None:
            lines.append(
                f'<code>{safe(name)}</code> <span class="wrong">not in the registry</span>'
            )
            continue
        told = ", ".join(filter(None, (source.author, source.title, source.publisher, source.year)))
        sure = f" ({source.confidence})"
        lines.append(f'<a href="#source-{safe(name)}">{safe(name)}</a> {safe(told)}{sure}')
    if not lines:
        return ""
    return f"<h4>Sources</h4>{facts(lines)}"
