"""Progress: exact figures of the file as it stands, and every open text at its line."""

from datetime import date

from bot.text import merging
from bot.text.progress import Progress, issues_of, progress
from tests.unit.flowdef.flows import library
from tests.unit.text.catalogues import ES, PHRASES, begun, flows, po, translated

DAYS = 'msgstr[0] ""\nmsgstr[1] ""'


def rewritten(locales, old: str, new: str) -> None:
    """The Spanish file with something changed by hand."""
    assert old in po(locales)
    merging.path_of(locales, ES).write_text(po(locales).replace(old, new), "utf-8")


def test_the_figures_of_a_language_are_exact(tmp_path):
    """Done, fuzzy, missing, obsolete and required ones; a plural with an empty form is missing."""
    locales = begun(tmp_path)
    translated(locales, ("a.second", "Segundas palabras"))
    rewritten(locales, DAYS, 'msgstr[0] "{count} día"\nmsgstr[1] ""')
    merging.update(flows(PHRASES.replace("Second words", "Other words")), locales, ES)
    rewritten(locales, "YEAR-MO-DA HO:MI+ZONE", "2026-11-21 10:30+0000")
    now = flows(PHRASES.replace("Second words", "Other words").replace("a.first", "a.renamed"))
    merging.update(now, locales, ES)
    assert progress(now, locales, ES) == Progress(
        language=ES,
        total=4,
        done=0,
        fuzzy=1,
        missing=3,
        obsolete=1,
        lacking=("a.care",),
        revised=date(2026, 11, 21),
    )
    assert not progress(now, locales, ES).offered


def test_a_language_is_offered_once_every_required_text_is_done(tmp_path):
    """Others may still be missing."""
    locales = begun(tmp_path)
    translated(locales, ("a.care", "Cuídese."))
    assert progress(flows(), locales, ES) == Progress(ES, 4, 2, 0, 2, 0, (), None)
    assert progress(flows(), locales, ES).offered
    rewritten(locales, 'msgctxt "a.care"', '#, fuzzy\nmsgctxt "a.care"')
    assert progress(flows(), locales, ES) == Progress(ES, 4, 1, 1, 2, 0, ("a.care",), None)


def test_other_english_counts_as_fuzzy_before_any_merging(tmp_path):
    """What the bot would not show is not done, whatever the file's flags say."""
    locales = begun(tmp_path)
    changed = flows(PHRASES.replace("First words", "Changed words"))
    assert progress(changed, locales, ES) == Progress(ES, 4, 0, 1, 3, 0, ("a.care",), None)


def test_a_language_without_a_file_has_everything_before_it(tmp_path):
    """Nothing is made by asking."""
    found = progress(flows(), tmp_path / "locales", ES)
    assert found == Progress(ES, 4, 0, 0, 4, 0, ("a.care",), None)
    assert not (tmp_path / "locales").exists()


def test_a_file_that_cannot_be_served_says_why(tmp_path):
    """In the words of the check."""
    locales = begun(tmp_path)
    rewritten(locales, "plural=(n != 1)", "plural=nonsense")
    found = progress(flows(), locales, ES)
    assert not found.offered
    assert "The plural rule in the header cannot be read." in found.broken
    merging.path_of(locales, ES).write_text("msgid broken\n", "utf-8")
    found = progress(flows(), locales, ES)
    assert (found.done, found.missing, found.offered) == (0, 4, False)
    assert "This line is not part of a PO file." in found.broken


def test_every_open_text_is_named_at_its_line(tmp_path):
    """Missing, fuzzy and obsolete, one by one; required ones are errors of another check."""
    locales = begun(tmp_path)
    now = flows(PHRASES.replace("First words", "Changed words").replace("a.days", "a.weeks"))
    rewritten(locales, DAYS, 'msgstr[0] "{count} día"\nmsgstr[1] "{count} días"')
    merging.update(now, locales, ES)
    lines = po(locales).splitlines()
    found = {issue.id: issue for issue in issues_of(now, locales, ES)}
    assert {ctx: (issue.rule, issue.severity) for ctx, issue in found.items()} == {
        "a.first": ("text_fuzzy", "warning"),
        "a.second": ("text_missing", "warning"),
        "a.weeks": ("text_missing", "warning"),
        "a.days": ("text_obsolete", "warning"),
    }
    for ctx, issue in found.items():
        assert issue.place.file == "locales/es/LC_MESSAGES/messages.po"
        at = issue.place.line
        assert lines[at - 1].removeprefix("#~ ").startswith("msgid"), ctx
        assert f'msgctxt "{ctx}"' in lines[at - 2]
    assert str(found["a.first"]).endswith(
        ": a.first: Fuzzy, so the English is shown: “Changed words”. "
        "Compare it with the English, mend it, and take the mark `fuzzy` away."
    )
    assert "Not translated: “Second words with 100% care, a line tha…”. Translate it." in str(
        found["a.second"]
    )


def test_a_renamed_text_is_told_apart_from_one_that_has_gone(tmp_path):
    """Its translation waits for `update`, and must not be dropped."""
    locales = tmp_path / "locales"
    old = "flow: main\nsteps: [{id: first, say: Hello., end: yes}]\n"
    merging.update(library(old), locales, ES)
    renamed = library(old.replace("id: first", "id: begin, was: first"))
    translated(locales, ("main.first.say", "Hola."))
    found = {issue.id: issue for issue in issues_of(renamed, locales, ES)}
    assert found["main.first.say"].what == "This text is now `main.begin.say`."
    assert found["main.begin.say"].todo == "Run `python -m bot update` first."
