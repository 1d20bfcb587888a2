"""Every SQL statement has a name, in a file, with a line that says what it is for. This module only
finds them; nothing else in the package contains SQL but the keystore and the opening of files.
"""

import re
from functools import cache
from importlib.resources import files

_HEAD = re.compile(r"^-- name: ([a-z_]+)$", re.MULTILINE)


def read(text: str, source: str) -> dict[str, str]:
    """The named queries of one file. Raises ValueError for one without description or given
    twice.
    """
    found: dict[str, str] = {}
    pieces = _HEAD.split(text)
    for name, body in zip(pieces[1::2], pieces[2::2], strict=True):
        lines = body.strip().splitlines()
        words = [line for line in lines if line.startswith("--")]
        sql = " ".join(line.strip() for line in lines if not line.startswith("--")).rstrip("; ")
        if not words or not sql or name in found:
            msg = f"{source}: {name} needs a line that says what it is for, its SQL, and one place."
            raise ValueError(msg)
        found[name] = sql
    return found


@cache
def queries() -> dict[str, str]:
    """All named queries. Raises ValueError when two files give the same name."""
    found: dict[str, str] = {}
    folder = files(__package__) / "sql"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".sql"):
            continue
        for name, sql in read(file.read_text(encoding="utf-8"), file.name).items():
            if name in found:
                msg = f"{file.name}: the query {name} is already in another file."
                raise ValueError(msg)
            found[name] = sql
    return found
