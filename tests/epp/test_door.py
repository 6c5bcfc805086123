"""The listener: TLS, certificates, deadlines, order, budget."""

import asyncio
import ssl
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from registry.epp import connection
from registry.epp.server import EppServer
from registry.epp.service import create
from registry.kernel import tls
from registry.kernel.clock import SystemClock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Fault
from registry.kernel.service import Parts
from tests.epp import phrases
from tests.epp.official import assert_official
from tests.epp.tls_world import HEADER, Door, login, open_door

GOLDEN = Path(__file__).parent.parent / "golden" / "epp"
CHECK = (GOLDEN / "contact-check.both.request.xml").read_bytes()


def numbered_check(number: int) -> bytes:
    return CHECK.replace(b"contact-check-both", f"number-{number}".encode())


async def test_greeting_login_command_logout(door: Door) -> None:
    """A client is greeted, logs in with its own certificate, is answered, logs out, and the connection ends."""
    client = await door.connect()
    assert_official(client.greeting)
    assert b'code="1000"' in await client.ask(login("registrar-a"))
    assert b"chkData" in await client.ask(CHECK)
    assert b'code="1500"' in await client.ask((GOLDEN / "logout.bye.request.xml").read_bytes())
    assert await client.is_closed()


@pytest.mark.parametrize("certificate", ["registrar-b", ""])
async def test_right_password_with_the_wrong_certificate_is_refused(door: Door, certificate: str) -> None:
    """Another registrar's certificate, or none, does not let anybody in who knows the password."""
    client = await door.connect(certificate)
    assert b'code="2200"' in await client.ask(login("registrar-a"))


async def test_a_certificate_of_another_authority_is_refused_by_tls(door: Door) -> None:
    """A certificate that our authority did not sign ends the handshake, whatever name it carries."""
    with pytest.raises((ssl.SSLError, OSError, asyncio.IncompleteReadError)):
        await door.connect("stranger")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_both_versions_of_tls_work(door: Door, version: ssl.TLSVersion) -> None:
    """TLS 1.2 and TLS 1.3 are both spoken, each with a suite of RFC 9325."""
    context = door.context("registrar-a")
    context.minimum_version = context.maximum_version = version
    client = await door.connect(context=context)
    assert b"greeting" in client.greeting
    assert "GCM" in client.writer.get_extra_info("cipher")[0]


async def test_old_tls_is_refused(door: Door) -> None:
    """TLS 1.1 gets no connection."""
    context = door.context("registrar-a")
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, OSError)):
        await asyncio.open_connection("127.0.0.1", door.port, ssl=context)


async def test_third_wrong_login_closes(door: Door) -> None:
    """Two wrong logins are told 2200; the third is told 2501 and the connection ends."""
    client = await door.connect()
    for code in (b"2200", b"2200", b"2501"):
        assert b'code="%s"' % code in await client.ask(login("registrar-a", "wrong-password"))
    assert await client.is_closed()


async def test_pipelined_commands_are_answered_in_order(door: Door) -> None:
    """A hundred commands sent at once are answered one by one in their order."""
    client = await door.log_in()
    for number in range(100):
        client.send(numbered_check(number))
    for number in range(100):
        assert f"<clTRID>number-{number}<".encode() in await client.receive()


async def test_a_document_over_the_limit_ends_the_connection(door: Door) -> None:
    """A length over the limit is told 2500 from its header alone."""
    client = await door.log_in()
    client.writer.write(HEADER.pack(1 << 30))
    answer = await client.receive()
    assert_official(answer)
    assert b'code="2500"' in answer
    assert await client.is_closed()


async def test_garbage_keeps_the_session(door: Door) -> None:
    """What is no XML is told 2001, and the session goes on."""
    client = await door.log_in()
    for garbage in (b"\x00\xff", b"<", b"GET / HTTP/1.1\r\n\r\n", "汉".encode("gb18030"), b"<a>" * 9000):
        answer = await client.ask(garbage)
        assert_official(answer)
        assert b'code="2001"' in answer
    assert b"chkData" in await client.ask(CHECK)


async def test_a_trickling_frame_is_cut(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame whose octets come in too slowly ends the connection at its deadline, however alive it looks."""
    monkeypatch.setattr(connection, "FRAME_SECONDS", 0.3)
    client = await door.log_in()
    frame = HEADER.pack(len(CHECK) + HEADER.size) + CHECK
    started = asyncio.get_running_loop().time()
    closed = asyncio.create_task(client.is_closed())
    for octet in frame:
        if closed.done():
            break
        client.writer.write(bytes([octet]))
        await asyncio.sleep(0.02)
    assert await closed
    assert asyncio.get_running_loop().time() - started < 3


async def test_a_stranger_must_log_in_soon(db: Database, config: Config, tmp_path: Path) -> None:
    """A connection that greets for ever without logging in is ended by the login deadline."""
    async with open_door(db, config, tmp_path / "tls", login_seconds=0.3) as door:
        client = await door.connect()
        started = asyncio.get_running_loop().time()
        assert await client.is_closed()
        assert asyncio.get_running_loop().time() - started < 3


async def test_an_idle_session_ends(db: Database, config: Config, tmp_path: Path) -> None:
    """A session in which nothing is asked ends after the idle time."""
    async with open_door(db, config, tmp_path / "tls", idle_seconds=0.3) as door:
        client = await door.log_in()
        assert await client.is_closed()


async def test_a_client_that_does_not_read_is_cut(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that asks and never reads its answers is ended; what waits for it stays bounded."""
    monkeypatch.setattr(connection, "WRITE_SECONDS", 0.5)
    client = await door.log_in()
    many = b"".join(b"<contact:id>wang-%d</contact:id>" % number for number in range(800))
    big = CHECK.replace(b"<contact:id>wang-1</contact:id>", many)
    client.reader._transport.pause_reading()  # type: ignore[attr-defined]  # the stream has no public way to stop reading
    for _ in range(200):
        client.send(big)
    for _ in range(100):
        if not door.server._open:
            break
        await asyncio.sleep(0.1)
    assert not door.server._open


async def test_the_budget_of_a_registrar(db: Database, config: Config, tmp_path: Path) -> None:
    """A registrar over its number of sessions is told 2502; another registrar still gets in."""
    async with open_door(db, config, tmp_path / "tls", max_connections_per_registrar=2) as door:
        held = [await door.log_in() for _ in range(2)]
        third = await door.connect()
        assert b'code="2502"' in await third.ask(login("registrar-a"))
        await door.log_in("registrar-b")
        await held[0].close()
        await asyncio.sleep(0.2)
        await door.log_in()


async def test_the_budget_of_the_door(db: Database, config: Config, tmp_path: Path) -> None:
    """Over its number of connections the door drops newcomers and keeps whom it has."""
    async with open_door(db, config, tmp_path / "tls", max_connections=2) as door:
        first, _second = await door.log_in(), await door.log_in()
        with pytest.raises((asyncio.IncompleteReadError, OSError, ssl.SSLError)):
            await door.connect()
        assert b"chkData" in await first.ask(CHECK)


async def test_drain_ends_idle_sessions_and_takes_nothing_new(door: Door) -> None:
    """Draining ends idle sessions, refuses connections and says not ready."""
    client = await door.log_in()
    port = door.port
    await door.server.drain()
    assert await client.is_closed()
    assert not door.server.ready()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_two_processes_may_share_the_port(door: Door) -> None:
    """A second server binds the same port, and both answer from the same register."""
    second = EppServer(door.runner)
    await second.start()
    try:
        clients = [await door.log_in() for _ in range(12)]
        assert {b"chkData" in await client.ask(CHECK) for client in clients} == {True}
        assert door.server._open
        assert second._open
    finally:
        await second.close()


async def test_a_renewed_certificate_is_used_without_dropping_a_session(door: Door) -> None:
    """New connections get the renewed certificate, the old session goes on, and a broken file changes nothing."""
    old = await door.log_in()
    credentials = door.server.credentials
    assert credentials
    assert not credentials.refresh()
    (door.certificates / "server.pem").write_text("half written")
    assert not credentials.refresh()
    authority = tls.read_pair(door.certificates / "ca.pem", door.certificates / "ca.key")
    renewed = tls.issue(authority, "epp", SystemClock().now(), server_names=("127.0.0.1",))
    renewed.write(door.certificates / "server.pem", door.certificates / "server.key")
    assert credentials.refresh()
    new = await door.log_in()
    shown = [client.writer.get_extra_info("ssl_object").getpeercert(binary_form=True) for client in (old, new)]
    assert shown[0] != shown[1] == renewed.certificate.public_bytes(Encoding.DER)
    assert b"chkData" in await old.ask(CHECK)


async def test_a_race_for_one_name_has_one_winner(door: Door) -> None:
    """Sixteen sessions of two registrars create the same name at once: one 1000, fifteen 2302, and one domain in the register."""
    clients = [await door.log_in(name) for name in ("registrar-a", "registrar-b") * 8]
    await clients[0].ask(phrases.contact_create("rst-contact"))
    for client in clients:
        client.send(phrases.domain_create("race.zz--main-1234"))
    answers = [await client.receive() for client in clients]
    assert sorted(b'code="1000"' in answer for answer in answers) == [False] * 15 + [True]
    assert sum(b'code="2302"' in answer for answer in answers) == 15
    assert await door.runner.db.fetchval("select count(*) from domain") == 1


async def test_the_service_names_the_file_that_is_missing(db: Database, config: Config) -> None:
    """Without its certificate the service does not start, and says which file it wants."""
    service = create(Parts(config, db, SystemClock()))
    assert service.name == "epp"
    assert not service.ready()
    with pytest.raises(Fault, match=r"epp\.pem"):
        await service.start()
