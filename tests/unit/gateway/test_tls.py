"""HTTPS as with Telegram: a certificate we know is talked to, any other one is not."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.gateway.api import Accepted, Api
from bot.gateway.http1 import LeanTransport
from bot.gateway.transport import NotSent


def certificate(folder: Path, host: str) -> Path:
    """A key and a certificate for that host, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accept everything, twice on one connection."""
    for _ in range(2):
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r")[0]))
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{"ok":true,"result":true}')
    writer.close()


@pytest.fixture
async def serve(tmp_path: Path) -> AsyncIterator[object]:
    """Starts servers with a certificate for a host; returns port and certificate."""
    servers: list[asyncio.Server] = []

    async def start(host: str) -> tuple[int, Path]:
        path = certificate(tmp_path, host)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        servers.append(await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context))
        return servers[-1].sockets[0].getsockname()[1], path

    yield start
    for server in servers:
        server.close()


@pytest.mark.parametrize(
    ("host", "known", "works"),
    [("localhost", True, True), ("localhost", False, False), ("elsewhere.test", True, False)],
    ids=["known", "unknown issuer", "another host's"],
)
async def test_only_the_right_certificate_gets_a_call(
    serve: object, monkeypatch: pytest.MonkeyPatch, host: str, known: bool, works: bool
) -> None:
    """Refused certificates mean that nothing was sent, least of all the token."""
    port, path = await serve(host)
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    url = f"https://localhost:{port}"
    transport = LeanTransport(url)
    api = Api(f"{url}/bot1:x", transport)
    if works:
        for _ in range(2):
            assert await api.call("getMe", {}) == Accepted(result=True)
    else:
        with pytest.raises(NotSent):
            await api.call("getMe", {})
    await transport.shutdown()
