"""Settings from the environment: every problem at once, in words, and nothing starts.

``Settings.from_env`` is pure: it takes a mapping and returns settings or raises with all problems.
Only ``app`` and ``__main__`` import this module; everyone else receives values.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

TELEGRAM = "https://api.telegram.org"
KNOWN = (
    "WAYMARK_SURVIVOR_TOKEN",
    "WAYMARK_STAFF_TOKEN",
    "WAYMARK_API_URL",
    "WAYMARK_KEYSTORE",
    "WAYMARK_LEADS",
    "WAYMARK_STAFF_GROUP",
    "WAYMARK_PUBLIC_URL",
    "WAYMARK_WEBHOOK_SECRET",
    "WAYMARK_HOME",
    "WAYMARK_FLOWS",
    "WAYMARK_LOCALES",
    "WAYMARK_PACING",
)
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_HOME = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3}){0,2}")
_LARGEST_ID = 2**52


class SettingsError(Exception):
    """Some settings cannot be used. The message lists every problem, and never a secret."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment decides. Secrets have no repr."""

    survivor_token: str = field(repr=False)
    staff_token: str = field(repr=False)
    api_url: str
    database_url: str
    keystore: Path
    leads: frozenset[int] = field(repr=False)
    staff_group: int | None = field(repr=False)
    public_url: str
    webhook_secret: str = field(repr=False)
    home: str
    port: int
    flows: Path
    locales: Path
    pacing: Literal["telegram", "none"]

    @classmethod
    def from_env(cls, env: Mapping[str, str], *, bots: bool = True) -> "Settings":
        """Settings from a mapping. ``bots`` False: for commands that need no tokens.

        Raises SettingsError with every problem, one a line.
        """
        return _Reader(env, bots=bots).read()


class _Reader:
    def __init__(self, env: Mapping[str, str], *, bots: bool) -> None:
        self._env = env
        self._bots = bots
        self._problems: list[str] = []

    def read(self) -> Settings:
        for name in sorted(self._env):
            if name.startswith("WAYMARK_") and name not in KNOWN:
                near = get_close_matches(name, KNOWN, 1)
                hint = f" Did you mean {near[0]}?" if near else ""
                self._problems.append(f"{name} is not a setting of Waymark.{hint} Remove it.")
        settings = Settings(
            survivor_token=self._token("WAYMARK_SURVIVOR_TOKEN", "survivors' bot"),
            staff_token=self._token("WAYMARK_STAFF_TOKEN", "staff bot"),
            api_url=self._api_url(),
            database_url=self._env.get("DATABASE_URL") or "sqlite:///waymark.db",
            keystore=Path(self._env.get("WAYMARK_KEYSTORE") or "waymark.keys"),
            leads=self._leads(),
            staff_group=self._group(),
            public_url=self._public_url(),
            webhook_secret=self._secret(),
            home=self._matching("WAYMARK_HOME", "US-NY", _HOME, "a region such as US-NY"),
            port=self._port(),
            flows=Path(self._env.get("WAYMARK_FLOWS") or "flows"),
            locales=Path(self._env.get("WAYMARK_LOCALES") or "locales"),
            pacing=self._pacing(),
        )
        if (
            self._bots
            and settings.survivor_token
            and (settings.survivor_token == settings.staff_token)
        ):
            self._problems.append(
                "WAYMARK_SURVIVOR_TOKEN and WAYMARK_STAFF_TOKEN are the same. "
                "Make two bots with @BotFather: who leaks one must not open the other."
            )
        if self._problems:
            raise SettingsError("\n".join(self._problems))
        return settings

    def _token(self, name: str, whose: str) -> str:
        value = self._env.get(name, "")
        if not self._bots:
            return value
        if not value:
            self._problems.append(
                f"{name} is missing. Set it to the token of the {whose}, from @BotFather."
            )
        elif not _TOKEN.fullmatch(value):
            self._problems.append(
                f"{name} does not look like a token. It is digits, a colon, then letters, as "
                "@BotFather gives it."
            )
        return value

    def _matching(self, name: str, default: str, form: re.Pattern[str], what: str) -> str:
        value = self._env.get(name) or default
        if not form.fullmatch(value):
            self._problems.append(f"{name} must be {what}.")
        return value

    def _api_url(self) -> str:
        value = (self._env.get("WAYMARK_API_URL") or TELEGRAM).rstrip("/")
        if not _is_https_or_loopback(value):
            self._problems.append(
                "WAYMARK_API_URL must start with https:// (plain http only on this machine, for "
                "example http://127.0.0.1:8081): the token is part of every address."
            )
        return value

    def _public_url(self) -> str:
        value = (self._env.get("WAYMARK_PUBLIC_URL") or "").rstrip("/")
        if value and not _is_https_or_loopback(value):
            self._problems.append(
                "WAYMARK_PUBLIC_URL must start with https://, because Telegram sends survivors' "
                "words to it (plain http only on this machine)."
            )
        return value

    def _secret(self) -> str:
        value = self._env.get("WAYMARK_WEBHOOK_SECRET", "")
        if self._env.get("WAYMARK_PUBLIC_URL") and not value:
            self._problems.append(
                "WAYMARK_WEBHOOK_SECRET is missing. With WAYMARK_PUBLIC_URL anybody could post "
                "updates; set it to 32 or more random letters and digits."
            )
        elif value and not _SECRET.fullmatch(value):
            self._problems.append(
                "WAYMARK_WEBHOOK_SECRET may hold 1 to 256 letters, digits, _ and - only."
            )
        return value

    def _leads(self) -> frozenset[int]:
        found = set()
        for part in (self._env.get("WAYMARK_LEADS") or "").split(","):
            if not part.strip():
                continue
            value = _integer(part)
            if value is None or not 0 < value <= _LARGEST_ID:
                self._problems.append(
                    "WAYMARK_LEADS must be Telegram user ids, whole numbers with commas between."
                )
                break
            found.add(value)
        return frozenset(found)

    def _group(self) -> int | None:
        value = self._env.get("WAYMARK_STAFF_GROUP", "").strip()
        number = _integer(value) if value else None
        if value and (number is None or number >= 0):
            self._problems.append(
                "WAYMARK_STAFF_GROUP must be the id of a group, a whole number below zero."
            )
        return number

    def _port(self) -> int:
        value = _integer(self._env.get("PORT") or "8080")
        if value is None or not 0 <= value <= 65535:  # noqa: PLR2004 - the range of ports
            self._problems.append("PORT must be a whole number from 0 to 65535.")
            return 0
        return value

    def _pacing(self) -> Literal["telegram", "none"]:
        value = self._env.get("WAYMARK_PACING") or "telegram"
        if value == "none":
            if self._api_url_is_telegrams():
                self._problems.append(
                    "WAYMARK_PACING=none is for load tests and is refused with Telegram's own "
                    "address. Remove it."
                )
            return "none"
        if value != "telegram":
            self._problems.append("WAYMARK_PACING must be telegram or none.")
        return "telegram"

    def _api_url_is_telegrams(self) -> bool:
        host = urlsplit(self._env.get("WAYMARK_API_URL") or TELEGRAM).hostname or ""
        return host == "telegram.org" or host.endswith(".telegram.org")


def _integer(text: str) -> int | None:
    stripped = text.strip()
    digits = stripped.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 20:  # noqa: PLR2004 - longer is no id
        return None
    return int(stripped)


def _is_https_or_loopback(url: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        return bool(host)
    return parts.scheme == "http" and is_loopback(host)


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
