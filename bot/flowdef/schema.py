"""JSON Schema for the files of a flows folder, so that an editor completes and underlines.

Made from the same tables that reading uses (keys, kinds, verbs, limits): a key that is added there
and not described here is an error at once. A schema sees one file at a time; whether targets and
names exist is for ``bot.flowdef.checks``.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from .fields import CLOCK, ID, SPAN
from .listing import LISTING_KEYS, MOST_ON_A_PAGE, MOST_WAYS, VERDICTS
from .load import FLOW_KEYS
from .model import ALWAYS_ON, DOORS, Confidence, Kind
from .registers import PHRASE_ID, SOURCE_ID, SOURCE_KEYS
from .resources import OPENING_KEYS, REGION, RESOURCE_ID, RESOURCE_KEYS, SMS_KEYS, TIME
from .steps import ANSWERS, CHOICE_KEYS, STEP_KEYS, VERBS, WAIVABLE

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
WORDS: Schema = {"type": ["string", "number"]}
FLAG: Schema = {"enum": ["yes", "no", True, False, "true", "false", "on", "off"]}
ORDER: Schema = {"enum": ["shuffled", "fixed"]}
WANTED: Schema = {"enum": ["required", "wanted"]}
DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


def files() -> Mapping[str, str]:
    """Each schema file's name and content."""
    made = {
        "flow": _flow(),
        "phrases": _phrases(),
        "resources": _register("resources", _resource()),
        "sources": _register("sources", _source()),
        "danger": _danger(),
    }
    return {
        f"{name}.json": json.dumps(_headed(name, schema), indent=1, ensure_ascii=False) + "\n"
        for name, schema in made.items()
    }


def _headed(name: str, schema: Schema) -> Schema:
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Waymark: {name}",
        "description": "Made by `python -m bot schema`; do not edit.",
        **schema,
    }


def _said(description: str, schema: Schema) -> Schema:
    return {**schema, "description": description}


def _object(
    keys: Mapping[str, Schema], required: Iterable[str] = (), known: Iterable[str] | None = None
) -> Schema:
    """An object of exactly these keys. ``known``: the keys that reading takes, to compare."""
    if known is not None and set(keys) != set(known):
        msg = f"The schema and the reader differ in: {sorted(set(keys) ^ set(known))}."
        raise ValueError(msg)
    return {
        "type": "object",
        "properties": dict(keys),
        "required": list(required),
        "additionalProperties": False,
    }


def _list(of: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": of, "minItems": least}


def _one_or_list(of: Schema) -> Schema:
    return {"anyOf": [of, _list(of)]}


def _matching(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^{pattern}$"}


def _number(low: int, high: int) -> Schema:
    digits = {"type": "string", "pattern": "^[0-9]+$"}
    return {"anyOf": [{"type": "integer", "minimum": low, "maximum": high}, digits]}


IDENTITY = _matching(ID.pattern)
SPAN_OF_TIME = _matching(SPAN.pattern)
KIND: Schema = {"enum": list(get_args(Kind))}
TARGET = _said("A step of this flow, another flow, or flow.step.", TEXT)


def _flow() -> Schema:
    review = _object({"by": TEXT, "jurisdiction": TEXT, "on": DAY, "until": DAY})
    removed = _object(
        {
            "id": _said("The step that is gone: its id, or flow.id.", TEXT),
            "moved_to": _said("Where the people who stand there go.", TEXT),
            "finish": _said("They finish on the old version.", FLAG),
            "note": TEXT,
        },
        ("id",),
    )
    word = _object({"id": {"enum": list(ALWAYS_ON)}, "text": TEXT, "also": TEXT, "note": TEXT})
    keys = {
        "flow": _said("The name of the file without `.yaml`.", IDENTITY),
        "title": _said("What people call this flow.", TEXT),
        "review": _said("Who looked at it, when, and until when that counts.", review),
        "parallel": _said("Flows of one name have the same steps at equal length.", IDENTITY),
        "steps": _said("The screens, in their usual order.", _list(_step(), 1)),
        "removed": _said("Steps that are gone, and where their people go.", _list(removed)),
        "words": _said("Only in always.yaml: words that work at every step.", _list(word)),
        "doors": _said(
            "Only in always.yaml: the system screens.", _object(dict.fromkeys(DOORS, TARGET))
        ),
        "note": _said("For translators.", TEXT),
    }
    return _object(keys, ("steps",), FLOW_KEYS)


def _step() -> Schema:
    keys = {
        "id": _said("Stays the same for ever; a rename needs `was`.", IDENTITY),
        "say": _said("The words of the screen, at most 60.", TEXT),
        "next": _said("Other words for the button that goes on.", TEXT),
        "choose": _said("Buttons, of which one is taken.", _list(_choice(), 1)),
        "choose_many": _said("Buttons that can be marked.", _choose_many()),
        "ask": _said("Words she types.", _ask()),
        "skip": _said("The button that passes over a question.", TEXT),
        "consent": _said("What she is asked to agree to: a short name.", IDENTITY),
        "for": _said("How long a consent holds: 30d.", SPAN_OF_TIME),
        "compare": _said("What each way can do about what she marked.", _compare()),
        "resources": _said("Places to call or write to.", _listing()),
        "handoff": _said("Hands her request to people.", _handoff()),
        "include": _said("Goes through another flow and comes back.", IDENTITY),
        "wait": _said("Goes on by itself after this time: 24h.", SPAN_OF_TIME),
        "end": _said("The flow ends here.", FLAG),
        "chat": _said("Only in always.yaml: the live talk.", FLAG),
        "save": _said("The name under which the choice is kept.", IDENTITY),
        "order": _said("Whether each person sees the buttons shuffled.", ORDER),
        "if_silent": _said(
            "Where it goes on when nothing happens.",
            _object({"after": SPAN_OF_TIME, "then": TARGET}, ("after", "then")),
        ),
        "back": _said("Whether Back is offered.", FLAG),
        "keep": _said("This screen may stay in the chat.", FLAG),
        "translated": _said("`required`: without it a language is not offered.", WANTED),
        "help": _said("More about this screen, for those who ask.", TEXT),
        "asked": _said("Questions it answers, as people put them, divided by |.", TEXT),
        "sources": _said("Ids from sources.yaml.", _one_or_list(_matching(SOURCE_ID.pattern))),
        "waive": _said(
            "Rules that need not hold here, each with the reason.",
            _object(dict.fromkeys(WAIVABLE, TEXT)),
        ),
        "when": _said("Shown only when this is true: `needs is answered`.", TEXT),
        "go": _said("What follows, instead of the next step.", TARGET),
        "was": _said("The id it had before.", TEXT),
        "note": _said("For translators.", TEXT),
    }  # fmt: skip
    return _object(keys, ("id",), STEP_KEYS)


def _choice() -> Schema:
    verbs = [
        f"{verb} {argument}".strip() for verb, taken in VERBS.items() for argument in taken or ("",)
    ]
    free = "|".join(verb for verb, taken in VERBS.items() if taken is None)
    keys = {
        "id": _said("Stays the same for ever.", IDENTITY),
        "text": _said("The words of the button, about 30 characters.", TEXT),
        "go": TARGET,
        "visit": _said("Goes there, and comes back once it is answered.", TEXT),
        "do": _said("What it does.", {"anyOf": [{"enum": verbs}, _matching(f"({free})( .+)?")]}),
        "value": _said("What is kept instead of the id.", WORDS),
        "hours": _said('Hours of the day: "08:00-12:00".', _one_or_list(_matching(CLOCK.pattern))),
        "alone": _said("Marking it takes the other marks away.", FLAG),
        "last": _said("Keeps its place at the end when shuffled.", FLAG),
        "negative": _said("It says no: typed words with a “not” may reach it.", FLAG),
        "note": _said("For translators.", TEXT),
    }
    return _object(keys, ("id", "text"), CHOICE_KEYS)


def _choose_many() -> Schema:
    keys = {
        "save": IDENTITY,
        "at_least": _number(0, 99),
        "at_most": _number(1, 99),
        "choices": _list(_choice(), 1),
    }
    return _object(keys, ("save", "choices"))


def _ask() -> Schema:
    keys = {
        "save": IDENTITY,
        "as": _said("What is typed; a question is not kept.", {"enum": list(ANSWERS)}),
        "from": _said("The earliest day (or `today`), or the least number.", WORDS),
        "to": _said("The latest day (or `today`), or the greatest number.", WORDS),
        "max_length": _number(1, 2000),
        "skip": TEXT,
    }
    question: Schema = {"properties": {"as": {"const": "question"}}, "required": ["as"]}
    return {**_object(keys), "anyOf": [{"required": ["save"]}, question]}


def _compare() -> Schema:
    cell = _object(
        {
            "is": {"enum": list(VERDICTS)},
            "say": TEXT,
            "sources": _one_or_list(_matching(SOURCE_ID.pattern)),
        },
        ("is", "say"),
    )
    row = {"type": "object", "properties": {"id": IDENTITY}, "required": ["id"]}
    keys = {
        "by": _said("The saved answer whose marks are compared.", IDENTITY),
        "ways": _said("The flows that are compared.", _list(IDENTITY, 1) | {"maxItems": MOST_WAYS}),
        "rows": _said(
            "One row for each mark, with a cell for each way.",
            _list({**row, "additionalProperties": cell}),
        ),
    }  # fmt: skip
    return _object(keys, ("by", "ways", "rows"))


def _listing() -> Schema:
    for_each = {"type": "object", "additionalProperties": _one_or_list(KIND)}
    keys = {
        "kinds": _said("What the lines are for.", _one_or_list(KIND)),
        "kinds_from": _said("A saved answer whose marks are kinds.", IDENTITY),
        "kinds_for": _said("A mark that is no kind: the kinds that stand for it.", for_each),
        "region_from": _said(
            "Saved answers that say where she is: the country, or [state, country].",
            _one_or_list(IDENTITY),
        ),
        "reach_from": _said("A saved answer whose marks are ways of reaching a line.", IDENTITY),
        "most": _said("How many stand on one page.", _number(1, MOST_ON_A_PAGE)),
    }
    return _object(keys, (), LISTING_KEYS)


def _handoff() -> Schema:
    keys = {
        "queue": IDENTITY,
        "share": _said("Saved names she agrees to share.", _one_or_list(TEXT)),
        "consent": IDENTITY,
        "hours": IDENTITY,
        "zone": IDENTITY,
        "urgency": {"enum": ["normal", "high"]},
    }
    return _object(keys, ("queue", "share"))


def _phrases() -> Schema:
    long = _object({"text": TEXT, "one": TEXT, "other": TEXT, "translated": WANTED, "note": TEXT})
    by_language = {"type": "object", "additionalProperties": _one_or_list(TEXT)}
    return _object(
        {
            "phrases": {
                "type": "object",
                "propertyNames": _matching(PHRASE_ID.pattern),
                "additionalProperties": {"anyOf": [TEXT, long]},
            },
            "charged": _said("Words that no locked phone may show, by language.", by_language),
            "never": _said("Words that are said nowhere, by language.", by_language),
            "unheard": _said("Words that say nothing about a question, by language.", by_language),
            "faint": _said("Words that say little about it, by language.", by_language),
            "alike": _said("What means the same in a question: `police = cops`.", by_language),
            "sounds": _said("Letters that people write for others: `v = b`.", by_language),
        }
    )


def _register(name: str, entry: Schema) -> Schema:
    return _object({name: _list(entry)}, (name,))


def _resource() -> Schema:
    keys: dict[str, Schema] = dict.fromkeys(RESOURCE_KEYS, WORDS)
    by_language = {"anyOf": [WORDS, {"type": "object", "additionalProperties": WORDS}]}
    texting = _object({"to": WORDS, "write": by_language}, ("to",), SMS_KEYS)
    web, seen = _matching("https://.+"), _matching("[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
    keys["id"] = _matching(RESOURCE_ID.pattern)
    keys["name"] = _said("What people call it.", TEXT)
    keys["region"] = _said("A country or a part of it: US, US-NY.", _matching(REGION.pattern))
    keys["phone"] = _said("As it is dialled in that country.", WORDS)
    keys["sms"] = _said("A number, or the word to send to it.", {"anyOf": [WORDS, texting]})
    keys["press"] = _said("The key for a language, in a call: {es: 2}.", by_language)
    keys["whatsapp"] = _said("A number, or one by language.", by_language)
    keys["chat"] = _said("Where one can write in a browser.", web)
    keys["tty"] = _said("For text by telephone, or by a relay service.", WORDS)
    keys["video"] = _said("For sign language by videophone.", WORDS)
    keys["web"] = _said("A page about it.", web)
    keys["hours"] = _said("`24/7`, or words.", TEXT)
    keys["open"] = _said("The same for the program, to say whether it is open.", _opening())
    keys["kind"] = _said("What it is for.", _one_or_list(KIND))
    keys["languages"] = _said("Their tags: en, es.", _one_or_list(TEXT))
    keys["interpreters"] = _said("Whether other languages are interpreted.", FLAG)
    keys["may_call"] = _said("May send help or pass on details without asking.", FLAG)
    keys["caution"] = _said("The same in words for this line.", TEXT)
    keys["verified"] = _said("The day or month of the page where it was seen.", seen)
    keys["review_by"] = _said("The day by which a person looks at it again.", DAY)
    return _object(keys, ("id", "name", "region", "kind", "review_by"), RESOURCE_KEYS)


def _opening() -> Schema:
    keys = {
        "zone": _said("The zone of its clock: America/New_York.", TEXT),
        "days": _said("mon-fri, or a list.", _one_or_list(TEXT)),
        "from": _matching(TIME.pattern),
        "to": _matching(TIME.pattern),
    }
    return _one_or_list(_object(keys, OPENING_KEYS, OPENING_KEYS))


def _source() -> Schema:
    keys: dict[str, Schema] = dict.fromkeys(SOURCE_KEYS, WORDS)
    keys["id"] = _matching(SOURCE_ID.pattern)
    keys["confidence"] = {"enum": list(get_args(Confidence))}
    keys["seen"] = keys["review_by"] = DAY
    keys["supports"] = _said("What it says, with unit, population and year.", TEXT)
    return _object(keys, ("id", "title"), SOURCE_KEYS)


def _danger() -> Schema:
    rule = _object(
        {"id": IDENTITY, "phrases": _list(TEXT, 1), "not_when": _list(TEXT), "note": TEXT},
        ("id", "phrases"),
    )
    return _object({"language": TEXT, "rules": _list(rule)}, ("rules",))
