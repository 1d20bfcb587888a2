"""What DATABASE_URL may say. It decides nothing but that."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from .refused import StartupRefused

Journal = Literal["auto", "wal", "delete"]
_WORKS = (
    "Use sqlite:///waymark.db (a path beside the program) or sqlite:////var/lib/waymark/waymark.db."
)


@dataclass(frozen=True, slots=True)
class Location:
    """A SQLite file, and which journal it shall have."""

    path: Path
    journal: Journal = "auto"


def parse_url(url: str) -> Location:
    """``sqlite:///relative.db`` or ``sqlite:////absolute.db``, with ``?journal=wal|delete`` if
    wanted.

    Raises StartupRefused in one sentence that names what works. The URL itself is not repeated, as
    it may carry a password.
    """
    parts = urlsplit(url)
    if parts.scheme.split("+")[0] in ("postgresql", "postgres"):
        msg = f"PostgreSQL is not supported yet, so DATABASE_URL must name a SQLite file. {_WORKS}"
        raise StartupRefused(msg)
    nameless = parts.path in ("", "/")
    if parts.scheme != "sqlite" or parts.netloc or parts.fragment or nameless:
        msg = f"DATABASE_URL does not name a SQLite file. {_WORKS}"
        raise StartupRefused(msg)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    journal = options.pop("journal", "auto")
    if options or journal not in ("auto", "wal", "delete"):
        msg = "DATABASE_URL may only carry ?journal=wal or ?journal=delete. Remove the rest."
        raise StartupRefused(msg)
    return Location(Path(unquote(parts.path[1:])), cast("Journal", journal))
