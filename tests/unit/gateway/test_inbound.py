"""From raw JSON to what arrived: every type is checked, and nothing raises but Unparsable."""

import copy
import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.events import (
    Arrived,
    Began,
    Blocked,
    Edited,
    Pressed,
    SentMedia,
    Typed,
    Unblocked,
)
from bot.core.message import Entity
from bot.gateway.inbound import MEDIA, SERVICE, Ignored, Unparsable, to_event

SEED = "0123456789abcdef"
ANA = {"id": 7, "is_bot": False, "first_name": "Ana", "username": "ana", "language_code": "es-MX"}
CHAT = {"id": 7, "type": "private", "first_name": "Ana"}


def message(**fields: object) -> dict[str, object]:
    """A private message of Ana."""
    base = {"message_id": 5, "date": 1, "from": dict(ANA), "chat": dict(CHAT)}
    return {"update_id": 1, "message": base | fields}


def press(**fields: object) -> dict[str, object]:
    """A press of Ana."""
    shown = {"message_id": 9, "date": 1, "chat": dict(CHAT)}
    query = {"id": "77", "from": dict(ANA), "message": shown, "chat_instance": "1", "data": "1:abc"}
    return {"update_id": 1, "callback_query": query | fields}


def membership(status: str) -> dict[str, object]:
    """Ana blocks or unblocks."""
    change = {
        "from": dict(ANA),
        "chat": dict(CHAT),
        "date": 1,
        "new_chat_member": {"status": status},
    }
    return {"update_id": 1, "my_chat_member": change}


def test_an_arrival_carries_cause_door_chat_seed_and_language_and_no_name() -> None:
    """Everything that is kept, written out."""
    assert to_event("survivor", message(text="Hello"), SEED) == Arrived(
        "update:survivor:1", "survivor", 7, SEED, Typed("Hello", 5), "es-MX"
    )


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (message(text="/start"), Began(5)),
        (message(text="/start payload"), Began(5)),
        (message(text="/start@some_bot"), Began(5)),
        (message(text="/start@some_bot\npayload"), Began(5)),
        (message(text="/Start"), Began(5)),
        (message(text="/started"), Typed("/started", 5)),
        (message(text="/help"), Typed("/help", 5)),
        (message(text="say /start"), Typed("say /start", 5)),
        (message(text="a\x00b"), Typed("a\x00b", 5)),
        (message(text="half \ud83d pair"), Typed("half \ufffd pair", 5)),
        (message(text="👪"), Typed("👪", 5)),
        (message(text="x" * 5000), Typed("x" * 4096, 5)),
        (message(photo=[{}], caption="secret"), SentMedia("photo", 5)),
        (message(voice={}), SentMedia("voice", 5)),
        (message(something_new={}), SentMedia("other", 5)),
        (press(), Pressed("1:abc", "77", 9)),
        (press(data="x" * 65), Pressed("", "77", 9)),
        (press(data="é" * 33), Pressed("", "77", 9)),
        (press(data=5), Pressed("", "77", 9)),
        (press(data="\ud83d"), Pressed("", "77", 9)),
        (press(message={"message_id": 0, "date": 0, "chat": CHAT}), Pressed("1:abc", "77", None)),
        (membership("kicked"), Blocked()),
        (membership("member"), Unblocked()),
        ({"update_id": 1, "edited_message": message(text="b")["message"]}, Edited("b", 5)),
    ],
)
def test_what_arrives(raw: object, what: object) -> None:
    """Each kind of update and what it becomes."""
    arrived = to_event("survivor", raw, SEED)
    assert isinstance(arrived, Arrived)
    assert arrived.what == what


@pytest.mark.parametrize("kind", MEDIA)
def test_every_kind_of_media_is_known_by_its_field(kind: str) -> None:
    """The kind is Telegram's field name."""
    assert to_event("staff", message(**{kind: {}}), SEED).what == SentMedia(kind, 5)


@pytest.mark.parametrize("kind", SERVICE)
def test_what_telegram_says_about_the_chat_is_not_hers(kind: str) -> None:
    """A service message gets no answer."""
    assert to_event("survivor", message(**{kind: {}}), SEED) == Ignored("service")


GROUP = {"id": -100, "type": "supergroup", "title": "x"}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (message(text="x", chat=GROUP), "not_private"),
        (message(text="x", chat={"id": -1, "type": "channel"}), "not_private"),
        (press(message={"message_id": 1, "chat": GROUP}), "not_private"),
        (message(text="x", **{"from": ANA | {"is_bot": True}}), "bot"),
        (message(text="x", **{"from": ANA | {"is_bot": "no"}}), "bot"),
        (message(text="x", **{"from": {"id": 7, "first_name": "Ana"}}), "bot"),
        (message(text="x", **{"from": ANA | {"id": 8}}), "stranger"),
        (press(**{"from": ANA | {"id": 8}}), "stranger"),
        ({"update_id": 1, "callback_query": {"id": "1", "from": ANA}}, "inline"),
        ({"update_id": 1, "edited_message": message(photo=[])["message"]}, "edited_media"),
        (membership("administrator"), "membership"),
        ({"update_id": 1, "channel_post": {}}, "other_kind"),
        ({"update_id": 1}, "other_kind"),
        (message(text=5), "malformed"),
        (message(text="x", message_id="5"), "malformed"),
        (message(text="x", message_id=True), "malformed"),
        (message(text="x", message_id=2**63), "malformed"),
        (message(text="x", chat=CHAT | {"id": 2**52 + 1}), "malformed"),
        (message(text="x", chat=None), "malformed"),
        (message(text="x", **{"from": None}), "malformed"),
        (press(id=None), "malformed"),
        (press(id="a b"), "malformed"),
        ({"update_id": 1, "message": []}, "malformed"),
        ({"update_id": 1, "my_chat_member": {"chat": CHAT, "from": ANA}}, "malformed"),
    ],
)
def test_what_is_not_for_us_is_ignored_with_a_reason(raw: object, reason: str) -> None:
    """A fixed word each, without any id in it."""
    assert to_event("survivor", raw, SEED) == Ignored(reason)


@pytest.mark.parametrize("update_id", [None, "1", True, -1, 1.0, 2**53, [], {}])
def test_without_a_usable_id_an_update_is_unparsable(update_id: object) -> None:
    """Bool, string, null, negative or too large."""
    with pytest.raises(Unparsable):
        to_event("survivor", message(text="x") | {"update_id": update_id}, SEED)


def test_ids_may_have_52_bits() -> None:
    """The largest user id that Telegram announces."""
    large = {"id": 2**52}
    raw = message(text="x", chat=CHAT | large, **{"from": ANA | large})
    assert to_event("survivor", raw, SEED).chat_id == 2**52


def test_formatting_is_kept_where_it_is_harmless() -> None:
    """Seven kinds stay; links only to https; what reaches outside the text goes."""
    entities = [
        {"type": "bold", "offset": 0, "length": 2},
        {"type": "text_link", "offset": 0, "length": 2, "url": "https://example.org/"},
        {"type": "text_link", "offset": 0, "length": 2, "url": "tg://user?id=5"},
        {"type": "text_mention", "offset": 0, "length": 2, "user": ANA},
        {"type": "italic", "offset": 1, "length": 3},
        {"type": "italic", "offset": 0, "length": 0},
        {"type": "italic", "offset": True, "length": 1},
        {"type": "spoiler", "offset": 0, "length": 1},
        "nonsense",
    ]
    heard = to_event("survivor", message(text="👪x", entities=entities), SEED)
    assert heard.what.entities == (
        Entity("bold", 0, 2),
        Entity("text_link", 0, 2, "https://example.org/"),
    )


@pytest.mark.parametrize("language", [5, "x" * 200, "en_US\n", "<b>", None])
def test_a_strange_language_is_no_language(language: object) -> None:
    """Nothing but a plain tag is passed on."""
    raw = message(text="x", **{"from": ANA | {"language_code": language}})
    assert to_event("survivor", raw, SEED).language == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def outcome(raw: object) -> object:
    """What became of it, which may not be another exception."""
    try:
        return to_event("survivor", raw, SEED)
    except Unparsable:
        return None


@given(JSON)
def test_any_json_is_an_arrival_or_ignored_or_unparsable(raw: object) -> None:
    """Whatever it is."""
    assert outcome(raw) is None or isinstance(outcome(raw), Arrived | Ignored)


def paths(value: object, before: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Every place in a JSON value."""
    found = [before]
    if isinstance(value, dict):
        for name, inner in value.items():
            found += paths(inner, (*before, name))
    return found


REAL = [message(text="hi", entities=[]), message(photo=[]), press(), membership("kicked")]


@given(st.data(), st.sampled_from(REAL), JSON)
def test_a_real_update_with_one_field_replaced_never_raises(
    data: st.DataObject, base: dict[str, object], junk: object
) -> None:
    """Any field, by anything, or taken away."""
    raw = copy.deepcopy(base)
    path = data.draw(st.sampled_from([place for place in paths(raw) if place]))
    spot = raw
    for name in path[:-1]:
        spot = spot[name]
    if data.draw(st.booleans()):
        spot[path[-1]] = junk
    else:
        del spot[path[-1]]
    result = outcome(raw)
    assert result is None or isinstance(result, Arrived | Ignored)
    if path == ("update_id",):
        assert result is None or isinstance(junk, int)


@given(st.text(alphabet=string.printable + "\ud800\udfff\x00👪", max_size=40))
def test_any_text_can_be_stored_and_sent(text: str) -> None:
    """What arrives has no half pairs left, and keeps its length in UTF-16 units."""
    heard = to_event("survivor", json.loads(json.dumps(message(text="x" + text))), SEED)
    assert heard.what.text.encode("utf-8")
