"""Merging: by id path only, through `was:`, nothing lost, nothing guessed, nothing twice."""

from io import BytesIO

import pytest
from babel.messages.pofile import read_po, write_po

from bot.core.ids import Language
from bot.text import extract, merging
from tests.unit.flowdef.flows import library
from tests.unit.text.catalogues import ES, PHRASES, begun, flows, po, shown, translated


@pytest.fixture
def locales(tmp_path):
    """A folder with a template and a Spanish file in which one text is translated."""
    return begun(tmp_path)


def test_a_second_run_changes_nothing(locales):
    """Neither the template nor a file with translations, fuzzy and obsolete ones included."""
    changed = flows(PHRASES.replace("First words", "Other words").replace("  a.care", "  a.cared"))
    merging.update(changed, locales, ES)
    before, template = po(locales), (locales / "messages.pot").read_bytes()
    merging.update(changed, locales, ES)
    extract.extract(flows(), locales)
    assert po(locales) == before
    assert (locales / "messages.pot").read_bytes() == template


def test_changed_english_keeps_the_translation_as_fuzzy_with_the_old_words(locales):
    """The person who translates sees both; nobody else sees anything."""
    changed = flows(PHRASES.replace("First words", "Changed words"))
    merging.update(changed, locales, ES)
    assert (
        '#, fuzzy\n#| msgid "First words"\nmsgctxt "a.first"\nmsgid "Changed words"\n'
        'msgstr "Primeras palabras"\n'
    ) in po(locales)
    assert shown(locales, changed, "a.first") is None


def test_english_changed_twice_still_shows_what_the_translation_was_made_from(locales):
    """And when the old words come back, so does the translation."""
    merging.update(flows(PHRASES.replace("First words", "Second try")), locales, ES)
    merging.update(flows(PHRASES.replace("First words", "Third try")), locales, ES)
    assert '#| msgid "First words"\nmsgctxt "a.first"\nmsgid "Third try"' in po(locales)
    merging.update(flows(), locales, ES)
    assert shown(locales, flows(), "a.first") == ("Primeras palabras",)
    assert "fuzzy" not in po(locales)


def test_long_old_words_are_kept_whole(locales):
    """Babel alone would break them in the middle and read them back as a comment."""
    translated(locales, ("a.second", "Segundas palabras"))
    changed = flows(PHRASES.replace("Second words", "Other words"))
    merging.update(changed, locales, ES)
    merging.update(changed, locales, ES)
    assert '#, fuzzy\n#| msgid ""\n#| "Second words with 100% care, a line' in po(locales)
    assert '#| " be broken once"\nmsgctxt "a.second"\n' in po(locales)
    merging.update(flows(), locales, ES)
    assert shown(locales, flows(), "a.second") == ("Segundas palabras",)


def test_a_text_that_has_gone_is_obsolete_and_comes_back(locales):
    """Work of translators is not thrown away."""
    merging.update(flows(PHRASES.replace("a.first", "a.renamed")), locales, ES)
    assert '#~ msgctxt "a.first"\n#~ msgid "First words"\n#~ msgstr "Primeras palabras"' in po(
        locales
    )
    merging.update(flows(), locales, ES)
    assert shown(locales, flows(), "a.first") == ("Primeras palabras",)


def test_nothing_is_offered_because_it_looks_similar(locales):
    """A new text that reads almost like an old one is empty, not fuzzy."""
    near = flows(PHRASES + '  a.near: "First word"\n')
    merging.update(near, locales, ES)
    assert 'msgctxt "a.near"\nmsgid "First word"\nmsgstr ""\n' in po(locales)
    assert "fuzzy" not in po(locales)


def test_a_text_that_gets_a_plural_keeps_its_translation_as_fuzzy(locales):
    """In the shape the new text needs."""
    changed = flows(
        PHRASES.replace(
            "{text: First words, note:", '{one: "One word", other: "First words", note:'
        )
    )
    merging.update(changed, locales, ES)
    assert 'msgstr[0] "Primeras palabras"\nmsgstr[1] "Primeras palabras"' in po(locales)
    assert shown(locales, changed, "a.first") is None


def test_comments_and_header_of_translators_stay(locales):
    """The file is theirs."""
    path = locales / "es" / "LC_MESSAGES" / "messages.po"
    text = po(locales).replace("# Waymark", "# Needs review by a native advocate.\n# Waymark", 1)
    text = text.replace("FULL NAME <EMAIL@ADDRESS>", "A Person <a@example.org>")
    text = text.replace("#. On the first", "# checked twice\n#. On the first")
    path.write_text(text, "utf-8")
    merging.update(flows(), locales, ES)
    assert po(locales) == text


def test_a_broken_file_is_not_overwritten(locales):
    """The message says where it is broken."""
    path = locales / "es" / "LC_MESSAGES" / "messages.po"
    path.write_text("msgid broken\n", "utf-8")
    with pytest.raises(merging.BrokenCatalogue, match=r"messages\.po:1:1: es: This line"):
        merging.update(flows(), locales, ES)
    assert path.read_text("utf-8") == "msgid broken\n"


def test_obsolete_translations_can_be_dropped(locales):
    """Only when asked for."""
    gone = flows(PHRASES.replace("a.first", "a.renamed"))
    merging.update(gone, locales, ES)
    assert "#~ " in po(locales)
    merging.update(gone, locales, ES, drop_obsolete=True)
    assert "#~ " not in po(locales)
    assert "Primeras palabras" not in po(locales)


def test_a_plural_rule_that_translators_wrote_stays(locales):
    """Theirs may be newer than the one Babel knows; forms are counted by it."""
    path = merging.path_of(locales, ES)
    three = "nplurals=3; plural=n == 1 ? 0 : n == 1000000 ? 1 : 2;"
    path.write_text(po(locales).replace("nplurals=2; plural=(n != 1);", three), "utf-8")
    merging.update(flows(), locales, ES)
    assert f'"Plural-Forms: {three}\\n"' in po(locales)
    assert 'msgstr[2] ""' in po(locales)


def test_the_place_in_the_catalogue_is_the_flow_file_and_line(locales):
    """A translator finds the screen; a text that moved keeps its translation."""
    assert '#: flows/phrases.yaml:2\nmsgctxt "a.first"' in po(locales)
    moved = flows("# a comment\n" + PHRASES)
    merging.update(moved, locales, ES)
    assert '#: flows/phrases.yaml:3\nmsgctxt "a.first"' in po(locales)
    assert shown(locales, moved, "a.first") == ("Primeras palabras",)


# ---------------------------------------------------------------- was:

MAIN = """\
flow: main
title: The way
steps:
  - {id: first, say: Hello there., choose: [{id: onward, text: Go there, go: last}]}
  - {id: last, end: yes, say: The end.}
"""
OTHER = """\
flow: other
title: The way
steps:
  - id: first
    was: main.first
    say: Hello there.
    choose: [{id: onward, text: Go there, go: last}]
  - {id: last, was: main.last, end: yes, say: The end.}
"""
TRANSLATED = (
    ("main.title", "El camino"),
    ("main.first.say", "Hola."),
    ("main.first.choices.onward", "Ir"),
)


@pytest.fixture
def steps(tmp_path):
    """A folder with a Spanish file in which the first step of a flow is translated."""
    locales = tmp_path / "locales"
    merging.update(library(MAIN), locales, ES)
    translated(locales, *TRANSLATED)
    return locales


def test_a_renamed_step_keeps_all_its_translations(steps):
    """Through `was:`, and not fuzzy while the English is the same."""
    changed = library(MAIN.replace("{id: first,", "{id: begin, was: first,"))
    merging.update(changed, steps, ES)
    assert shown(steps, changed, "main.begin.say") == ("Hola.",)
    assert shown(steps, changed, "main.begin.choices.onward") == ("Ir",)
    assert "fuzzy" not in po(steps)
    assert "#~" not in po(steps)
    before = po(steps)
    merging.update(changed, steps, ES)
    assert po(steps) == before


def test_a_renamed_step_with_other_english_is_fuzzy_with_the_old_words(steps):
    """As a text that kept its id would be."""
    changed = library(
        MAIN.replace("{id: first, say: Hello there.", "{id: begin, was: first, say: Good day.")
    )
    merging.update(changed, steps, ES)
    assert (
        '#, fuzzy\n#| msgid "Hello there."\nmsgctxt "main.begin.say"\nmsgid "Good day."\n'
        'msgstr "Hola."\n'
    ) in po(steps)
    assert shown(steps, changed, "main.begin.choices.onward") == ("Ir",)


def test_without_was_a_renamed_step_begins_anew(steps):
    """The same English under another id is another text."""
    changed = library(MAIN.replace("{id: first,", "{id: begin,"))
    merging.update(changed, steps, ES)
    assert shown(steps, changed, "main.begin.say") is None
    assert '#~ msgctxt "main.first.say"' in po(steps)


def test_a_renamed_flow_keeps_its_translations_and_its_title(steps):
    """Each step says where it was; the title follows when they all came from one flow."""
    changed = library(OTHER)
    merging.update(changed, steps, ES)
    assert shown(steps, changed, "other.first.say") == ("Hola.",)
    assert shown(steps, changed, "other.first.choices.onward") == ("Ir",)
    assert shown(steps, changed, "other.title") == ("El camino",)
    assert "fuzzy" not in po(steps)
    assert "#~" not in po(steps)


def test_a_title_stays_with_a_flow_that_is_still_there(steps):
    """A step that only moved to another flow takes no title along."""
    stays = "flow: main\ntitle: The way\nsteps: [{id: new, end: yes}]\n"
    changed = library(stays, OTHER)
    merging.update(changed, steps, ES)
    assert shown(steps, changed, "other.first.say") == ("Hola.",)
    assert shown(steps, changed, "main.title") == ("El camino",)
    assert shown(steps, changed, "other.title") is None


def test_an_old_name_that_is_in_use_again_gives_nothing_away(steps):
    """`was` names a step that still exists: the translation belongs to that one."""
    again = "{id: begin, was: first, say: Hello there.}\n  - {id: first,"
    changed = library(MAIN.replace("{id: first,", again))
    merging.update(changed, steps, ES)
    assert shown(steps, changed, "main.first.say") == ("Hola.",)
    assert shown(steps, changed, "main.begin.say") is None


def test_a_translation_under_the_new_name_is_not_replaced_by_the_old(steps):
    """Work that was done after the rename counts."""
    changed = library(MAIN.replace("{id: first,", "{id: begin, was: first,"))
    old = po(steps)
    merging.update(changed, steps, ES)
    path = merging.path_of(steps, ES)
    start = old.index('#: flows/main.yaml:4\nmsgctxt "main.first.say"')
    left_over = old[start : old.index("\n\n", start)]
    path.write_text(po(steps).replace("Hola.", "Buenas.") + f"\n{left_over}\n", "utf-8")
    merging.update(changed, steps, ES)
    assert shown(steps, changed, "main.begin.say") == ("Buenas.",)
    assert '#~ msgstr "Hola."' in po(steps)


# ---------------------------------------------------------------- nothing is guessed


def both_ways(old: bytes, phrases: str) -> tuple[str, str]:
    """The same catalogue brought up to the same texts: by us, and by Babel alone."""
    new = flows(phrases)
    ours = merging.as_bytes(merging.merged(new, read_po(BytesIO(old), locale="es"), ES))
    theirs = read_po(BytesIO(old), locale="es")
    theirs.update(extract.template(new))
    out = BytesIO()
    write_po(out, theirs)
    return ours.decode(), out.getvalue().decode()


def test_a_new_text_like_an_old_one_is_empty_where_babel_offers_the_old_words(locales):
    """The nearest translation may be of the opposite sentence."""
    translated(locales, ("a.care", "Cuídese."))
    near = PHRASES.replace("  a.care: {text: Take care.", "  b.care: {text: Take no care.")
    ours, babels = both_ways(merging.path_of(locales, ES).read_bytes(), near)
    assert 'msgctxt "b.care"\nmsgid "Take no care."\nmsgstr ""\n' in ours
    assert 'msgctxt "b.care"\nmsgid "Take no care."\nmsgstr "Cuídese."\n' in babels


def test_changed_english_keeps_its_translation_where_babel_drops_it(locales):
    """What was translated is the best start, however much the English has changed."""
    other = PHRASES.replace("First words", "Something quite different")
    ours, babels = both_ways(merging.path_of(locales, ES).read_bytes(), other)
    kept = 'msgid "Something quite different"\nmsgstr "Primeras palabras"\n'
    dropped = 'msgid "Something quite different"\nmsgstr ""\n'
    assert f'#, fuzzy\n#| msgid "First words"\nmsgctxt "a.first"\n{kept}' in ours
    assert f'msgctxt "a.first"\n{dropped}' in babels


# ---------------------------------------------------------------- languages


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("en", "English is written in the flow files. Change it there, then run `extract`."),
        ("xx", "`xx` is not the tag of a language. Write for example es or pt-BR."),
        ("es_MX", "`es_MX` is not the tag of a language. Did you mean es-MX?"),
        ("ES", "`ES` is not the tag of a language. Did you mean es?"),
        ("../es", "`../es` is not the tag of a language. Write for example es or pt-BR."),
    ],
)
def test_what_is_no_language_is_refused_in_words(tag, words):
    """Before a folder of that name is made."""
    with pytest.raises(merging.NotALanguage) as refused:
        merging.language_of(tag)
    assert str(refused.value) == words


def test_all_languages_of_a_folder_are_found(locales):
    """By their files."""
    merging.update(flows(), locales, Language("pt-BR"))
    (locales / "notes").mkdir()
    assert merging.languages_in(locales) == ("es", "pt-BR")
    assert merging.language_of("pt-BR") == "pt-BR"
