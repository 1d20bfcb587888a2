"""The guard of tests/loopback.py really guards."""

import asyncio
import socket

import pytest

from tests.loopback import GUARD, LeftLoopbackError

ELSEWHERE = "192.0.2.1"
"""A documentation address: nobody answers there, and nobody should be asked."""


@pytest.fixture
def guard_forgives():
    """These tests leave on purpose; what the guard noted is theirs to read, not their failure."""
    yield GUARD.refused
    GUARD.refused.clear()


@pytest.mark.parametrize("call", ["connect", "connect_ex"])
def test_a_connection_off_the_machine_is_refused_in_a_sentence(call, guard_forgives):
    """Both ways of connecting name the host and what to do instead."""
    with (
        socket.socket() as outside,
        pytest.raises(LeftLoopbackError, match=r"192\.0\.2\.1.*emulator"),
    ):
        getattr(outside, call)((ELSEWHERE, 443))
    assert guard_forgives == [f"socket.connect {ELSEWHERE}"]


def test_asking_for_a_foreign_name_is_refused(guard_forgives):
    """Not even the name of another machine leaves."""
    with pytest.raises(LeftLoopbackError, match=r"api\.telegram\.org"):
        socket.getaddrinfo("api.telegram.org", 443)
    assert guard_forgives == ["socket.getaddrinfo api.telegram.org"]


def test_a_datagram_off_the_machine_is_refused(guard_forgives):
    """UDP needs no connection, and is watched all the same."""
    with socket.socket(type=socket.SOCK_DGRAM) as outside, pytest.raises(LeftLoopbackError):
        outside.sendto(b"x", (ELSEWHERE, 53))
    assert guard_forgives == [f"socket.sendto {ELSEWHERE}"]


async def test_asyncio_is_watched_too(guard_forgives):
    """A name looked up in a worker thread is refused there as well."""
    with pytest.raises(LeftLoopbackError):
        await asyncio.open_connection("example.org", 80)
    assert guard_forgives == ["socket.getaddrinfo example.org"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_is_open(host):
    """The emulator listens here."""
    with (
        socket.create_server((host, 0)) as server,
        socket.create_connection((host, server.getsockname()[1]), timeout=5) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_unix_sockets_are_open():
    """They cannot leave the machine."""
    left, right = socket.socketpair()
    with left, right:
        left.sendall(b"x")
        assert right.recv(1) == b"x"
