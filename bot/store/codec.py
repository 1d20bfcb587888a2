"""Values of the core as bytes and back, exactly. It decides the form of what is inside a seal, and
must not know where it is stored. Compact JSON: short tags, arrays in field order, no defaults left
out, so that a new field is a new form and cannot be missed.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, assert_never

from bot.core.case import Case, Shared
from bot.core.ids import CaseId, Language, PersonId, Ref
from bot.core.message import Button, Call, Content, Edit, Entity, Photo, Send, Tidy
from bot.core.rules import Hours

from .protocol import ConsentRecord
from .times import maybe_micros, maybe_moment, micros, moment


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    msg = f"{type(value).__name__} is not a JSON value, so it cannot be stored."
    raise TypeError(msg)


_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"), default=_plain
).encode
_decode = json.JSONDecoder().decode


def dump(value: object) -> bytes:
    """JSON values as bytes. Lone surrogates survive. Raises TypeError for anything else."""
    return _encode(value).encode("utf-8", "surrogatepass")


def load(data: bytes) -> Any:  # noqa: ANN401 - JSON values
    """The inverse of :func:`dump`."""
    return _decode(data.decode("utf-8", "surrogatepass"))


# ------------------------------------------------------------------------------------------ calls


def _content(content: Content) -> list[object]:
    return [
        content.text,
        [[e.kind, e.offset, e.length, e.url] for e in content.entities],
        [[[button.label, button.data] for button in row] for row in content.rows],
    ]


def _read_content(data: list[Any]) -> Content:
    text, entities, rows = data
    return Content(
        text,
        tuple([Entity(*entity) for entity in entities]),
        tuple([tuple([Button(*button) for button in row]) for row in rows]),
    )


def dump_call(call: Call) -> bytes:
    """One call of the outbox."""
    match call:
        case Edit():
            return dump(["e", call.ref, _content(call.content), call.anew])
        case Send():
            again = None if call.again is None else _content(call.again)
            sent = [call.ref, _content(call.content), call.silent, call.protect, again]
            if call.photo is None:
                return dump(["s", *sent])
            png = b64encode(call.photo.png).decode("ascii")
            return dump(["p", *sent, png, _content(call.photo.instead)])
        case Tidy():
            return dump(["t", _content(call.dull)])
        case _:
            assert_never(call)


def load_call(data: bytes) -> Call:
    """The inverse of :func:`dump_call`. ValueError for a form this program does not know."""
    match load(data):
        case ["e", ref, content, anew]:
            return Edit(Ref(ref), _read_content(content), anew=anew)
        case ["s", ref, content, silent, protect, again]:
            spare = None if again is None else _read_content(again)
            return Send(Ref(ref), _read_content(content), silent, protect, spare)
        case ["p", ref, content, silent, protect, again, png, instead]:
            spare = None if again is None else _read_content(again)
            photo = Photo(b64decode(png), _read_content(instead))
            return Send(Ref(ref), _read_content(content), silent, protect, spare, photo)
        case ["t", dull]:
            return Tidy(_read_content(dull))
        case _:
            msg = "A stored call has a form this program does not know. Start the newer version."
            raise ValueError(msg)


def dump_content(content: Content) -> bytes:
    """One message's content."""
    return dump(_content(content))


def load_content(data: bytes) -> Content:
    """The inverse of :func:`dump_content`."""
    return _read_content(load(data))


# ------------------------------------------------------------------------------------------ cases

_CASE_FORM = 1


def dump_case(case: Case) -> bytes:
    """A whole case, as staff may know it."""
    return dump(
        {
            "form": _CASE_FORM,
            "id": case.id,
            "person": case.person,
            "alias": case.alias,
            "queue": case.queue,
            "urgency": case.urgency,
            "language": case.language,
            "state": case.state,
            "opened_at": micros(case.opened_at),
            "consent": case.consent,
            "consent_until": micros(case.consent_until),
            "structure": case.structure,
            "at": case.at,
            "shared": [[s.name, list(s.values), s.typed] for s in case.shared],
            "zone": case.zone,
            "hours": [[h.start, h.end] for h in case.hours],
            "holder": case.holder,
            "holders": list(case.holders),
            "lease_until": maybe_micros(case.lease_until),
            "touched_at": maybe_micros(case.touched_at),
            "talking": case.talking,
            "nudge": case.nudge,
            "nudged_at": maybe_micros(case.nudged_at),
            "held": case.held,
            "news": case.news,
            "outcome": case.outcome,
        }
    )


def load_case(data: bytes) -> Case:
    """The inverse of :func:`dump_case`. Raises ValueError for a newer form."""
    stored: dict[str, Any] = load(data)
    if stored["form"] != _CASE_FORM:
        msg = f"A case is stored in form {stored['form']}, and this program reads {_CASE_FORM}."
        raise ValueError(msg)
    return Case(
        id=CaseId(stored["id"]),
        person=PersonId(stored["person"]),
        alias=stored["alias"],
        queue=stored["queue"],
        urgency=stored["urgency"],
        language=Language(stored["language"]),
        state=stored["state"],
        opened_at=moment(stored["opened_at"]),
        consent=stored["consent"],
        consent_until=moment(stored["consent_until"]),
        structure=stored["structure"],
        at=stored["at"],
        shared=tuple(
            Shared(name, tuple(values), typed) for name, values, typed in stored["shared"]
        ),
        zone=stored["zone"],
        hours=tuple(Hours(start, end) for start, end in stored["hours"]),
        holder=None if stored["holder"] is None else PersonId(stored["holder"]),
        holders=tuple(PersonId(holder) for holder in stored["holders"]),
        lease_until=maybe_moment(stored["lease_until"]),
        touched_at=maybe_moment(stored["touched_at"]),
        talking=stored["talking"],
        nudge=None if stored["nudge"] is None else Ref(stored["nudge"]),
        nudged_at=maybe_moment(stored["nudged_at"]),
        held=stored["held"],
        news=stored["news"],
        outcome=stored["outcome"],
    )


# ------------------------------------------------------------------------------- words, consents

Spans = tuple[tuple[str, int, int, str], ...]


def dump_word(text: str, entities: Spans) -> bytes:
    """The body of one relayed message."""
    return dump([text, [list(entity) for entity in entities]])


def load_word(data: bytes) -> tuple[str, Spans]:
    """The inverse of :func:`dump_word`."""
    text, entities = load(data)
    return text, tuple((kind, at, length, url) for kind, at, length, url in entities)


def dump_consent(record: ConsentRecord) -> bytes:
    """What was asked, in which words, and what she answered."""
    return dump(
        [
            record.purpose,
            record.answer,
            micros(record.at),
            maybe_micros(record.until),
            record.step,
            record.structure,
            record.text_hash,
            record.language,
        ]
    )


def load_consent(data: bytes) -> ConsentRecord:
    """The inverse of :func:`dump_consent`."""
    purpose, answer, at, until, step, structure, text_hash, language = load(data)
    return ConsentRecord(
        purpose, answer, moment(at), maybe_moment(until), step, structure, text_hash, language
    )
