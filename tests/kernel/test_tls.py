"""Certificates: bound by key, contexts after RFC 9325, key files that only we may read."""

import asyncio
import ssl
from pathlib import Path

import pytest

from registry.kernel.clock import SystemClock
from registry.kernel.tls import Pair, issue, key_pin, make_authority, read_pair, server_context, write_secret

NOW = SystemClock().now()  # OpenSSL judges validity by the machine's clock


@pytest.fixture(scope="module")
def authority() -> Pair:
    return make_authority("test", NOW)


async def handshake(folder: Path, context: ssl.SSLContext) -> str | None:
    """The TLS version that a client with ``context`` gets from a server of ours."""
    server_side = server_context(folder / "server.pem", folder / "server.key", folder / "ca.pem")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"x")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server_side)
    port = server.sockets[0].getsockname()[1]
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
        await reader.read(1)
        version: str | None = writer.get_extra_info("ssl_object").version()
        writer.close()
        await writer.wait_closed()
        return version
    finally:
        server.close()
        await server.wait_closed()


@pytest.fixture
def folder(tmp_path: Path, authority: Pair) -> Path:
    authority.write(tmp_path / "ca.pem", tmp_path / "ca.key")
    issue(authority, "localhost", NOW, server_names=("localhost", "127.0.0.1")).write(
        tmp_path / "server.pem", tmp_path / "server.key"
    )
    issue(authority, "registrar-a", NOW).write(tmp_path / "client.pem", tmp_path / "client.key")
    return tmp_path


@pytest.mark.parametrize(
    ("version", "name"), [(ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")]
)
async def test_tls_1_2_and_1_3_are_spoken(folder: Path, version: ssl.TLSVersion, name: str) -> None:
    """Both current versions of TLS work, with a certificate that a standard client accepts."""
    context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    context.minimum_version = context.maximum_version = version

    assert await handshake(folder, context) == name


async def test_a_cipher_without_forward_secrecy_is_refused(folder: Path) -> None:
    """RFC 9325 section 4.2: a client that offers only static RSA or CBC suites gets no session."""
    context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA256:AES256-SHA256:ECDHE-ECDSA-AES128-SHA256")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await handshake(folder, context)


def test_a_renewed_certificate_over_the_same_key_has_the_same_pin(authority: Pair) -> None:
    """A registrar is recognised by its key; another key has another pin."""
    first, second = issue(authority, "a", NOW), issue(authority, "a", NOW)

    assert key_pin(first.certificate) != key_pin(second.certificate)
    assert len(key_pin(first.certificate)) == 32


def test_a_pair_is_read_back_and_its_key_is_private(folder: Path, authority: Pair) -> None:
    """The key file is readable by its owner only."""
    assert read_pair(folder / "ca.pem", folder / "ca.key").certificate == authority.certificate
    assert (folder / "ca.key").stat().st_mode & 0o777 == 0o600


def test_a_secret_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """A half-written file of an earlier crash is replaced, never continued."""
    (tmp_path / "k.partial").write_bytes(b"half")
    write_secret(tmp_path / "k", b"whole")

    assert (tmp_path / "k").read_bytes() == b"whole"
    assert not (tmp_path / "k.partial").exists()
