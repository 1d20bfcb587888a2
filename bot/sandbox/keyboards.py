"""Inline keyboards as Telegram takes them: what a button needs and how long its data may be."""

from __future__ import annotations

from .errors import bad_request
from .model import JsonObject

MAX_DATA_BYTES = 64
MAX_BUTTONS = 100
_ACTIONS = ("url", "callback_data", "copy_text", "web_app", "login_url")


def accepted(markup: object) -> list[list[JsonObject]]:
    """The rows the server keeps, `[]` for no keyboard. Raises ApiError 400 in Telegram's words."""
    if markup is None or markup == "":
        return []
    if not isinstance(markup, dict):
        msg = "object expected as reply markup"
        raise bad_request(msg)
    rows = markup.get("inline_keyboard")
    if rows is None:
        if markup:
            msg = "the sandbox knows inline keyboards only"
            raise bad_request(msg)
        return []
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        msg = 'field "inline_keyboard" must be an Array of Arrays'
        raise bad_request(msg)
    kept = [[_button(raw) for raw in row] for row in rows if row]
    if sum(map(len, kept)) > MAX_BUTTONS:
        msg = "reply markup is too long"
        raise bad_request(msg)
    return kept


def _button(raw: object) -> JsonObject:
    prefix = "can't parse inline keyboard button"
    if not isinstance(raw, dict):
        msg = f"{prefix}: InlineKeyboardButton must be an Object"
        raise bad_request(msg)
    text = raw.get("text")
    if text is None:
        msg = f'{prefix}: Can\'t find field "text"'
        raise bad_request(msg)
    if not isinstance(text, str):
        msg = f'{prefix}: Field "text" must be of type String'
        raise bad_request(msg)
    if not text.strip():
        msg = "BUTTON_TEXT_INVALID"
        raise bad_request(msg)
    for action in _ACTIONS:
        if value := raw.get(action):
            if action == "callback_data":
                _check_data(value, prefix)
            if action == "url" and not _is_link(value):
                msg = f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL"
                raise bad_request(msg)
            return {"text": text, action: value}
    msg = f"{prefix}: Text buttons are unallowed in the inline keyboard"
    raise bad_request(msg)


def _check_data(value: object, prefix: str) -> None:
    if not isinstance(value, str):
        msg = f'{prefix}: Field "callback_data" must be of type String'
        raise bad_request(msg)
    if value.isascii() and len(value) <= MAX_DATA_BYTES:
        return
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        msg = "strings must be encoded in UTF-8"
        raise bad_request(msg) from None
    if size > MAX_DATA_BYTES:
        msg = "BUTTON_DATA_INVALID"
        raise bad_request(msg)


def _is_link(value: object) -> bool:
    return (isinstance(value, str) and "." in value) or str(value).startswith("tg://")
