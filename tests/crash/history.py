"""The emulator's journal, made searchable: who typed what, what reached whom, which answers were
lost. It believes the journal and nothing else, and draws no conclusions.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.sandbox.journal import Entry

from .players import UNREADABLE

NUMBERED = re.compile(r"\b([st]\d+)-(\d{4,})\b")
FOR_US = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
SHOWING = frozenset({"sendMessage", "editMessageText"})


@dataclass(frozen=True, slots=True)
class Typed:
    """One numbered message as its author typed it."""

    author: str
    number: int
    bot: str
    chat: int
    message_id: int
    cause: str
    to: str = ""
    """The alias a staff member meant; empty for a survivor's words."""

    @property
    def name(self) -> str:
        """How it is called in findings."""
        return f"{self.author}-{self.number:04d}"


@dataclass(frozen=True, slots=True)
class Copy:
    """One message that the Bot API accepted, ``at`` microseconds since 1970. ``lost`` names the
    fault that kept its answer back.
    """

    n: int
    mono: float
    at: int
    bot: str
    chat: int
    message_id: int
    text: str
    lost: str = ""


@dataclass(slots=True)
class History:
    """Everything from the journal that the checks ask for."""

    typed: dict[tuple[str, int], Typed] = field(default_factory=dict)
    copies: dict[tuple[str, int], list[Copy]] = field(default_factory=lambda: defaultdict(list))
    """Per numbered message, the distinct messages that have shown it, in order."""
    screens: dict[tuple[int, str], list[Copy]] = field(default_factory=lambda: defaultdict(list))
    """New messages of the survivors' bot by chat and keyboard: a keyboard is drawn only once."""
    owed: dict[str, Entry] = field(default_factory=dict)
    """Confirmed updates that must have been applied, by cause."""
    buried: set[str] = field(default_factory=set)
    """Causes of confirmed updates that nobody can read."""
    made: dict[str, int] = field(default_factory=dict)
    """Every update that is for us, confirmed or not: its cause, and its chat."""
    presses: list[str] = field(default_factory=list)
    offered: set[str] = field(default_factory=set)
    """Callback data of every button that staff have been shown."""
    aliases: dict[str, int] = field(default_factory=dict)
    """The alias under which staff know a survivor, and her chat."""
    updates: int = 0
    errors: tuple[str, ...] = ()
    faults: int = 0


def study(journal: Iterable[Entry]) -> History:
    """Read the journal once, from its first line to its last."""
    history = History()
    created: dict[tuple[str, int], Entry] = {}
    errors: list[str] = []
    for entry in journal:
        match entry["event"]:
            case "update_created":
                history.updates += 1
                created[entry["bot"], entry["update_id"]] = entry
                if _is_for_us(entry):
                    history.made[cause_of(entry)] = entry["chat"]
                _typed(history, entry)
            case "updates_confirmed":
                for number in entry["update_ids"]:
                    _owed(history, created[entry["bot"], number])
            case "call" if entry["accepted"] and entry["method"] in SHOWING:
                _shown(history, entry)
            case "fault":
                history.faults += 1
            case "error":
                errors.append(entry["sentence"])
            case _:
                pass
    history.errors = tuple(errors)
    return history


def cause_of(entry: Entry) -> str:
    """What the bot must call this update."""
    return f"update:{entry['bot']}:{entry['update_id']}"


def _typed(history: History, entry: Entry) -> None:
    if entry["kind"] == "callback_query":
        history.presses.append(entry["data"])
    found = NUMBERED.match(entry.get("text") or "")
    if found is None:
        return
    author, number = found[1], int(found[2])
    history.typed[author, number] = Typed(
        author,
        number,
        entry["bot"],
        entry["chat"],
        entry["message_id"],
        cause_of(entry),
        entry["text"].partition(" for ")[2],
    )


def _is_for_us(entry: Entry) -> bool:
    return entry["kind"] in FOR_US and entry["person"] == entry["chat"] > 0


def _owed(history: History, entry: Entry) -> None:
    if _is_for_us(entry):
        history.owed[cause_of(entry)] = entry
    elif entry["kind"] == "raw" and entry["raw"] == UNREADABLE:
        history.buried.add(cause_of(entry))


def _shown(history: History, entry: Entry) -> None:
    text, markup = entry["text"] or "", json.dumps(entry["params"].get("reply_markup"))
    copy = Copy(
        n=entry["n"],
        mono=entry["mono"],
        at=int(entry["at"] * 1_000_000),
        bot=entry["bot"],
        chat=entry["chat"],
        message_id=entry["message_id"],
        text=text,
        lost="" if entry["answered"] else entry["fault"],
    )
    if entry["bot"] == "staff":
        history.offered.update(re.findall(r'"callback_data\\?": ?\\?"([^"\\]+)', markup))
    elif entry["method"] == "sendMessage" and "callback_data" in markup:
        history.screens[entry["chat"], markup].append(copy)
    for author, digits in NUMBERED.findall(text):
        key = (author, int(digits))
        typed = history.typed.get(key)
        if typed is None or typed.bot == entry["bot"]:
            continue  # her own words in a screen of hers, or words nobody typed
        if typed.bot == "survivor":
            history.aliases.setdefault(text.partition(":")[0].partition(" (")[0], typed.chat)
        if all(copy.message_id != other.message_id for other in history.copies[key]):
            history.copies[key].append(copy)
