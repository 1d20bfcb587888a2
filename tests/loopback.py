"""Keeps the test run on this machine. An audit hook sees every connection of Python's own sockets,
and refuses those that would leave loopback; it cannot be patched away or forgotten. What libuv
opens by itself (an event loop of uvloop) is out of its sight, as are subprocesses: those get only
loopback addresses from their tests.
"""

import ipaddress
import socket

WATCHED = frozenset(
    {
        "socket.connect",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
    }
)
NAMES_OF_LOOPBACK = frozenset({"", "localhost", "localhost.localdomain", "ip6-localhost"})


class LeftLoopbackError(AssertionError):
    """Something tried to reach beyond this machine during a test."""


class LoopbackGuard:
    """The audit hook, and what it has refused (`event host`), cleared test by test."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    def hook(self, event: str, args: tuple[object, ...]) -> None:
        """Raise `LeftLoopbackError` for a watched event whose target is not loopback."""
        if event not in WATCHED:
            return
        host = _host_of(event, args)
        if host is None or _is_loopback(host):
            return
        self.refused.append(f"{event} {host}")
        msg = (
            f"A test may talk only to this machine, and {event} was asked for {host!r}; "
            "point the code under test at the emulator on 127.0.0.1."
        )
        raise LeftLoopbackError(msg)


def _host_of(event: str, args: tuple[object, ...]) -> str | None:
    """The host an event would reach; None where it cannot leave, as with UNIX sockets."""
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = args[0]
    else:
        family = getattr(args[0], "family", None)
        address = args[1] if len(args) > 1 else None
        if family not in {socket.AF_INET, socket.AF_INET6} or not isinstance(address, tuple):
            return None
        host = address[0]
    if isinstance(host, bytes):
        return host.decode("ascii", "replace")
    return host if isinstance(host, str) else None


def _is_loopback(host: str) -> bool:
    if host.lower() in NAMES_OF_LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


GUARD = LoopbackGuard()
