"""Rows to calls and answers to values: against the emulated Telegram, and answers by hand."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.core.delivery import Gone, Refused, RetryAt, Sent, Unknown
from bot.core.ids import PersonId, Ref
from bot.core.message import Button, Call, Content, Edit, Entity, Photo, Send, Tidy
from bot.gateway.api import Api
from bot.gateway.contact import Contact
from bot.gateway.messages import EMPTY, empty_png
from bot.gateway.outbound import LONGEST_PAUSE, Outbound
from bot.gateway.transport import AnswerLost, NotSent
from bot.sandbox import World
from bot.store.protocol import Address, Known, OutRow
from tests.unit.gateway.conftest import Rig, eventually, half, utc
from tests.unit.gateway.fakes import Moment

REF = Ref("r1")
PLAIN = Content("Hello")
RICH = Content(
    "Hello you",
    (Entity("bold", 0, 5), Entity("text_link", 6, 3, "https://example.org/")),
    ((Button("Yes", "1:a:yes"), Button("No", "1:a:no")), (Button("Later", "1:a:later"),)),
)
DULL = Content("…")


class Scripted(Api):
    """Answers from a list and keeps what was asked."""

    def __init__(self, *answers: object) -> None:
        super().__init__("http://x/bot1:x", None)
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, object]]] = []

    async def post(self, method: str, parameters: dict[str, object], within: float = 0) -> object:
        self.asked.append((method, parameters))
        answer = self.answers.pop(0) if self.answers else True
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, tuple):
            code, words, *more = answer
            body = {"ok": False, "error_code": code, "description": words}
            if more:
                body["parameters"] = more[0]
            return code, json.dumps(body).encode()
        return 200, json.dumps({"ok": True, "result": answer}).encode()


def row(call: Call, door: str = "survivor", **known: object) -> OutRow:
    """One claimed row for chat 7."""
    moment = Moment()
    return OutRow(1, PersonId("p"), Address(door, 7), "screen", call, moment.now, **known)


def outbound(api: Api, moment: Moment | None = None, **more: object) -> Outbound:
    """With a clock that stands still."""
    return Outbound(api, clock=moment or Moment(), chance=half, **more)


async def test_a_send_says_all_it_should_on_the_wire() -> None:
    """Text and entities, no preview, quiet, protected when asked, buttons in rows."""
    api = Scripted({"message_id": 31})
    assert await outbound(api).deliver(row(Send(REF, RICH, protect=True))) == Sent(31)
    assert api.asked == [
        (
            "sendMessage",
            {
                "chat_id": 7,
                "text": "Hello you",
                "link_preview_options": {"is_disabled": True},
                "entities": [
                    {"type": "bold", "offset": 0, "length": 5},
                    {
                        "type": "text_link",
                        "offset": 6,
                        "length": 3,
                        "url": "https://example.org/",
                    },
                ],
                "reply_markup": {
                    "inline_keyboard": [
                        [
                            {"text": "Yes", "callback_data": "1:a:yes"},
                            {"text": "No", "callback_data": "1:a:no"},
                        ],
                        [{"text": "Later", "callback_data": "1:a:later"}],
                    ]
                },
                "disable_notification": True,
                "protect_content": True,
            },
        )
    ]


async def test_after_a_lost_answer_the_other_words_are_sent() -> None:
    """`again` says that the same words may already be there."""
    api = Scripted({"message_id": 1})
    call = Send(REF, PLAIN, again=Content("You may have seen this."))
    await outbound(api).deliver(row(call, unknown=1))
    assert api.asked[0][1]["text"] == "You may have seen this."


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ((403, "Forbidden: bot was blocked by the user"), Gone()),
        ((403, "Forbidden: user is deactivated"), Gone()),
        ((400, "Bad Request: chat not found"), Gone()),
        ((400, "Bad Request: message text is empty"), Refused(400)),
        ((413, "Request Entity Too Large"), Refused(413)),
        (
            (429, "Too Many Requests: retry after 35", {"retry_after": 35}),
            RetryAt(Moment().now + timedelta(seconds=35)),
        ),
        (
            (401, "Unauthorized"),
            RetryAt(Moment().now + timedelta(seconds=LONGEST_PAUSE), everyone=True),
        ),
        (NotSent("x"), RetryAt(Moment().now + timedelta(seconds=0.75), everyone=True)),
        (AnswerLost("x"), Unknown()),
        ({"no": "message_id"}, Unknown()),
    ],
)
@pytest.mark.parametrize("call", [Send(REF, PLAIN), Edit(REF, PLAIN)], ids=["send", "edit"])
async def test_every_answer_is_one_of_five_values(
    call: Call, answer: object, result: object
) -> None:
    """Whatever Telegram or the network does, nothing is raised."""
    if isinstance(call, Edit) and isinstance(answer, dict):
        result = Sent()
    assert await outbound(Scripted(answer)).deliver(row(call, message_id=3)) == result


async def test_a_network_that_is_down_is_asked_ever_less_often() -> None:
    """Up to a minute; one success starts anew."""
    moment = Moment()
    sending = outbound(Scripted(*[NotSent("x")] * 8, {"message_id": 1}, NotSent("x")), moment)
    results = [await sending.deliver(row(Send(REF, PLAIN))) for _ in range(10)]
    pauses = [(result.at - moment.now).total_seconds() for result in results if result != Sent(1)]
    assert pauses == [0.75, 1.5, 3.0, 6.0, 12.0, 24.0, 45.0, 45.0, 0.75]


async def test_calls_tell_how_the_bot_stands_with_telegram() -> None:
    """With a webhook there is no polling that would notice."""
    moment = Moment()
    contact = Contact("survivor", moment)
    api = Scripted(NotSent("x"), {"message_id": 1}, (401, "Unauthorized"), {"message_id": 2})
    sending = outbound(api, moment, contact=contact)
    troubles = []
    for _ in range(4):
        await sending.deliver(row(Send(REF, PLAIN)))
        troubles.append(contact.trouble)
    assert troubles == ["network", None, "token", "token"]
    assert contact.last == moment.now


async def test_a_group_that_became_a_supergroup_is_told_to_whoever_wants_to_know() -> None:
    """The row itself is refused."""
    moved: list[tuple[int, int]] = []
    answer = (400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -1005})
    sending = outbound(Scripted(answer), on_migrated=lambda old, new: moved.append((old, new)))
    assert await sending.deliver(row(Send(REF, PLAIN))) == Refused(400)
    assert moved == [(7, -1005)]


@pytest.mark.parametrize(
    "answer",
    [
        (400, "Bad Request: message to edit not found"),
        (400, "Bad Request: message can't be edited"),
        (400, "Bad Request: MESSAGE_ID_INVALID"),
    ],
)
async def test_an_edit_out_of_reach_is_sent_anew_or_not_at_all(answer: object) -> None:
    """As the call says; a new copy in the staff bot is protected as the first one was."""
    api = Scripted(answer, {"message_id": 4})
    assert await outbound(api).deliver(row(Edit(REF, PLAIN), "staff", message_id=3)) == Sent(4)
    assert [method for method, _ in api.asked] == ["editMessageText", "sendMessage"]
    assert api.asked[1][1]["protect_content"] is True
    api = Scripted(answer)
    assert await outbound(api).deliver(row(Edit(REF, PLAIN, anew=False), message_id=3)) == Sent()
    assert len(api.asked) == 1


async def test_an_edit_of_a_message_without_id_is_sent_anew_or_not_at_all() -> None:
    """Telegram never told us its number."""
    assert await outbound(Scripted({"message_id": 4})).deliver(row(Edit(REF, PLAIN))) == Sent(4)
    api = Scripted()
    assert await outbound(api).deliver(row(Edit(REF, PLAIN, anew=False))) == Sent()
    assert api.asked == []


def known(number: int, hours: float, *, ours: bool = True) -> Known:
    """A message of that age."""
    return Known(number, ours, Moment().now - timedelta(hours=hours))


async def test_a_tidy_deletes_by_hundreds_and_covers_what_is_too_old() -> None:
    """Messages of hers beyond 48 h are out of reach. Every call after the first waits its turn."""
    doomed = (
        *(known(number, 1, ours=number % 2 == 0) for number in range(1, 251)),
        known(300, 48),
        known(301, 60, ours=False),
    )
    api = Scripted()
    turns: list[int] = []

    async def turn() -> None:
        turns.append(len(api.asked))

    assert await outbound(api).deliver(row(Tidy(DULL), doomed=doomed), turn) == Sent()
    asked = [
        (method, len(parameters.get("message_ids", ())), parameters.get("message_id"))
        for method, parameters in api.asked
    ]
    assert asked == [
        ("deleteMessages", 100, None),
        ("deleteMessages", 100, None),
        ("deleteMessages", 50, None),
        ("editMessageText", 0, 300),
    ]
    assert turns == [1, 2, 3]


async def test_one_message_that_cannot_be_deleted_does_not_save_the_others() -> None:
    """Telegram refuses the whole call; then they go one by one, and ours is covered."""
    refused = (400, "Bad Request: message can't be deleted for everyone")
    api = Scripted(refused, refused, True, True, refused)
    doomed = (known(1, 1), known(2, 1), known(3, 1, ours=False))
    assert await outbound(api).deliver(row(Tidy(DULL), doomed=doomed)) == Sent()
    assert [(method, p.get("message_id")) for method, p in api.asked] == [
        ("deleteMessages", None),
        ("deleteMessage", 1),
        ("editMessageText", 1),
        ("deleteMessage", 2),
        ("deleteMessage", 3),
    ]


async def test_a_tidy_that_is_told_to_wait_waits_as_a_whole() -> None:
    """It is repeated from its start, which does no harm."""
    answer = (429, "Too Many Requests", {"retry_after": 5})
    doomed = tuple(known(number, 1) for number in range(1, 150))
    result = await outbound(Scripted(True, answer)).deliver(row(Tidy(DULL), doomed=doomed))
    assert result == RetryAt(Moment().now + timedelta(seconds=5))
    result = await outbound(Scripted(True, AnswerLost("x"))).deliver(row(Tidy(DULL), doomed=doomed))
    assert result == Unknown()


@pytest.fixture
async def still(url: str, world: World) -> AsyncIterator[Rig]:
    """A gateway that does not poll, against the emulated Telegram."""
    made = Rig(url, world)
    await made.start(polling=False)
    yield made
    await made.stop()


async def test_the_emulated_telegram_agrees(still: Rig) -> None:
    """Send, edit, the same edit again, clear away by age, clear again, and a block."""
    people = still.world.people
    ana = people.add("Ana")
    people.start(ana, "survivor")

    def real(call: Call, **known: object) -> OutRow:
        return OutRow(1, PersonId("p"), Address("survivor", ana.id), "screen", call, utc(), **known)

    deliver = still.outbound.deliver
    sent = await deliver(real(Send(REF, RICH)))
    assert isinstance(sent, Sent)
    screen = people.screen(ana, "survivor")
    assert (screen.id, screen.text) == (sent.message_id, "Hello you")
    edited = Content("Changed", rows=RICH.rows)
    for _ in range(2):  # "not modified" is a success
        assert await deliver(real(Edit(REF, edited), message_id=sent.message_id)) == Sent()
    assert people.screen(ana, "survivor").text == "Changed"
    there = tuple(
        Known(message.id, message.id == sent.message_id, utc())
        for message in people.messages(ana, "survivor")
    )
    assert len(there) == 2
    for _ in range(2):  # "not found" is a success
        assert await deliver(real(Tidy(DULL), doomed=there)) == Sent()
    assert list(people.messages(ana, "survivor")) == []
    anew = await deliver(real(Edit(REF, edited), message_id=sent.message_id))
    assert isinstance(anew, Sent)
    assert anew.message_id > sent.message_id
    still.world.clock.advance(48 * 3600 + 60)
    late = (Known(anew.message_id, ours=True, at=utc()),)  # our clock is behind Telegram's
    assert await deliver(real(Tidy(DULL), doomed=late)) == Sent()
    assert [message.text for message in people.messages(ana, "survivor")] == ["…"]
    people.block(ana, "survivor")
    assert await deliver(real(Send(REF, PLAIN))) == Gone()


PICTURE = empty_png(40)
WORDS = Content("The same words", (Entity("bold", 0, 3),))
PHOTO = Send(REF, WORDS, photo=Photo(PICTURE, Content("No picture. The same words")))


async def test_a_picture_goes_up_with_its_caption_and_a_name_that_says_nothing(still: Rig) -> None:
    """Silent, in one call, with the words under it; what is too old to delete is written over."""
    people = still.world.people
    ana = people.add("Ana")
    people.start(ana, "survivor")

    def real(call: Call, **known: object) -> OutRow:
        return OutRow(1, PersonId("p"), Address("survivor", ana.id), "line", call, utc(), **known)

    sent = await still.outbound.deliver(real(PHOTO))
    assert isinstance(sent, Sent)
    (_, seen) = people.messages(ana, "survivor")
    assert (seen.id, seen.words, seen.picture) == (sent.message_id, "The same words", PICTURE)
    assert seen.silent
    (call,) = [e for e in still.world.journal.entries("call") if e["method"] == "sendPhoto"]
    assert call["params"]["photo"].startswith("page.png, ")
    still.world.clock.advance(48 * 3600 + 60)
    old = (Known(sent.message_id, ours=True, at=utc() - timedelta(hours=49)),)
    for _ in range(2):  # repeating is harmless
        assert await still.outbound.deliver(real(Tidy(DULL), doomed=old)) == Sent()
    assert (seen.words, seen.picture) == ("…", EMPTY)


async def test_when_telegram_takes_no_picture_the_words_go_alone(still: Rig) -> None:
    """She is told, and has everything that stood on it; a block is a block."""
    people = still.world.people
    ana = people.add("Ana")
    people.start(ana, "survivor")
    call = Send(REF, WORDS, photo=Photo(b"no picture", Content("No picture. The same words")))
    address = Address("survivor", ana.id)
    row_ = OutRow(1, PersonId("p"), address, "line", call, utc())
    assert isinstance(await still.outbound.deliver(row_), Sent)
    assert people.messages(ana, "survivor")[-1].text == "No picture. The same words"
    people.block(ana, "survivor")
    assert await still.outbound.deliver(row_) == Gone()


async def test_a_press_is_answered_in_the_background(still: Rig) -> None:
    """With its toast; a query that is too old is nobody's trouble."""
    people = still.world.people
    ana = people.add("Ana")
    people.start(ana, "survivor")
    await still.outbound.show(ana.id, RICH)
    query = people.press(ana, "survivor", label="Yes")
    still.outbound.spinner(query, "Saved")
    await eventually(lambda: people.chat(ana, "survivor").toasts)
    still.outbound.spinner(query, "again")

    def codes() -> list[int]:
        made = still.world.journal.entries("call")
        return [call["code"] for call in made if call["method"] == "answerCallbackQuery"]

    await eventually(lambda: codes() == [200, 400])
    assert len(people.chat(ana, "survivor").toasts) == 1
