"""Methods that make, change and remove messages and answer presses, with Telegram's limits."""

from __future__ import annotations

from . import entities, keyboards
from .bots import Bot
from .errors import bad_request, forbidden
from .media import photo_of
from .model import Chat, JsonObject, Message, spell
from .notifications import notify, withdraw
from .parameters import Parameters
from .world import World

DELETABLE_SECONDS = 48 * 3600
MAX_TOAST = 200
MAX_CAPTION = 1024
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def send_message(world: World, bot: Bot, given: Parameters) -> str:
    """SendMessage."""
    chat = _writable(world, bot, given.chat_id())
    text, found = _text(given)
    message = _new(world, bot, chat, given)
    message.text, message.entities = text, found
    message.preview = not _preview_is_off(given)
    return _put(world, bot, chat, message, "sendMessage")


def send_photo(world: World, bot: Bot, given: Parameters) -> str:
    """SendPhoto: an uploaded PNG with a caption."""
    chat = _writable(world, bot, given.chat_id())
    picture = given.upload("photo")
    if picture is None:
        msg = "there is no photo in the request"
        raise bad_request(msg)
    shown = photo_of(picture, world.chance)
    caption = _caption(given.text("caption"), given.structure("caption_entities", "entities"))
    message = _new(world, bot, chat, given)
    message.picture, message.extra = picture, shown | caption
    return _put(world, bot, chat, message, "sendPhoto")


def edit_message_media(world: World, bot: Bot, given: Parameters) -> str:
    """editMessageMedia: an uploaded photo takes the place of what the message shows."""
    chat, message = _editable(world, bot, given)
    media = given.structure("media", "media")
    wanted = media.get("media", "") if isinstance(media, dict) else ""
    picture = given.upload(str(wanted).removeprefix("attach://"))
    if picture is None or media.get("type") != "photo":
        msg = "the sandbox takes an uploaded photo here"
        raise bad_request(msg)
    shown = photo_of(picture, world.chance)
    caption = _caption(media.get("caption", ""), media.get("caption_entities"))
    bot.limits.check(chat.id, world.clock.now(), is_new=False)
    message.text, message.entities, message.buttons = None, [], []
    message.picture, message.extra = picture, shown | caption
    return _edited(world, bot, chat, message, "editMessageMedia")


def edit_message_text(world: World, bot: Bot, given: Parameters) -> str:
    """editMessageText: own messages at any age; without a keyboard the old one goes."""
    chat, message = _editable(world, bot, given)
    if message.text is None:
        msg = "there is no text in the message to edit"
        raise bad_request(msg)
    text, found = _text(given)
    buttons = keyboards.accepted(given.structure("reply_markup", "reply keyboard markup"))
    preview = not _preview_is_off(given)
    if (message.text, message.entities, message.buttons) == (text, found, buttons):
        raise bad_request(NOT_MODIFIED)
    bot.limits.check(chat.id, world.clock.now(), is_new=False)
    message.text, message.entities = text, found
    message.buttons, message.preview = buttons, preview
    return _edited(world, bot, chat, message, "editMessageText")


def edit_message_reply_markup(world: World, bot: Bot, given: Parameters) -> str:
    """EditMessageReplyMarkup."""
    chat, message = _editable(world, bot, given)
    buttons = keyboards.accepted(given.structure("reply_markup", "reply keyboard markup"))
    if message.buttons == buttons:
        raise bad_request(NOT_MODIFIED)
    bot.limits.check(chat.id, world.clock.now(), is_new=False)
    message.buttons = buttons
    return _edited(world, bot, chat, message, "editMessageReplyMarkup")


def delete_message(world: World, bot: Bot, given: Parameters) -> str:
    """deleteMessage: under 48 h; own messages anywhere, incoming ones in private chats."""
    chat = _reachable(world, bot, given.chat_id())
    message = chat.alive(given.message_id())
    if message is None:
        msg = "message to delete not found"
        raise bad_request(msg)
    _check_deletable(world, bot, chat, message)
    bot.limits.check(chat.id, world.clock.now(), is_new=False)
    _delete(world, bot, chat, (message,), "deleteMessage")
    return "true"


def delete_messages(world: World, bot: Bot, given: Parameters) -> str:
    """deleteMessages: 1 to 100; unknown ids are skipped, one that may not go refuses them all."""
    chat = _reachable(world, bot, given.chat_id())
    ids = given.message_ids(100)
    messages = [message for i in ids if (message := chat.alive(i)) is not None]
    for message in messages:
        _check_deletable(world, bot, chat, message)
    bot.limits.check(chat.id, world.clock.now(), is_new=False)
    _delete(world, bot, chat, tuple(messages), "deleteMessages")
    return "true"


def answer_callback_query(world: World, bot: Bot, given: Parameters) -> str:
    """answerCallbackQuery: once, and soon."""
    text = given.text("text")
    if entities.units(text) > MAX_TOAST:
        msg = "MESSAGE_TOO_LONG"
        raise bad_request(msg)
    query = world.queries.get(given.text("callback_query_id"))
    now = world.clock.now()
    if (
        query is None
        or query.bot_id != bot.id
        or query.answered
        or now - query.created > world.settings.callback_answer_seconds
    ):
        msg = "query is too old and response timeout expired or query ID is invalid"
        raise bad_request(msg)
    query.answered = True
    if text:
        query.chat.toasts.append(
            {
                "n": world.change + 1,
                "at": now,
                "person": query.person_id,
                "text": text,
                "alert": given.flag("show_alert"),
            }
        )
        world.touch(query.chat)
    world.accepted(bot, "answerCallbackQuery", query.chat.id, (), query.id)
    return "true"


def get_chat(world: World, bot: Bot, given: Parameters) -> str:
    """GetChat."""
    chat = _reachable(world, bot, given.chat_id())
    about: JsonObject = {"id": chat.id, "type": chat.kind}
    about["first_name" if chat.person else "title"] = chat.title
    about |= {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }
    return spell(about)


def leave_chat(world: World, bot: Bot, given: Parameters) -> str:
    """leaveChat: groups only."""
    chat = _reachable(world, bot, given.chat_id())
    if chat.bot_id is not None:
        msg = "chat member status can't be changed in private chats"
        raise bad_request(msg)
    chat.bots.discard(bot.id)
    world.touch(chat)
    world.accepted(bot, "leaveChat", chat.id, ())
    return "true"


# ---------------------------------------------------------------------- inside


def _reachable(world: World, bot: Bot, chat_id: int) -> Chat:
    chat = world.chat_of_bot(bot, chat_id)
    if chat is None:
        msg = "chat not found"
        raise bad_request(msg)
    if chat.bot_id is None and bot.id not in chat.bots:
        msg = f"bot is not a member of the {chat.kind} chat"
        raise forbidden(msg)
    return chat


def _writable(world: World, bot: Bot, chat_id: int) -> Chat:
    chat = _reachable(world, bot, chat_id)
    if chat.blocked:
        msg = "bot was blocked by the user"
        raise forbidden(msg)
    return chat


def _editable(world: World, bot: Bot, given: Parameters) -> tuple[Chat, Message]:
    chat = _writable(world, bot, given.chat_id())
    message = chat.alive(given.message_id())
    if message is None:
        msg = "message to edit not found"
        raise bad_request(msg)
    if message.bot_id != bot.id:
        msg = "message can't be edited"
        raise bad_request(msg)
    return chat, message


def _text(given: Parameters) -> tuple[str, list[JsonObject]]:
    if given.values.get("parse_mode"):
        msg = "the sandbox does not parse markup; send text and entities"
        raise bad_request(msg)
    return entities.accepted(given.text("text"), given.structure("entities", "entities"))


def _caption(words: str, given: object) -> JsonObject:
    if not words:
        return {}
    if entities.units(words) > MAX_CAPTION:
        msg = "message caption is too long"
        raise bad_request(msg)
    caption, found = entities.accepted(words, given)
    return {"caption": caption} | ({"caption_entities": found} if found else {})


def _new(world: World, bot: Bot, chat: Chat, given: Parameters) -> Message:
    """A message with everything but its content; the limits have let it through."""
    buttons = keyboards.accepted(given.structure("reply_markup", "reply keyboard markup"))
    reply_to = _reply_to(chat, given)
    bot.limits.check(chat.id, world.clock.now(), is_new=True)
    return Message(
        id=chat.next_id(),
        sender=None,
        bot_id=bot.id,
        sender_wire=bot.wire,
        date=int(world.clock.now()),
        text=None,
        entities=[],
        buttons=buttons,
        reply_to=reply_to,
        silent=given.flag("disable_notification"),
        protected=given.flag("protect_content"),
    )


def _put(world: World, bot: Bot, chat: Chat, message: Message, method: str) -> str:
    chat.messages[message.id] = message
    world.touch(chat, message)
    notify(bot, chat, message, world.clock.now())
    world.accepted(bot, method, chat.id, (message.id,))
    return message.wire(chat.wire)


def _preview_is_off(given: Parameters) -> bool:
    if (options := given.values.get("link_preview_options")) is None:
        return given.flag("disable_web_page_preview")
    if isinstance(options, str):
        options = given.structure("link_preview_options", "link preview options")
    if not isinstance(options, dict):
        msg = "object expected as link preview options"
        raise bad_request(msg)
    return bool(options.get("is_disabled"))


def _reply_to(chat: Chat, given: Parameters) -> int | None:
    options = given.structure("reply_parameters", "reply parameters")
    if options is None:
        return None
    if not isinstance(options, dict):
        msg = "object expected as reply parameters"
        raise bad_request(msg)
    wanted = int(options.get("message_id", 0))
    if chat.alive(wanted) is not None:
        return wanted
    if options.get("allow_sending_without_reply"):
        return None
    msg = "message to be replied not found"
    raise bad_request(msg)


def _check_deletable(world: World, bot: Bot, chat: Chat, message: Message) -> None:
    is_own = message.bot_id == bot.id
    if not (is_own or chat.bot_id is not None or bot.id in chat.administrators):
        msg = "message can't be deleted"
        raise bad_request(msg)
    if world.clock.now() - message.date > DELETABLE_SECONDS:
        msg = "message can't be deleted for everyone"
        raise bad_request(msg)


def _delete(world: World, bot: Bot, chat: Chat, messages: tuple[Message, ...], method: str) -> None:
    for message in messages:
        message.deleted_by, message.deleted_at = "bot", world.clock.now()
        message.picture = b""
        world.touch(chat, message)
        if message.bot_id == bot.id:
            withdraw(bot, chat, message.id)
    world.accepted(bot, method, chat.id, tuple(message.id for message in messages))


def _edited(world: World, bot: Bot, chat: Chat, message: Message, method: str) -> str:
    message.edit_date = int(world.clock.now())
    message.edits += 1
    world.touch(chat, message)
    world.accepted(bot, method, chat.id, (message.id,))
    return message.wire(chat.wire)


_TEXT = (
    "chat_id text entities reply_markup link_preview_options disable_web_page_preview parse_mode"
)
_PHOTO = "chat_id photo caption caption_entities reply_markup"
TABLE = (
    (
        "sendMessage",
        send_message,
        f"{_TEXT} disable_notification protect_content reply_parameters",
    ),
    (
        "editMessageText",
        edit_message_text,
        f"{_TEXT} message_id",
    ),
    (
        "sendPhoto",
        send_photo,
        f"{_PHOTO} disable_notification protect_content reply_parameters",
    ),
    ("editMessageMedia", edit_message_media, "chat_id message_id media page"),
    ("editMessageReplyMarkup", edit_message_reply_markup, "chat_id message_id reply_markup"),
    ("deleteMessage", delete_message, "chat_id message_id"),
    ("deleteMessages", delete_messages, "chat_id message_ids"),
    (
        "answerCallbackQuery",
        answer_callback_query,
        "callback_query_id text show_alert cache_time url",
    ),
    ("getChat", get_chat, "chat_id"),
    ("leaveChat", leave_chat, "chat_id"),
)
