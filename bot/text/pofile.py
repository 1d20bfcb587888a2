"""PO files as bytes: what Babel writes, made repeatable, with the old English by fuzzy texts.

Babel writes two header lines that change on every run, breaks ``#|`` lines in the middle of strings
and reads them back as ordinary comments; that is mended here and known nowhere else.
"""

import re
from io import BytesIO

from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.pofile import denormalize, normalize, write_po

WIDTH = 100
GUESSED_FLAGS = {"python-format", "python-brace-format"}
"""Babel guesses them from the words; our placeholders are neither."""

VARYING = re.compile(r'^"(?:POT-Creation-Date|Generated-By): .*\\n"\n', re.MULTILINE)
PREVIOUS = "|"
PREVIOUS_ID = re.compile(r'\|\s*(msgid|msgid_plural)?\s*(".*")')


def as_bytes(catalog: Catalog) -> bytes:
    """The file. The same catalogue always gives the same bytes."""
    out = BytesIO()
    write_po(out, catalog, width=WIDTH)
    text = VARYING.sub("", out.getvalue().decode("utf-8"))
    for message in catalog:
        if message.previous_id and message.context:
            context = f"msgctxt {normalize(message.context, width=WIDTH)}\n"
            text = text.replace(f"\n{context}", f"\n{_previous(message)}{context}", 1)
    return (text.rstrip("\n") + "\n").encode()


def _previous(message: Message) -> str:
    words = ("msgid", "msgid_plural")
    return "".join(
        f"#| {word} {normalize(english, prefix='#| ', width=WIDTH)}\n"
        for word, english in zip(words, message.previous_id, strict=False)
    )


def previous_id(message: Message) -> tuple[str, ...]:
    """The English a fuzzy translation was made from, as read back; empty when none is noted."""
    found: list[list[str]] = []
    for comment in message.user_comments:
        parts = PREVIOUS_ID.fullmatch(comment)
        if parts is None:
            continue
        if parts[1]:
            found.append([])
        if found:
            found[-1].append(parts[2])
    return tuple(denormalize("\n".join(['""', *lines])) for lines in found)


def own_comments(message: Message) -> list[str]:
    """What translators wrote, without the lines that note the previous English."""
    return [each for each in message.user_comments if not each.startswith(PREVIOUS)]


def ids_of(message: Message) -> tuple[str, ...]:
    """The English of an entry: one text, or the singular and the general one."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def forms_of(message: Message) -> tuple[str, ...]:
    """The translation of an entry: one text, or one a plural form; empty texts where none is."""
    strings = (message.string,) if isinstance(message.string, str) else message.string or ("",)
    return tuple(string or "" for string in strings)
