"""Made-up pictures, voices, stickers and the like, in the shape in which Telegram reports them."""

from __future__ import annotations

import struct

from .chance import Chance
from .errors import PersonCannot, bad_request
from .model import JsonObject

MOST_BYTES, MOST_PIXELS, MOST_RATIO = 10 << 20, 10_000, 20
"""Telegram's limits for a photo: its size, width and height together, and one by the other."""

KINDS = ("photo", "voice", "sticker", "contact", "location", "document", "video", "dice")


def extra_of(kind: str, chance: Chance, name: str) -> JsonObject:
    """The fields that such a message has beside id, sender, chat and date. Raises PersonCannot."""
    match kind:
        case "photo":
            return {
                "photo": [_file(chance, width=90, height=67), _file(chance, width=800, height=600)]
            }
        case "voice":
            return {"voice": _file(chance, duration=7, mime_type="audio/ogg")}
        case "sticker":
            return {
                "sticker": _file(
                    chance,
                    type="regular",
                    width=512,
                    height=512,
                    is_animated=False,
                    is_video=False,
                    emoji="\N{WAVING HAND SIGN}",
                )
            }
        case "contact":
            return {"contact": {"phone_number": "+10000000000", "first_name": name}}
        case "location":
            return {"location": {"latitude": 40.7128, "longitude": -74.006}}
        case "document":
            return {"document": _file(chance, file_name="paper.pdf", mime_type="application/pdf")}
        case "video":
            return {"video": _file(chance, width=640, height=480, duration=5)}
        case "dice":
            return {"dice": {"emoji": "\N{GAME DIE}", "value": chance.randint(1, 6)}}
        case _:
            msg = f"Nobody here can send a {kind!r}; it must be one of {', '.join(KINDS)}."
            raise PersonCannot(msg)


def photo_of(picture: bytes, chance: Chance) -> JsonObject:
    """The field that a photo of a bot has, in the one size it came in. Raises ApiError."""
    if not picture.startswith(b"\x89PNG\r\n\x1a\n"):
        msg = "IMAGE_PROCESS_FAILED"
        raise bad_request(msg)
    width, height = struct.unpack(">II", picture[16:24])
    ratio = max(width, height) / max(1, min(width, height))
    if len(picture) > MOST_BYTES or width + height > MOST_PIXELS or ratio > MOST_RATIO:
        msg = "PHOTO_INVALID_DIMENSIONS"
        raise bad_request(msg)
    size = _file(chance, width=width, height=height)
    return {"photo": [size | {"file_size": len(picture)}]}


def _file(chance: Chance, **more: object) -> JsonObject:
    return {
        "file_id": f"AgAC{chance.getrandbits(120):030x}",
        "file_unique_id": f"AQAD{chance.getrandbits(48):012x}",
        "file_size": chance.randint(1_000, 90_000),
        **more,
    }
