"""Port 43 on a real socket, asked by Debian's whois and by callers who mean no good."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from registry.kernel.config import WhoisConfig
from registry.kernel.errors import Reason, Refusal
from tests.kit.clock import FakeClock
from tests.kit.whois import whois
from tests.whois.conftest import Doors
from tests.whois.world import BUREAU, PLAIN, TSINGHUA, UNIVERSITY
from whois.limits import AskingLimits, networks_of
from whois.port43 import Desk


async def asked(port: int, raw: bytes, *, close: bool = False) -> str:
    """The answer to these bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    if close:
        writer.write_eof()
    found = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    await writer.wait_closed()
    return found.decode()


async def test_the_client_of_debian_shows_the_body(doors: Doors) -> None:
    """Debian's whois, given the Chinese name, shows the body in Chinese, its code, and a genuine mark."""
    for name in ("清华大学.公益", "清華大學.公益", UNIVERSITY):
        answer = await asyncio.to_thread(whois, doors.port, name)
        assert "Registrant Name: 清华大学" in answer
        assert f"Registrant USCC: {TSINGHUA}" in answer
        assert "Internationalized Domain Name: 清华大学.公益" in answer
        assert f"Mark: {doors.world.mark} genuine (有效)" in answer
        assert "DNSSEC: signedDelegation" in answer


QUESTIONS = (
    ("國家稅務總局。政務", "Registrant Name: 国家税务总局"), ("国家稅务总局.政务", "Variant Of: 国家税务总局.政务"),
    ("没有的.公益", "No match for: 没有的.公益"), (f"nameserver ns1.{UNIVERSITY}", "IP Address: 208.77.190.193"),
    ("nameserver ns1.清华大学.公益", "IP Address: 2602:800::5"), ("nameserver ns9.x.example", "No match for: ns9.x.example"),
    ("registrar 9995", "Registrar: 演示注册服务机构甲"), ("registrar 4711", "No match for: 4711"),
    (TSINGHUA, "Body Name: 清华大学"), ("body 12440300455752807L", "Body Kind: 事业单位"), (f"domain {PLAIN}", "Domain Name: rst-registered"),
    ("help", "% 正名 WHOIS"), ("-h", "% 正名 WHOIS"), ("12100000400000624E", "Error: value_invalid"), ("nonsense", "Error: syntax_invalid"),
)  # fmt: skip


async def test_every_kind_of_question_is_answered(doors: Doors) -> None:
    """Names in any spelling, servers, registrars, bodies, help, and clear words for what is not there."""
    for query, line in QUESTIONS:
        answer = await asked(doors.port, f"{query}\r\n".encode())
        assert line in answer, query
        assert answer.endswith("\r\n")


async def test_a_caller_who_closes_his_side_is_answered(doors: Doors) -> None:
    """A query without a line end that is followed by end of file is answered."""
    assert "Registrant Name: 国家税务总局" in await asked(doors.port, BUREAU.encode(), close=True)


async def test_a_query_in_gb18030_is_answered(doors: Doors) -> None:
    """A terminal that does not speak UTF-8 is understood."""
    assert "Registrant Name: 清华大学" in await asked(doors.port, "清华大学.公益\r\n".encode("gb18030"))


async def test_a_database_that_is_away_is_said(doors: Doors) -> None:
    """While the database is away the answer says so in both languages, and the door stays open."""
    await doors.db.close()
    for _ in range(2):
        assert "Error: unavailable" in await asked(doors.port, f"{UNIVERSITY}\r\n".encode())


class Register:
    """A source of answers with nothing in memory."""

    def __init__(self, look_up: Callable[[bytes], Awaitable[bytes]]) -> None:
        self.look_up = look_up

    def at_once(self, _: bytes) -> bytes | None:
        return None


async def answered(desk: Desk, line: bytes, address: str) -> bytes:
    """What a caller at this address gets."""
    return desk.at_once(line, address) or await desk.answer(line)


async def nothing(_: bytes) -> bytes:
    return b"answered\r\n"


async def listening(desk: Desk) -> tuple[asyncio.Server, int]:
    server = await asyncio.get_running_loop().create_server(desk.connection, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]


async def until_empty(desk: Desk) -> None:
    """Wait until nobody is connected; fail after some seconds."""
    for _ in range(200):
        if desk.open == 0:
            return
        await asyncio.sleep(0.02)
    pytest.fail("a connection keeps its place")


LIMITS = WhoisConfig(max_query_bytes=64, query_seconds=0.3, max_connections=3, queries_per_minute=0)


async def test_long_lines_and_silent_callers_are_sent_away_with_words() -> None:
    """Too many bytes, no line in time: a refusal is read, then the connection ends; nobody holds a place."""
    desk = Desk(LIMITS, FakeClock(), Register(nothing))
    server, port = await listening(desk)
    async with server:
        for raw in (b"x" * 65 + b"\n", b"x" * 100_000):
            assert "Error: too_large" in await asked(port, raw)
        assert "Error: syntax_invalid" in await asked(port, b"")
        assert "Error: syntax_invalid" in await asked(port, b"half a line")
        assert await asked(port, b"a.example\n" + b"more" * 1000) == "answered\r\n"
        await until_empty(desk)


async def test_more_callers_than_places_are_told_to_come_back() -> None:
    """Beyond the limit a caller is told, and a place that is free again is given again."""
    desk = Desk(replace(LIMITS, query_seconds=5.0), FakeClock(), Register(nothing))
    server, port = await listening(desk)
    async with server:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        assert "Error: session_limit" in await asked(port, b"", close=True)
        for _, writer in held:
            writer.close()
            await writer.wait_closed()
        await until_empty(desk)
        assert await asked(port, b"a.example\n") == "answered\r\n"


async def test_one_address_cannot_hold_all_places() -> None:
    """An address has a share of the places; whoever wants more is told, and others still come in."""
    desk = Desk(replace(LIMITS, query_seconds=5.0, max_connections=1000), FakeClock(), Register(nothing))
    assert all(desk.enter("192.0.2.1/32") for _ in range(100))
    assert not desk.enter("192.0.2.1/32")
    assert desk.enter("192.0.2.2/32")
    for _ in range(101):
        desk.leave("192.0.2.1/32")
    assert desk.holders == {"192.0.2.2/32": 1}


async def test_a_caller_who_does_not_read_is_cut() -> None:
    """An answer that is not read in time does not keep its place."""

    async def long_answer(_: bytes) -> bytes:
        return b"x" * 30_000_000

    desk = Desk(LIMITS, FakeClock(), Register(long_answer))
    server, port = await listening(desk)
    async with server:
        lazy = socket.create_connection(("127.0.0.1", port))
        lazy.sendall(b"a.example\n")
        await asyncio.sleep(0.2)
        assert desk.open == 1
        await until_empty(desk)
        lazy.close()


async def test_a_reset_in_the_middle_harms_nobody() -> None:
    """A caller that resets the connection leaves nothing behind."""

    async def slow(_: bytes) -> bytes:
        await asyncio.sleep(0.1)
        return b"answered\r\n"

    desk = Desk(LIMITS, FakeClock(), Register(slow))
    server, port = await listening(desk)
    async with server:
        rude = socket.create_connection(("127.0.0.1", port))
        rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        rude.sendall(b"a.example\n")
        await asyncio.sleep(0.02)
        rude.close()
        assert await asked(port, b"a.example\n") == "answered\r\n"
        assert desk.open == 0
        assert not desk.working


async def test_a_fault_of_ours_is_a_number_and_nothing_else() -> None:
    """An exception in the look-up becomes an answer with a number, never a traceback or an empty answer."""

    async def broken(_: bytes) -> bytes:
        raise ZeroDivisionError("secret detail")

    desk = Desk(LIMITS, FakeClock(), Register(broken))
    answer = (await answered(desk, b"a.example", "192.0.2.1")).decode()
    assert "Error: unavailable" in answer
    assert "编号" in answer
    assert "secret detail" not in answer


async def test_a_look_up_that_hangs_is_given_up() -> None:
    """A database that does not answer holds no caller longer than the time of a query."""

    async def hanging(_: bytes) -> bytes:
        await asyncio.Event().wait()
        return b""

    answer = (await answered(Desk(LIMITS, FakeClock(), Register(hanging)), b"a.example", "192.0.2.1")).decode()
    assert "Error: unavailable" in answer


async def test_who_asks_too_often_is_told_when_to_come_back(doors: Doors) -> None:
    """The limit of an address is answered with the seconds to wait, and ends with them."""
    desk = Desk(replace(LIMITS, queries_per_minute=60), doors.clock, Register(nothing))
    for _ in range(60):
        assert await answered(desk, b"a.example", "192.0.2.1") == b"answered\r\n"
    refused = (await answered(desk, b"a.example", "192.0.2.1")).decode()
    assert "Error: rate_limited" in refused
    assert "2 秒" in refused
    assert await answered(desk, b"a.example", "198.51.100.1") == b"answered\r\n"
    await doors.clock.move(seconds=2)
    assert await answered(desk, b"a.example", "192.0.2.1") == b"answered\r\n"


def test_a_whole_network_has_a_limit_too() -> None:
    """Many addresses of one /24 (or /48) share a larger bucket, so that rented networks cannot scrape."""
    limits = AskingLimits(10)
    for host in range(80):
        limits.check(f"192.0.2.{host}", 0.0)
    with pytest.raises(Refusal) as caught:
        limits.check("192.0.2.200", 0.0)
    assert caught.value.reason is Reason.RATE_LIMITED
    limits.check("198.51.100.1", 0.0)


@pytest.mark.parametrize(
    ("address", "networks"),
    [
        ("192.0.2.77", ("192.0.2.77/32", "192.0.2.0/24")), ("2001:db8:1:2:3::4", ("2001:db8:1:2::/64", "2001:db8:1::/48")),
        ("::ffff:192.0.2.77", ("192.0.2.77/32", "192.0.2.0/24")), ("fe80::1%eth0", ("fe80::/64", "fe80::/48")), ("", ("local", "local")),
    ],
)  # fmt: skip
def test_addresses_count_by_their_networks(address: str, networks: tuple[str, str]) -> None:
    """IPv4 by address and /24, IPv6 by /64 and /48, mapped IPv4 as IPv4."""
    assert networks_of(address) == networks
