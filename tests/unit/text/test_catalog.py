"""PO files: whatever is in them, there are Issues and never an exception."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.catalog import LARGEST_FILE, Catalogues

PO = """msgid ""
msgstr ""
"Language: es\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgctxt "a.b"
msgid "One"
msgstr "Uno"
"""


def load(text: str, language: str = "es") -> Catalogues:
    """One catalogue from text."""
    return Catalogues.load_files({language: text.encode()})


def test_a_catalogue_is_read_from_bytes_and_from_a_folder(tmp_path):
    """The bytes are kept, to be published with the flows."""
    path = tmp_path / "locales" / "es" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO, "utf-8")
    found = Catalogues.load(tmp_path / "locales")
    assert found.languages == ("en", "es")
    assert found.by_language["es"].of("a.b", "One") == ("Uno",)
    assert found.by_language["es"].of("a.b", "Two") is None
    assert found.by_language["es"].of("a.c", "One") is None
    assert Catalogues.load_files(found.files).files == {"es": PO.encode()}


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (('msgstr "Uno"', "msgstr Uno"), "es:9:1: This line is not part of a PO file."),
        (('"Uno"', '"Uno\u2028dos"'), "es:9:1: This line is not part of a PO file."),
        (('msgid "One"', ' msgid "One"'), "es:8:1: This line is not part of a PO file."),
        (("Language: es", "Language: de"), "es:1:1: The header says Language: de."),
        (("(n != 1)", "n.__class__"), "es:1:1: The plural rule in the header cannot be read."),
        (("(n != 1)", "(" * 500 + "n" + ")" * 500), "es:1:1: The plural rule in the header"),
        (('\nmsgstr "Uno"', ""), "es:"),
    ],
)  # fmt: skip
def test_a_broken_catalogue_is_told_and_not_used(damage, message):
    """The language is not offered until it is mended."""
    assert damage[0] in PO
    found = load(PO.replace(*damage))
    told = [f"{i.id}:{i.place.line}:{i.place.column}: {i.what}" for i in found.issues]
    assert len(told) == 1
    assert told[0].startswith(message)
    assert found.languages == ("en",)


@pytest.mark.parametrize(
    "more",
    [
        '\n#~ msgctxt "a.c"\n#~ msgid "Old"\n#~ msgstr "Viejo"\n',
        '\n# A "remark \\ of a translator.\n',
        '\nmsgctxt "a.c"\nmsgid "A \\"word\\" \\\\ here"\nmsgstr ""\n"Una"  \n\t\n',
        "\n",
        "\n# The last line has no end",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_editors_write_is_read(more, end):
    """Obsolete texts, remarks, escapes, trailing blanks, and both ways to end a line."""
    found = load((PO + more).replace("\n", end))
    assert found.issues == ()
    assert found.by_language["es"].of("a.b", "One") == ("Uno",)


@pytest.mark.parametrize("language", ["klingon", "..", "", "e s", "es\x00"])
def test_a_folder_that_is_no_language_is_told(language):
    """Names of folders are input too."""
    found = load(PO, language)
    assert [issue.rule for issue in found.issues] == ["broken_catalogue"]
    assert found.languages == ("en",)


def test_a_catalogue_that_is_too_large_is_told():
    """Nobody translates sixteen megabytes."""
    found = Catalogues.load_files({"es": b"#" * (LARGEST_FILE + 1)})
    assert [issue.rule for issue in found.issues] == ["broken_catalogue"]


@given(st.binary(max_size=300))
def test_any_bytes_give_issues_and_no_exception(data):
    """A catalogue is read or refused."""
    Catalogues.load_files({"es": data})


@given(
    at=st.integers(0, len(PO) - 1), piece=st.sampled_from(['"', "\\", "msgid", "\n", "#~ ", "["])
)
def test_any_damage_gives_issues_and_no_exception(at, piece):
    """A real catalogue with something wrong in it."""
    load(PO[:at] + piece + PO[at + 1 :])
