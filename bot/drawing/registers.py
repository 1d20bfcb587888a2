"""What the review document shows beside the flows: words, phrases, danger, numbers, sources.

Texts that no section knows are shown at the end, so that a new kind of text is never left out.
"""

from collections.abc import Iterable, Iterator

from bot.flowdef.model import ALWAYS, DangerRule, Library, Resource, Source, Text

from .escaping import safe
from .exits import Survey
from .forms import Sheet, facts, remarks
from .screens import step_link

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def sections(seen: Survey, sheet: Sheet) -> tuple[tuple[str, str, str], ...]:
    """Each section that has something to show: its id, its title, its HTML."""
    library = seen.library
    made = (
        ("words", "Words that work at every step", _words(library, sheet)),
        ("danger", "Words of danger", _danger(library, sheet)),
        ("phrases", "Lines and labels between the screens", _phrases(library, sheet)),
        ("resources", "Places to call or write to", _resources(library, sheet)),
        ("sources", "Sources", _sources(seen)),
        ("doors", "System screens", _doors(library)),
        ("kept-out", "Words that are kept out", _kept_out(library, sheet)),
        ("others", "Other texts", _others(sheet)),
    )
    return tuple(part for part in made if part[2])


def _words(library: Library, sheet: Sheet) -> str:
    rows = []
    for word in library.words:
        rows.append(sheet.row(word.text, "button", look="button"))
        rows.append(sheet.row(word.also, "typed for it, divided by |"))
    table = sheet.table(rows)
    return table + remarks("the words that work at every step") if table else ""


def _danger(library: Library, sheet: Sheet) -> str:
    by_id: dict[str, list[DangerRule]] = {}
    for rule in library.danger:
        by_id.setdefault(rule.id, []).append(rule)
    return "".join(_danger_card(library, sheet, name, rules) for name, rules in by_id.items())


def _danger_card(library: Library, sheet: Sheet, name: str, rules: list[DangerRule]) -> str:
    answer = sheet.row(library.texts.get(f"danger.{name}"), "answer")
    rows = [answer]
    for head, what in (("answered at once", "phrases"), ("harmless, taken out", "not_when")):
        listed = {rule.language: getattr(rule, what) for rule in rules}
        if any(listed.values()):
            cells = "".join(
                f"<td{sheet.speaks(language)}>{safe(' · '.join(listed.get(language, ())))}</td>"
                for language in sheet.languages
            )
            rows.append(f'<tr><th scope="row">{head}</th>{cells}</tr>\n')
    unread = (rule for rule in rules if rule.language not in sheet.languages)
    told = [f"Not offered ({safe(r.language)}): {safe(' · '.join(r.phrases))}" for r in unread]
    return (
        f'<article class="card" id="danger-{safe(name)}"><header><h3><code>{safe(name)}</code></h3>'
        f"</header>\n{sheet.table(rows)}{facts(told)}{remarks(f'danger {name}')}</article>\n"
    )


def _phrases(library: Library, sheet: Sheet) -> str:
    groups: dict[str, list[Text]] = {}
    for text in library.phrases:
        groups.setdefault(text.ctx.partition(".")[0], []).append(text)
    made = []
    for name, texts in groups.items():
        rows = [sheet.row(text, "button" if ".button_" in text.ctx else "line") for text in texts]
        table = sheet.table(rows)
        if table:
            made.append(f"<h3><code>{safe(name)}</code></h3>\n{table}{remarks(f'{name} phrases')}")
    return "".join(made)


def _resources(library: Library, sheet: Sheet) -> str:
    return "".join(_resource(sheet, resource) for resource in library.resources)


def _resource(sheet: Sheet, resource: Resource) -> str:
    rows = [
        sheet.row(resource.name, "name"),
        sheet.row(resource.hours, "hours"),
        sheet.row(resource.note, "note"),
        sheet.row(resource.caution, "what it may do without asking"),
    ]
    return (
        f'<article class="card" id="resource-{safe(resource.id)}"><header><h3>'
        f"<code>{safe(resource.id)}</code></h3></header>\n{facts(_reached(resource))}"
        f"{sheet.table(rows)}{remarks(f'resource {resource.id}', 2)}</article>\n"
    )


def _reached(resource: Resource) -> Iterator[str]:
    texting = " ".join(filter(None, (resource.sms, *resource.write.values())))
    video = f"videophone {resource.video}" if resource.video else ""
    tty = f"TTY or relay {resource.tty}" if resource.tty else ""
    whatsapp = (f"WhatsApp {number}" for number in resource.whatsapp.values())
    web = (resource.chat, resource.email, resource.web)
    ways = " · ".join(filter(None, (resource.phone, texting, *whatsapp, tty, video, *web)))
    always = " · at every hour" if resource.always_open else ""
    yield f"{safe(ways)}{always}"
    for each in resource.open:
        days = ", ".join(DAYS[day] for day in each.days)
        yield f"Open {days}, {_clock(each.start)} to {_clock(each.end)} ({safe(each.zone)})"
    if resource.may_call:
        yield "May send help or pass on details without asking"
    kinds = ", ".join(resource.kinds) or "no kind written"
    yield f"Region: {safe(resource.region or 'not written')} · for: {safe(kinds)}"
    others = ("others by interpreter",) if resource.interpreters else ()
    if resource.languages or others:
        yield f"Languages: {safe(', '.join((*resource.languages, *others)))}"
    for language, key in resource.press.items():
        yield f"For {safe(language)}, press {safe(key)}"
    seen = f" · page of {safe(resource.verified)}" if resource.verified else ""
    yield f"Seen at: {address(resource.source) or 'not written'}{seen}"
    if resource.review_by is not None:
        yield f"To be looked at again by {resource.review_by.isoformat()}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def address(written: str) -> str:
    """A link where it is one, else the words themselves."""
    if written.startswith(("https://", "http://")):
        return f'<a href="{safe(written)}" rel="noreferrer">{safe(written)}</a>'
    return safe(written)


def _sources(seen: Survey) -> str:
    cited: dict[str, list[str]] = {}
    for step in seen.library.steps.values():
        cells = step.compare.rows if step.compare is not None else ()
        names = (*step.sources, *(s for row in cells for cell in row.cells for s in cell.sources))
        for name in dict.fromkeys(names):
            cited.setdefault(name, []).append(step_link(step.id))
    made = "".join(
        f'<article class="card" id="source-{safe(name)}"><header><h3>{safe(name)}</h3>'
        f'<span class="kind">{source.confidence}</span></header>\n'
        f"{facts(_source(source, cited.get(name, [])))}{remarks(f'source {name}', 2)}</article>\n"
        for name, source in seen.library.sources.items()
    )
    unknown = [name for name in cited if name not in seen.library.sources]
    if unknown and seen.library.sources:
        made += f'<p class="wrong">Cited, but not written here: {safe(", ".join(unknown))}.</p>'
    return made


def _source(source: Source, cited: list[str]) -> Iterator[str]:
    yield safe(
        ", ".join(filter(None, (source.author, source.title, source.publisher, source.year)))
    )
    yield f"Says: {safe(source.supports)}" if source.supports else ""
    yield address(source.address)
    seen = f"Seen on {source.seen.isoformat()}" if source.seen else "Not yet seen by a person"
    again = f" · again by {source.review_by.isoformat()}" if source.review_by else ""
    yield f"{seen}{again}"
    yield f"Cited by: {', '.join(cited) or 'no screen'}"


def _doors(library: Library) -> str:
    lines = []
    for door in library.doors:
        opened = library.resolve(door.target, ALWAYS)
        missing = f'<span class="wrong"><code>{safe(door.target)}</code> is not there</span>'
        target = step_link(opened) if opened is not None else missing
        lines.append(f"<code>{safe(door.word)}</code> opens {target}")
    return facts(lines)


def _kept_out(library: Library, sheet: Sheet) -> str:
    told: Iterable[tuple[str, str]] = (
        ("charged", "not in what a locked phone shows"),
        ("never", "said nowhere"),
    )
    rows = []
    for name, what in told:
        listed = getattr(library, name)
        if any(listed.values()):
            cells = "".join(
                f"<td{sheet.speaks(language)}>{safe(', '.join(listed.get(language, ())))}</td>"
                for language in sheet.languages
            )
            rows.append(f'<tr><th scope="row">{what}</th>{cells}</tr>\n')
    table = sheet.table(rows)
    return table + remarks("the words that are kept out") if table else ""


def _others(sheet: Sheet) -> str:
    table = sheet.table([sheet.row(text, text.role) for text in tuple(sheet.left())])
    return table + remarks("these texts") if table else ""
