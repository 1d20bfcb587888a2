"""Sending, editing, deleting, answering: Telegram's limits and its words for them."""

from __future__ import annotations

import json
import struct

import pytest

KEYBOARD = {"inline_keyboard": [[{"text": "One", "callback_data": "1"}]]}


async def test_sent_message_is_seen_with_its_buttons(world, client, ana, chat):
    """What the bot sends is what the person sees and what the locked phone shows."""
    sent = await client.ok(
        "sendMessage",
        chat_id=chat,
        text="Hello",
        entities=[{"type": "bold", "offset": 0, "length": 5}],
        reply_markup=KEYBOARD,
        disable_notification=True,
        protect_content=True,
        link_preview_options={"is_disabled": True},
    )
    assert sent["message_id"] == 2
    assert sent["has_protected_content"] is True
    assert sent["reply_markup"] == KEYBOARD
    (_, seen) = world.people.messages(ana, "survivor")
    assert (seen.text, seen.silent, seen.protected, seen.preview) == ("Hello", True, True, False)
    assert seen.entities == [{"offset": 0, "length": 5, "type": "bold"}]
    (note,) = world.people.notifications(ana)
    assert (note["title"], note["text"], note["silent"]) == ("Survivor", "Hello", True)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "message text is empty"),
        ("  \n ", "text must be non-empty"),
        ("x" * 4097, "message is too long"),
        ("\N{GRINNING FACE}" * 2049, "message is too long"),
        ("x" * 40_000, "text is too long"),
        ("half \ud800", "strings must be encoded in UTF-8"),
    ],
)
async def test_text_is_refused_in_telegrams_words(client, chat, text, refusal):
    """Empty, blank, too long in UTF-16 units, or not UTF-8."""
    expected = (400, f"Bad Request: {refusal}")
    assert await client.refused("sendMessage", chat_id=chat, text=text) == expected


async def test_longest_text_counts_utf16_units(client, chat):
    """4096 units pass: 2048 characters outside the basic plane."""
    await client.ok("sendMessage", chat_id=chat, text="x" * 4096)
    await client.ok("sendMessage", chat_id=chat, text="\N{GRINNING FACE}" * 2048)


async def test_text_is_cleaned_and_entities_move_with_it(client, chat):
    """Leading blanks go, control characters become blanks, carriage returns vanish."""
    sent = await client.ok(
        "sendMessage",
        chat_id=chat,
        text="  a\r\x00bold  ",
        entities=[{"type": "bold", "offset": 5, "length": 4}],
    )
    assert sent["text"] == "a bold"
    assert sent["entities"] == [{"offset": 2, "length": 4, "type": "bold"}]


@pytest.mark.parametrize(
    ("entity", "refusal"),
    [
        (
            {"type": "bold", "offset": 9, "length": 1},
            "entity begins after the end of the text at UTF-16 offset 9",
        ),
        (
            {"type": "bold", "offset": 1, "length": 9},
            (
                "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 "
                "offset 10"
            ),
        ),
        (
            {"type": "bold", "offset": 1, "length": 1},
            "entity begins in a middle of a UTF-16 symbol at byte offset 1",
        ),
        (
            {"type": "bold", "offset": -1, "length": 1},
            "receive an entity with incorrect offset -1",
        ),
        ({"type": "bold", "offset": 0}, "can't parse MessageEntity: Can't find field \"length\""),
        ({"offset": 0, "length": 1}, "can't parse MessageEntity: Can't find field \"type\""),
        (7, "can't parse MessageEntity: expected an Object"),
        (
            {"type": "text_link", "offset": 0, "length": 2, "url": "nowhere"},
            "entity URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
    ],
)
async def test_entities_that_do_not_fit_are_refused(client, chat, entity, refusal):
    """Offsets are UTF-16 units and must fall between characters."""
    text = "\N{GRINNING FACE}abc"
    got = await client.refused("sendMessage", chat_id=chat, text=text, entities=[entity])
    assert got == (400, f"Bad Request: {refusal}")


async def test_telegram_finds_links_and_commands_by_itself(client, chat):
    """URLs, commands, mentions and mail addresses become entities without being asked for."""
    text = "\N{GRINNING FACE} /help https://example.org/a. @somebody a@b.org #tag"
    sent = await client.ok("sendMessage", chat_id=chat, text=text)
    found = {
        e["type"]: text.encode("utf-16-le")[2 * e["offset"] : 2 * (e["offset"] + e["length"])]
        for e in sent["entities"]
    }
    assert {kind: words.decode("utf-16-le") for kind, words in found.items()} == {
        "bot_command": "/help",
        "url": "https://example.org/a",
        "mention": "@somebody",
        "email": "a@b.org",
        "hashtag": "#tag",
    }


@pytest.mark.parametrize(
    ("markup", "refusal"),
    [
        ({"inline_keyboard": [[{"text": "x", "callback_data": "d" * 65}]]}, "BUTTON_DATA_INVALID"),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "é" * 33}]]}, "BUTTON_DATA_INVALID"),
        (
            {"inline_keyboard": [[{"text": "x"}]]},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"inline_keyboard": [[{"callback_data": "x"}]]},
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        ({"inline_keyboard": [[{"text": " ", "callback_data": "x"}]]}, "BUTTON_TEXT_INVALID"),
        (
            {"inline_keyboard": [[{"text": "x", "callback_data": str(i)}] for i in range(101)]},
            "reply markup is too long",
        ),
        ({"inline_keyboard": {}}, 'field "inline_keyboard" must be an Array of Arrays'),
        ("[[", "can't parse reply keyboard markup JSON object"),
        ({"force_reply": True}, "the sandbox knows inline keyboards only"),
    ],
)
async def test_keyboards_are_refused_in_telegrams_words(client, chat, markup, refusal):
    """Button data is 1 to 64 bytes; each button has a text and an action."""
    got = await client.refused("sendMessage", chat_id=chat, text="x", reply_markup=markup)
    assert got == (400, f"Bad Request: {refusal}")


async def test_64_bytes_of_button_data_pass(client, chat):
    """The limit itself is allowed."""
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 32}]]}
    await client.ok("sendMessage", chat_id=chat, text="x", reply_markup=markup)


async def test_who_never_started_cannot_be_written_to(world, client, ana):
    """A chat that nobody opened, and a person who does not exist, are both not found."""
    for chat_id in (ana.id, 12345, "@name"):
        got = await client.refused("sendMessage", chat_id=chat_id, text="x")
        assert got == (400, "Bad Request: chat not found")
    got = await client.refused("sendMessage", text="x")
    assert got == (400, "Bad Request: chat_id is empty")


async def test_blocked_bot_can_delete_but_not_write_or_edit(world, client, ana, chat):
    """403 after a block; the person's unblocking lifts it."""
    await client.ok("sendMessage", chat_id=chat, text="before")
    world.people.block(ana, "survivor")
    blocked = (403, "Forbidden: bot was blocked by the user")
    assert await client.refused("sendMessage", chat_id=chat, text="x") == blocked
    assert await client.refused("editMessageText", chat_id=chat, message_id=2, text="x") == blocked
    assert await client.ok("deleteMessage", chat_id=chat, message_id=2) is True
    world.people.unblock(ana, "survivor")
    await client.ok("sendMessage", chat_id=chat, text="after")


async def test_edit_replaces_text_and_keyboard_at_any_age(world, client, ana, chat):
    """Own messages may be edited for ever; without reply_markup the keyboard goes."""
    await client.ok("sendMessage", chat_id=chat, text="old", reply_markup=KEYBOARD)
    world.clock.advance(400 * 86_400)
    edited = await client.ok("editMessageText", chat_id=chat, message_id=2, text="new")
    assert edited["text"] == "new"
    assert edited["edit_date"] == 1_800_000_000 + 400 * 86_400
    assert "reply_markup" not in edited
    assert len(world.people.notifications(ana)) == 1


async def test_edit_that_changes_nothing_is_refused(client, chat):
    """Same text, entities and keyboard: 'message is not modified'."""
    await client.ok("sendMessage", chat_id=chat, text="same", reply_markup=KEYBOARD)
    words = (
        400,
        (
            "Bad Request: message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message"
        ),
    )
    same = {"chat_id": chat, "message_id": 2, "reply_markup": KEYBOARD}
    assert await client.refused("editMessageText", text="same", **same) == words
    assert await client.refused("editMessageReplyMarkup", **same) == words
    await client.ok("editMessageReplyMarkup", chat_id=chat, message_id=2)


async def test_edits_of_what_is_not_there_or_not_ones_own_are_refused(client, chat):
    """'not found' for missing and deleted messages, 'can't be edited' for the person's."""
    await client.ok("sendMessage", chat_id=chat, text="x")
    await client.ok("deleteMessage", chat_id=chat, message_id=2)
    for message_id, words in (
        (99, "message to edit not found"),
        (2, "message to edit not found"),
        (1, "message can't be edited"),
        (None, "message identifier is not specified"),
    ):
        got = await client.refused("editMessageText", chat_id=chat, message_id=message_id, text="y")
        assert got == (400, f"Bad Request: {words}")


async def test_delete_takes_both_sides_under_48_hours(world, client, ana, chat):
    """The bot may delete its own and the person's messages; the locked phone forgets them too."""
    await client.ok("sendMessage", chat_id=chat, text="x")
    world.clock.advance(48 * 3600)
    await client.ok("deleteMessages", chat_id=chat, message_ids=[1, 2, 77])
    assert world.people.messages(ana, "survivor") == ()
    assert world.people.notifications(ana)[0]["withdrawn"] is True
    got = await client.refused("deleteMessage", chat_id=chat, message_id=2)
    assert got == (400, "Bad Request: message to delete not found")


async def test_one_message_over_48_hours_refuses_the_whole_deletion(world, client, ana, chat):
    """DeleteMessages is all or nothing; nothing goes if one is too old."""
    world.clock.advance(48 * 3600 + 1)
    await client.ok("sendMessage", chat_id=chat, text="young")
    words = (400, "Bad Request: message can't be deleted for everyone")
    assert await client.refused("deleteMessages", chat_id=chat, message_ids=[1, 2]) == words
    assert await client.refused("deleteMessage", chat_id=chat, message_id=1) == words
    assert len(world.people.messages(ana, "survivor")) == 2


@pytest.mark.parametrize(
    ("ids", "refusal"),
    [
        ([], "message identifiers are not specified"),
        (list(range(1, 102)), "too many message identifiers specified"),
        (["x"], "message identifier must be a Number"),
        ([0], "invalid message identifier specified"),
        ({"a": 1}, "expected an Array of message identifiers"),
    ],
)
async def test_message_ids_are_1_to_100_numbers(client, chat, ids, refusal):
    """Anything else is refused."""
    got = await client.refused("deleteMessages", chat_id=chat, message_ids=ids)
    assert got == (400, f"Bad Request: {refusal}")


async def test_bot_in_a_group_deletes_its_own_messages_only(world, client, ana):
    """Without rights a bot cannot delete what a member wrote; an administrator can."""
    group = world.people.add_group("Team", [ana], ["survivor"])
    world.people.send_text(ana, group.id, "/hers")
    await client.ok("sendMessage", chat_id=group.id, text="its own")
    got = await client.refused("deleteMessage", chat_id=group.id, message_id=1)
    assert got == (400, "Bad Request: message can't be deleted")
    await client.ok("deleteMessage", chat_id=group.id, message_id=2)
    group.administrators.add(1000)
    await client.ok("deleteMessage", chat_id=group.id, message_id=1)


async def test_press_is_answered_once_and_soon(world, client, ana, chat):
    """A second, late, foreign or invented answer is 'too old'; a toast has at most 200 units."""
    await client.ok("sendMessage", chat_id=chat, text="Pick", reply_markup=KEYBOARD)
    query = world.people.press(ana, "survivor", label="One")
    long = await client.refused("answerCallbackQuery", callback_query_id=query, text="x" * 201)
    assert long == (400, "Bad Request: MESSAGE_TOO_LONG")
    await client.ok("answerCallbackQuery", callback_query_id=query, text="x" * 200)
    late = world.people.press(ana, "survivor", label="One")
    world.clock.advance(61)
    old = "query is too old and response timeout expired or query ID is invalid"
    for query_id in (query, late, "5", ""):
        got = await client.refused("answerCallbackQuery", callback_query_id=query_id)
        assert got == (400, f"Bad Request: {old}")
    assert [t["text"] for t in world.people.chat(ana, "survivor").toasts] == ["x" * 200]


async def test_reply_needs_its_message(client, chat):
    """A reply to a missing message is refused unless it may go without."""
    missing = {"message_id": 99}
    got = await client.refused("sendMessage", chat_id=chat, text="x", reply_parameters=missing)
    assert got == (400, "Bad Request: message to be replied not found")
    missing["allow_sending_without_reply"] = True
    await client.ok("sendMessage", chat_id=chat, text="x", reply_parameters=missing)


async def test_markup_in_text_is_refused(client, chat):
    """The sandbox does not parse markup: texts come with entities."""
    got = await client.refused("sendMessage", chat_id=chat, text="<b>x</b>", parse_mode="HTML")
    assert got[0] == 400


async def test_unknown_methods_and_parameters_are_loud(world, client, chat):
    """404 as Telegram says it, and an error that a test can see."""
    got = await client.refused("sendDocument", chat_id=chat)
    assert got == (404, "Not Found: method not found")
    await client.ok("sendMessage", chat_id=chat, text="x", dissable_notification=True)
    assert [e["method"] for e in world.journal.errors] == ["sendDocument", "sendMessage"]


async def test_wrong_tokens_are_refused(world, client):
    """401 for a token nobody has and for a revoked one, 404 for what is none."""
    client.token = "1000:another-token"
    assert await client.refused("getMe") == (401, "Unauthorized")
    client.token = "nonsense"
    assert await client.refused("getMe") == (404, "Not Found")
    client.token = "1000:survivor-token"
    world.bot("survivor").revoked = True
    assert await client.refused("getMe") == (401, "Unauthorized")


async def test_form_fields_and_query_strings_work_as_json_does(client, chat):
    """Numbers, flags and structures may come as text; method names in any case."""
    answer = await client.api.answer(
        f"/bot{client.token}/SENDMESSAGE",
        b"text=a+b&reply_markup=%7B%22inline_keyboard%22%3A%5B%5D%7D&disable_notification=True",
        "application/x-www-form-urlencoded",
        f"chat_id={chat}".encode(),
    )
    assert answer.status == 200
    assert b'"text":"a b"' in answer.body


@pytest.mark.parametrize("body", [b"{", b"[]", b"[" * 100_000, b"\xff"])
async def test_unreadable_bodies_are_refused(client, body):
    """Broken JSON, JSON of the wrong sort and 100,000 brackets: 400, nothing worse."""
    path = f"/bot{client.token}/sendMessage"
    answer = await client.api.answer(path, body, "application/json", b"")
    assert answer.status == 400


def upload(values: dict[str, object], name: str, data: bytes) -> tuple[bytes, str]:
    """A multipart body as any client spells it, and its content type."""
    parts = [
        f'--b0\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in values.items()
    ]
    head = f'--b0\r\nContent-Disposition: form-data; name="{name}"; filename="a.png"\r\n\r\n'
    return b"".join(
        (*parts, head.encode(), data, b"\r\n--b0--\r\n")
    ), 'multipart/form-data; boundary="b0"'


def drawn(width: int, height: int) -> bytes:
    """As much of a PNG as Telegram looks at before it takes it."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\r\n--b"


async def uploads(client, method: str, name: str, data: bytes, **values: object):
    """The status and what was said of an upload."""
    body, kind = upload(values, name, data)
    answer = await client.api.answer(f"/bot{client.token}/{method}", body, kind, b"")
    said = json.loads(answer.body)
    return answer.status, said.get("result", said.get("description"))


async def test_a_photo_is_seen_with_its_caption_and_goes_again(world, client, ana, chat):
    """Its bytes are there for the page, its words for ears and for the locked phone."""
    picture = drawn(1080, 1300)
    status, sent = await uploads(
        client, "sendPhoto", "photo", picture, chat_id=chat, caption="Side by side",
        caption_entities=json.dumps([{"type": "bold", "offset": 0, "length": 4}]),
        disable_notification="true",
    )  # fmt: skip
    assert status == 200
    assert sent["caption"] == "Side by side"
    assert (sent["photo"][0]["width"], sent["photo"][0]["height"]) == (1080, 1300)
    (_, seen) = world.people.messages(ana, "survivor")
    assert (seen.text, seen.words, seen.picture, seen.silent) == (
        None,
        "Side by side",
        picture,
        True,
    )
    (note,) = world.people.notifications(ana)
    assert note["text"] == "Side by side"
    refused = await client.refused("editMessageText", chat_id=chat, message_id=2, text="Hello")
    assert refused == (400, "Bad Request: there is no text in the message to edit")
    media = json.dumps({"type": "photo", "media": "attach://page", "caption": "Hello."})
    status, edited = await uploads(
        client, "editMessageMedia", "page", drawn(9, 9), chat_id=chat, message_id=2, media=media
    )
    assert (status, edited["caption"], seen.picture) == (200, "Hello.", drawn(9, 9))
    await client.ok("deleteMessage", chat_id=chat, message_id=2)
    assert seen.picture == b""
    assert world.journal.errors == ()


@pytest.mark.parametrize(
    ("data", "caption", "refusal"),
    [
        (b"GIF89a", "", "IMAGE_PROCESS_FAILED"),
        (drawn(9000, 1001), "", "PHOTO_INVALID_DIMENSIONS"),
        (drawn(2100, 100), "", "PHOTO_INVALID_DIMENSIONS"),
        (drawn(9, 9), "x" * 1025, "message caption is too long"),
    ],
)
async def test_a_photo_that_telegram_would_not_take_is_refused(
    client, chat, data, caption, refusal
):
    """What is no picture, too large, too narrow, or has too many words."""
    answer = await uploads(client, "sendPhoto", "photo", data, chat_id=chat, caption=caption)
    assert answer == (400, f"Bad Request: {refusal}")


async def test_a_photo_needs_its_file(client, chat):
    """A name or an address is not sent by anybody here."""
    refused = await client.refused("sendPhoto", chat_id=chat, photo="https://example.org/a.png")
    assert refused == (400, "Bad Request: there is no photo in the request")
