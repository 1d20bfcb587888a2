"""Tables out and in: an untouched one changes nothing, a wrong one changes nothing and says why."""

import csv
import io
from datetime import UTC, datetime

import pytest

from bot.flowdef.load import load
from bot.text import merging
from bot.text.intake import Intake, imported
from bot.text.progress import progress
from bot.text.table import exported
from tests.survivor import ROOT
from tests.unit.flowdef.flows import library
from tests.unit.text.catalogues import ES, PHRASES, begun, flows, po, shown, translated

NOW = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
ID, ENGLISH, TEXT, ONE, MANY, STATE, MARK = 0, 2, 4, 5, 6, 7, 10
GREETING = """phrases:
  a.hello: {text: "Hello {name}, take *care*.", note: First thing}
  a.formula: "=1+1"
  a.hours: 24/7
  a.days: {one: "{count} day for {name}", other: "{count} days for {name}"}
  a.care: {text: Take care., translated: required}
"""


@pytest.fixture
def locales(tmp_path):
    """A Spanish file of these texts: one done, the others missing."""
    folder = tmp_path / "locales"
    merging.update(flows(GREETING), folder, ES)
    translated(folder, ("a.hello", "Hola {name}, *cuídese*."))
    return folder


def rows(locales, only="all", phrases=GREETING) -> list[list[str]]:
    """The exported table, as a spreadsheet holds it."""
    _, data = exported(flows(phrases), locales, ES, only)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def saved(table: list[list[str]]) -> bytes:
    """As the spreadsheet saves it."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(table)
    return out.getvalue().encode("utf-8-sig")


def take(locales, table, phrases=GREETING, *, replace=False) -> Intake:
    """Import a table."""
    return imported(flows(phrases), locales, ES, saved(table), now=NOW, replace=replace)


def filled(table, **cells: str) -> list[list[str]]:
    """The table with translations written into it, by the last part of the id."""
    for row in table:
        if (given := cells.get(row[ID].removeprefix("a."))) is not None:
            row[TEXT] = given
    return table


# ---------------------------------------------------------------- out


def test_the_table_has_what_a_translator_needs(locales):
    """Place, English, one column a plural form, state, required, note; nothing like a formula."""
    table = rows(locales)
    assert [row[:MARK] for row in table] == [
        ["id", "where", "English", "English plural", "translation", "translation for 1",
         "translation for 0, 2, 3 …", "state", "required", "note"],
        ["a.hello", "flows/phrases.yaml:2", "Hello {name}, take *care*.", "",
         "Hola {name}, *cuídese*.", "", "", "done", "", "First thing"],
        ["a.formula", "flows/phrases.yaml:3", "'=1+1", "", "", "", "", "missing", "", ""],
        ["a.hours", "flows/phrases.yaml:4", "'24/7", "", "", "", "", "missing", "", ""],
        ["a.days", "flows/phrases.yaml:5", "{count} day for {name}", "{count} days for {name}",
         "", "", "", "missing", "", ""],
        ["a.care", "flows/phrases.yaml:6", "Take care.", "", "", "", "", "missing", "required", ""],
    ]  # fmt: skip
    assert table[0][MARK] == "mark (leave as it is)"
    assert all(row[MARK].split()[0] == row[STATE] for row in table[1:])


def test_only_what_is_asked_for_is_exported(locales):
    """And a fuzzy row shows what its translation was made from."""
    changed = GREETING.replace("Hello", "Good day")
    fuzzy = rows(locales, "fuzzy", changed)
    assert [row[ID] for row in fuzzy[1:]] == ["a.hello"]
    assert fuzzy[1][9] == ("First thing\nThe translation was made from: Hello {name}, take *care*.")
    assert [row[ID] for row in rows(locales, "missing")[1:]] == [
        "a.formula", "a.hours", "a.days", "a.care",
    ]  # fmt: skip


def test_forms_are_named_by_the_numbers_that_take_them(tmp_path):
    """Also where a language has six of them."""
    _, data = exported(flows(GREETING), tmp_path, merging.language_of("ar"))
    header = next(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert header[TEXT : TEXT + 7] == [
        "translation", "translation for 0", "translation for 1", "translation for 2",
        "translation for 3, 4, 5 …", "translation for 100, 101, 102 …",
        "translation for 11, 12, 13 …",
    ]  # fmt: skip


# ---------------------------------------------------------------- round trips


def test_an_untouched_table_changes_no_byte(locales):
    """Whatever its separator."""
    before = po(locales)
    assert take(locales, rows(locales)) == Intake([], 5, [])
    assert po(locales) == before


def test_the_shipped_spanish_comes_back_byte_by_byte(tmp_path):
    """Every text of the project, through every separator; also with its marks gone."""
    shipped, _ = load(ROOT / "flows")
    folder = tmp_path / "locales"
    merging.path_of(folder, ES).parent.mkdir(parents=True)
    before = merging.path_of(ROOT / "locales", ES).read_bytes()
    merging.path_of(folder, ES).write_bytes(before)
    for separator in ("comma", "semicolon", "tab"):
        count, data = exported(shipped, folder, ES, "all", separator)
        assert count == len(shipped.texts) > 300
        assert imported(shipped, folder, ES, data, now=NOW) == Intake([], count, [])
    table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter="\t"))
    bare = saved([row[:MARK] for row in table])
    assert imported(shipped, folder, ES, bare, now=NOW) == Intake([], count, [])
    assert merging.path_of(folder, ES).read_bytes() == before


def test_new_translations_are_taken_and_a_second_time_they_stay(locales):
    """Required, plural and guarded ones; the header notes the day; `update` changes nothing."""
    table = filled(rows(locales), formula="'=2", hours="'24/7", care="Cuídese.")
    for row in table:
        if row[ID] == "a.days":
            row[ONE], row[MANY] = "Un día para {name}", "{count} días para {name}"
    found = take(locales, table)
    assert found.problems == []
    assert ([change.ctx for change in found.changes], found.stayed) == (
        ["a.formula", "a.hours", "a.days", "a.care"], 1,
    )  # fmt: skip
    now = flows(GREETING)
    assert shown(locales, now, "a.formula") == ("=2",)
    assert shown(locales, now, "a.hours") == ("24/7",)
    assert shown(locales, now, "a.days") == ("Un día para {name}", "{count} días para {name}")
    assert progress(now, locales, ES).done == 5
    assert '"PO-Revision-Date: 2026-11-23 09:05+0000\\n"' in po(locales)
    before = po(locales)
    assert take(locales, table) == Intake([], 5, [])
    merging.update(now, locales, ES)
    assert po(locales) == before


def test_an_empty_cell_takes_nothing_away(locales):
    """A translator who sends only her own rows, or none, deletes nobody's work."""
    assert take(locales, filled(rows(locales), hello="")) == Intake([], 5, [])
    assert take(locales, rows(locales)[:1]) == Intake([], 0, [])
    assert "Hola {name}" in po(locales)


def test_a_table_begins_a_language(tmp_path):
    """There need be no PO file yet."""
    table = filled(rows(tmp_path), care="Cuídese.")
    assert [change.ctx for change in take(tmp_path, table).changes] == ["a.care"]
    assert shown(tmp_path, flows(GREETING), "a.care") == ("Cuídese.",)


# ---------------------------------------------------------------- states


def fuzzy_state(locales, cell: str, text: str | None = None) -> tuple[bool, str]:
    """Import the fuzzy row of a changed English text; whether it is fuzzy then, and its words."""
    changed = GREETING.replace("Hello", "Good day")
    table = rows(locales, "fuzzy", changed)
    table[1][STATE] = cell
    table[1][TEXT] = text or table[1][TEXT]
    assert take(locales, table, changed).problems == []
    catalog = merging.merged(flows(changed), merging.opened(locales, ES), ES)
    (message,) = [each for each in catalog if each.context == "a.hello"]
    return message.fuzzy, message.string


@pytest.mark.parametrize(
    ("cell", "text", "fuzzy"),
    [
        ("fuzzy", None, True),
        ("done", None, False),
        ("", None, False),
        ("fuzzy", "Buen día {name}, *cuídese*.", False),
        ("Done ", "Buen día {name}, *cuídese*.", False),
    ],
)
def test_a_fuzzy_row_is_done_once_a_person_has_said_so_or_changed_it(locales, cell, text, fuzzy):
    """An untouched one stays fuzzy: stale words are never shown."""
    assert fuzzy_state(locales, cell, text) == (fuzzy, text or "Hola {name}, *cuídese*.")


def test_a_done_row_can_be_marked_fuzzy(locales):
    """Somebody has a doubt."""
    table = rows(locales)
    table[1][STATE] = "fuzzy"
    assert [change.fuzzy for change in take(locales, table).changes] == [True]
    assert shown(locales, flows(GREETING), "a.hello") is None


# ---------------------------------------------------------------- the flows moved on


def test_english_that_changed_since_makes_the_row_fuzzy(locales):
    """With the words it was made from, so that the next person can compare."""
    table = filled(rows(locales), care="Cuídese.")
    changed = GREETING.replace("Take care.", "Take good care.")
    found = take(locales, table, changed)
    assert [(c.row, c.ctx, c.made_from) for c in found.changes] == [(6, "a.care", ("Take care.",))]
    assert found.problems == []
    assert '#, fuzzy\n#| msgid "Take care."\nmsgctxt "a.care"\nmsgid "Take good care."\n' in po(
        locales
    )
    assert shown(locales, flows(changed), "a.care") is None


def test_a_text_that_got_a_plural_since_is_fuzzy_in_all_its_forms(locales):
    """The old table has one column for it, the new catalogue two."""
    table = filled(rows(locales), care="Cuídese.")
    changed = GREETING.replace("text: Take care.", 'one: Take care., other: "Take care, {count}."')
    assert take(locales, table, changed).problems == []
    assert 'msgstr[0] "Cuídese."\nmsgstr[1] "Cuídese."' in po(locales)
    assert shown(locales, flows(changed), "a.care") is None


def test_an_old_table_never_rolls_newer_work_back(locales):
    """Untouched rows say nothing; a touched one is refused, and taken only when told so."""
    old = rows(locales)
    take(locales, filled(rows(locales), hello="Buenas, {name}: *cuídese*."))
    before = po(locales)
    assert take(locales, old) == Intake([], 5, [])
    mine = filled(old, hello="Saludos, {name}: *cuídese*.")
    assert take(locales, mine).problems == [
        (
            "row 2: a.hello: The translation in the catalogue was changed after this table "
            "was made. "
            "Delete this row, or import with --replace to take the words of the table."
        )
    ]
    assert po(locales) == before
    assert take(locales, mine, replace=True).problems == []
    assert shown(locales, flows(GREETING), "a.hello") == ("Saludos, {name}: *cuídese*.",)


def test_new_english_that_is_translated_already_is_left_alone(locales):
    """An older translation would take a right one away."""
    old = filled(rows(locales), care="Cuídese.")
    changed = GREETING.replace("Take care.", "Take good care.")
    take(locales, filled(rows(locales, phrases=changed), care="Cuídese bien."), changed)
    assert take(locales, old, changed).problems == [
        (
            "row 6: a.care: The English has changed since this table was made, and the new "
            "words are "
            "translated already. Delete this row."
        )
    ]
    assert shown(locales, flows(changed), "a.care") == ("Cuídese bien.",)


def test_a_table_from_before_a_rename_finds_the_renamed_step(tmp_path):
    """Through `was:`, as merging does."""
    old = "flow: main\nsteps: [{id: first, say: Hello., end: yes}]\n"
    _, data = exported(library(old), tmp_path, ES)
    table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    for row in table:
        if row[ID] == "main.first.say":
            row[TEXT] = "Hola."
    renamed = library(old.replace("id: first", "id: begin, was: first"))
    found = imported(renamed, tmp_path, ES, saved(table), now=NOW)
    assert ([change.ctx for change in found.changes], found.problems) == (["main.begin.say"], [])
    assert shown(tmp_path, renamed, "main.begin.say") == ("Hola.",)


# ---------------------------------------------------------------- what is refused


def test_every_problem_is_named_at_once_and_nothing_is_written(locales):
    """With the row as the spreadsheet numbers it, and what to do."""
    before = po(locales)
    hello, formula, hours, days, care = rows(locales)[1:]
    hello[TEXT] = "Hola {nombre}, *cuídese."
    days[ONE] = "Un día para {name}"
    care[TEXT], care[STATE] = "Cuídese.", "ready"
    strange = [*hours]
    strange[ID] = "a.hallo"
    hours[MANY] = "24 horas"
    nameless = [*formula]
    nameless[ID], nameless[TEXT] = "", "x"
    no_english = [*formula]
    no_english[ENGLISH], no_english[TEXT] = "", "y"
    table = [rows(locales)[0], hello, days, care, strange, hours, nameless, no_english, care,
             [*hello, "stray"]]  # fmt: skip
    assert take(locales, table).problems == [
        "row 2: a.hello: The translation lacks {name}. Write {name} where it belongs.",
        "row 2: a.hello: The translation has {nombre}, the English has not. Take it away.",
        "row 2: a.hello: A `*` is opened and not closed. Close it, or write \\* for the character.",
        "row 3: a.days: 1 of 2 forms are empty. Write all of them, or none.",
        "row 4: a.care: The state is `ready`. Write `done` or `fuzzy`.",
        (
            "row 5: a.hallo: No flow has this text. Did you mean a.hello? Mend the id, or "
            "delete the "
            "row."
        ),
        "row 6: a.hours: The translation stands in the wrong column. Write it in `translation`.",
        "row 7: (no id): No flow has this text. Mend the id, or delete the row.",
        (
            "row 8: a.formula: The English is missing. Export it again: a translation "
            "belongs to its "
            "English."
        ),
        "row 9: a.care: This text is in row 4 already. Delete one of the two.",
        "row 10: There are more cells than columns. Look for a stray separator or quote.",
    ]
    assert po(locales) == before


def test_a_plural_may_leave_the_number_out_but_nothing_else(locales):
    """“One day” needs no figure."""
    table = rows(locales)
    days = next(row for row in table if row[ID] == "a.days")
    days[ONE], days[MANY] = "Un día", "{count} días para {name}"
    assert take(locales, table).problems == [
        "row 5: a.days: The translation lacks {name}. Write {name} where it belongs."
    ]


def test_missing_columns_are_named(locales):
    """All of them; the columns that only explain may go."""
    table = [[row[ID], row[ENGLISH], row[TEXT]] for row in rows(locales)]
    assert take(locales, table).problems == [
        (
            "row 1: These columns are missing: `English plural`, `translation for 1`, "
            "`translation for "
            "0, 2, 3 …`. Export it again, and keep the first row."
        )
    ]
    assert take(locales, []).problems == ["The file has no rows. Export it again."]
    needed = (ID, ENGLISH, 3, TEXT, ONE, MANY)
    assert take(locales, [[row[at] for at in needed] for row in rows(locales)]).problems == []


def test_a_plural_rule_that_cannot_be_read_is_said(tmp_path):
    """The columns would have no names."""
    locales = begun(tmp_path)
    path = merging.path_of(locales, ES)
    path.write_text(po(locales).replace("plural=(n != 1)", "plural=nonsense"), "utf-8")
    with pytest.raises(merging.BrokenCatalogue, match="plural rule that cannot be read"):
        exported(flows(PHRASES), locales, ES)
