"""The lane before the web application: what it takes, what it hands over, and that there is one reading of every byte."""

import asyncio
import json

import pytest

from tests.whois.conftest import Doors
from tests.whois.world import PLAIN, UNIVERSITY
from whois.rdap.lane import MAX_HEAD, read_request

GET = f"GET /rdap/domain/{PLAIN} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


async def exchange(doors: Doors, *pieces: bytes, wait: float = 0.0) -> bytes:
    """Everything that comes back for these bytes until the server, or our closing of the sending side, ends it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", doors.config.port("web"))
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(wait)
    writer.write_eof()
    found = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return found


async def one(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """One answer off a kept connection."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    return int(head.split()[1]), await reader.readexactly(length)


async def test_a_kept_connection_goes_from_the_lane_to_the_application(doors: Doors) -> None:
    """Questions over RDAP, then a page, then RDAP again on one connection: each gets its answer, whoever carries it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", doors.config.port("web"))
    for _ in range(3):
        writer.write(GET)
        status, body = await one(reader)
        assert (status, json.loads(body)["ldhName"]) == (200, PLAIN)
    for path, status in (("/lookup", 200), (f"/rdap/domain/{UNIVERSITY}", 200), ("/nowhere", 404)):
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert (await one(reader))[0] == status
    writer.close()


async def test_questions_that_come_together_are_answered_in_order(doors: Doors) -> None:
    """Pipelined requests, and one that comes while another is being looked up, are answered one after the other."""
    other = GET.replace(PLAIN.encode(), UNIVERSITY.encode())
    for pieces in ((GET + other + GET,), (GET, other + GET), (GET, other, GET)):
        found = await exchange(doors, *pieces, b"", wait=0.05)
        names = [json.loads(part.partition(b"\r\n\r\n")[2])["ldhName"] for part in found.split(b"HTTP/1.1 ")[1:]]
        assert names == [PLAIN, UNIVERSITY, PLAIN]


async def test_a_question_in_pieces_is_answered(doors: Doors) -> None:
    """A request that comes byte by byte is put together by the application."""
    reader, writer = await asyncio.open_connection("127.0.0.1", doors.config.port("web"))
    for at in range(0, len(GET), 7):
        writer.write(GET[at : at + 7])
        await writer.drain()
        await asyncio.sleep(0.001)
    assert (await one(reader))[0] == 200
    writer.close()


ODD = (
    GET[:-2] + b"Content-Length: 5\r\n\r\n", GET[:-2] + b"Transfer-Encoding: chunked\r\n\r\n", GET[:-2] + b"Expect: 100-continue\r\n\r\n",
    GET[:-2] + b"Upgrade: h2c\r\n\r\n", GET[:-2] + b"Host: other\r\n\r\n", GET[:-2] + b" folded: x\r\n\r\n", GET[:-2] + b"No colon\r\n\r\n",
    GET[:-2] + b"Name : x\r\n\r\n", GET[:-2] + b"Connection: close\r\n\r\n", GET.replace(b"HTTP/1.1", b"HTTP/1.0"), GET.replace(b"GET", b"POST"),
    GET.replace(b"GET ", b"GET  "), GET.replace(b"\r\n", b"\n"), GET.replace(b"/rdap/domain", b"/rdap/\x00domain"), GET[:-1], GET + b"G",
    GET.replace(b"Host: localhost\r\n", b""), GET.replace(b"/rdap/", b"http://x/rdap/"), b"", b"\r\n\r\n", GET.replace(b"rdap", b"rdap\xc3\xa9"),
    GET.replace(b"/domain", b"/" + b"a" * MAX_HEAD), GET.replace(b"/rdap/domain/", b"/rdap/bootstrap/"), GET.replace(b"localhost", b"a\x01b"),
)  # fmt: skip


@pytest.mark.parametrize("data", ODD)
def test_what_is_in_the_least_unusual_is_not_taken(data: bytes) -> None:
    """Bodies, doubled or folded fields, other methods, versions and targets, halves and wholes with something behind go to the application."""
    assert read_request(data, "192.0.2.1") is None


def test_a_plain_question_is_taken() -> None:
    """Method, target, host and the fields that matter are read; names of fields in any case."""
    data = GET[:-2] + b'ACCEPT: application/rdap+json\r\nif-none-match: W/"a"\r\nUser-Agent: x\r\n\r\n'
    question = read_request(data, "192.0.2.1")
    assert question is not None
    assert (question.method, question.target, question.host) == ("GET", f"/rdap/domain/{PLAIN}", "localhost")
    assert (question.accept, question.if_none_match) == ("application/rdap+json", 'W/"a"')


async def test_every_odd_request_is_answered_or_refused_in_words(doors: Doors) -> None:
    """Whatever is sent, something of HTTP comes back, never a traceback, and the next caller is served."""
    for data in ODD:
        found = await exchange(doors, data)
        assert b"Traceback" not in found
        assert found == b"" or found.startswith(b"HTTP/1."), data
    assert b" 200 OK" in await exchange(doors, GET, b"", wait=0.1)


async def test_lane_and_application_give_the_same_answer(doors: Doors) -> None:
    """The same question through either carries the same status, headers and body."""
    for target in (f"/rdap/domain/{PLAIN}", "/rdap/domain/nobody.example", "/rdap/nothing", "/rdap/help"):
        through = []
        for more in (b"", b"Content-Length: 0\r\n"):
            head, _, body = (
                await exchange(
                    doors, f"GET {target} HTTP/1.1\r\nHost: localhost\r\n".encode() + more + b"\r\n", b"", wait=0.1
                )
            ).partition(b"\r\n\r\n")
            fields = {line.split(b":")[0].lower(): line.split(b":", 1)[1].strip() for line in head.split(b"\r\n")[1:]}
            through.append((head.split(b"\r\n")[0].split()[1], {k: v for k, v in fields.items() if k != b"date"}, body))
        assert through[0] == through[1], target
