"""The review document: one HTML file with every screen in every language, to print and to sign.

For a lawyer or an adviser who has been through it, not for a programmer: no script, nothing fetched
from anywhere, readable on a phone and on paper. Says which version it shows, so that a signature
stands for exactly these words. The day is an argument; files are read and written by others.
"""

import hashlib
from collections.abc import Iterator
from datetime import date

from bot.flowdef.model import Flow, Library
from bot.text import dates
from bot.text.catalog import Catalogues

from .escaping import safe
from .exits import Survey, survey
from .forms import Sheet, State, form_in
from .graph import in_order_of_reach, overview_graph
from .registers import sections
from .screens import flow_section
from .style import SHEET, page_rules
from .svg import svg

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
SIGNERS = 4
NARROW = 3
"""With more languages than this the paper is turned."""

COLUMNS = ("Name", "Role", "What I looked at", "Date", "Signature")


def document(
    library: Library, catalogues: Catalogues, day: date, only: tuple[str, ...] = ()
) -> str:
    """The whole file. ``only``: some flows by id, without what belongs to no flow."""
    seen, sheet = survey(library), Sheet(library, catalogues)
    flows = tuple(flow for flow in in_order_of_reach(seen) if not only or flow.id in only)
    parts = [(flow, flow_section(seen, sheet, flow)) for flow in flows]
    others = () if only else sections(seen, sheet)
    foot = f"Waymark review, version {library.digest[:12]}, {day.isoformat()}"
    rules = page_rules(foot, wide=len(sheet.languages) > NARROW)
    title = "Review of the conversations" + (f": {', '.join(only)}" if only else "")
    return "".join(
        (
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">\n',
            f"<title>{safe(title)}</title>\n<style>{SHEET}{rules}</style></head>\n<body>\n",
            f"<header><h1>{safe(title)}</h1>\n{_version(library, catalogues, day)}</header>\n",
            "<main>",
            _how_to_read(library),
            _progress(library, catalogues),
            _contents(flows, others),
            "" if only else _overview(seen),
            *(html for _, html in parts),
            *(
                f'<section id="{name}"><h2>{safe(head)}</h2>\n{html}</section>\n'
                for name, head, html in others
            ),
            _sign_off(library, day),
            "</main></body></html>\n",
        )
    )


def _version(library: Library, catalogues: Catalogues, day: date) -> str:
    lines = [f"<p>Made on {day.isoformat()} from these words:</p><ul>"]
    lines.append(f"<li>Flows: <code>{library.digest}</code></li>")
    for language, data in sorted(catalogues.files.items()):
        total = hashlib.sha256(data).hexdigest()
        name = safe(language)
        lines.append(f"<li>Translation <code>{name}</code>: <code>{total}</code></li>")
    return "".join(lines) + "</ul>\n"


def _how_to_read(library: Library) -> str:
    words = " · ".join(safe(word.text.source) for word in library.words)
    always = (
        f"<li>At every screen these work too, as a button or typed: {words}.</li>" if words else ""
    )
    return (
        "<section><p>Each box is one screen, with its id, its words in every language, its "
        "buttons, and where they lead.</p><ul>"
        '<li>A field like <span class="field">[needs]</span> is filled in by the program.</li>'
        f"{always}"
        "<li>Red words beside a text say that people see English there, or that something is "
        "missing.</li>"
        "<li>Remarks belong in the box under the id. What is typed there is not kept by this "
        "page: print it, or save it as PDF, before closing.</li></ul></section>\n"
    )


def _progress(library: Library, catalogues: Catalogues) -> str:
    states: tuple[State, ...] = ("shown", "missing", "fuzzy", "changed")
    rows = []
    for language in catalogues.languages:
        forms = [form_in(text, language, catalogues) for text in library.texts.values()]
        counts = (sum(form.state == state for form in forms) for state in states)
        cells = "".join(f"<td>{count}</td>" for count in counts)
        rows.append(f'<tr><th scope="row">{safe(dates.native_name(language))}</th>{cells}</tr>')
    return (
        "<table><caption>Texts in each language</caption><thead><tr>"
        '<th scope="col">Language</th><th scope="col">shown</th><th scope="col">missing</th>'
        '<th scope="col">fuzzy</th><th scope="col">made from other English</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>\n"
    )


def _contents(flows: tuple[Flow, ...], others: tuple[tuple[str, str, str], ...]) -> str:
    entries = "".join(_entries(flows, others))
    return (
        f'<nav aria-label="Contents"><h2>Contents</h2><ol class="contents">{entries}</ol></nav>\n'
    )


def _entries(flows: tuple[Flow, ...], others: tuple[tuple[str, str, str], ...]) -> Iterator[str]:
    for flow in flows:
        title = flow.title.source if flow.title is not None else flow.id
        steps = " · ".join(
            f'<a href="#step-{safe(step.id)}">{safe(step.id.partition(".")[2])}</a>'
            for step in flow.steps
        )
        link = f'<a href="#flow-{safe(flow.id)}">{safe(title)}</a> <code>{safe(flow.id)}</code>'
        yield f'<li>{link}<br><span class="steps">{steps}</span></li>'
    for name, head, _ in others:
        yield f'<li><a href="#{name}">{safe(head)}</a></li>'
    yield '<li><a href="#signed">Signed by</a></li>'


def _overview(seen: Survey) -> str:
    picture = svg(overview_graph(seen), standing_alone=False)
    return (
        f'<section id="picture"><h2>All flows</h2><div class="picture">{picture}</div></section>\n'
    )


def _sign_off(library: Library, day: date) -> str:
    heads = "".join(f'<th scope="col">{column}</th>' for column in COLUMNS)
    cells = "".join(f'<td data-column="{column}"></td>' for column in COLUMNS)
    return (
        f'<section id="signed"><h2>Signed by</h2><p>I have read the words of version '
        f"<code>{library.digest[:12]}</code> as shown here on {day.isoformat()}. With my remarks "
        f"above, they can be used with people in the place and for the time I name.</p>"
        f'<table class="sign"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{f'<tr>{cells}</tr>' * SIGNERS}</tbody></table></section>\n"
    )
