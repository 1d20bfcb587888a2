"""The ways a call can be refused: by the emulated Telegram (`ApiError`, with Telegram's own words)
or by the sandbox, because a person in it cannot do that (`PersonCannot`).
"""

from __future__ import annotations


class ApiError(Exception):
    """What Telegram answers instead of a result: HTTP status, its sentence, and its parameters."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


class PersonCannot(Exception):
    """A person in the sandbox was asked to do what their app would not let them do."""


class ConnectionCut(Exception):
    """The connection ends here without an answer (an injected fault)."""


def bad_request(reason: str) -> ApiError:
    """400 with Telegram's prefix."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """403 with Telegram's prefix."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """409 with Telegram's prefix."""
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(seconds: int) -> ApiError:
    """429; `seconds` until the next try is allowed, in `parameters.retry_after`."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
