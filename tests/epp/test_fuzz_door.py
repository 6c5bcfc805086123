"""Damage through the real listener: what is thrown at the socket harms its own connection at most, and every frame gets its answer."""

import asyncio
import random
import re
import ssl
from contextlib import suppress

from structlog.testing import capture_logs

from tests.epp.official import assert_official
from tests.epp.test_hostile import ATTACKS, HELLO, REQUESTS, damaged_octets
from tests.epp.tls_world import HEADER, Door

FRAMES = 1_000
IN_THE_PIPE = 25
STREAMS = 120
CODE = re.compile(rb'<result code="(\d+)">')
GONE = (OSError, ssl.SSLError, asyncio.IncompleteReadError, TimeoutError)


async def test_every_damaged_frame_is_answered_on_a_session_that_lives(door: Door) -> None:
    """A thousand damaged documents, 25 in the pipe at a time: as many answers, official ones, never 2400 or 2500, and work goes on."""
    client = await door.log_in()
    chance = random.Random(7)  # noqa: S311  # the damage must be the same in every run
    with capture_logs() as logs:
        for _ in range(FRAMES // IN_THE_PIPE):
            documents = [_damaged(chance) for _ in range(IN_THE_PIPE)]
            for document in documents:
                client.send(document)
                client.send(HELLO)  # marks where one answer ends and the next begins
            for document in documents:
                answer = await asyncio.wait_for(client.receive(), 10)
                assert_official(answer)
                code = CODE.search(answer)
                assert code is None or code[1] not in (b"2400", b"2500"), (document, answer)
                assert b"<greeting>" in await asyncio.wait_for(client.receive(), 10)
    assert not [line for line in logs if line["log_level"] == "error"]
    assert b'code="1000"' in await client.ask(REQUESTS_BY_KIND["check"])


def _damaged(chance: random.Random) -> bytes:
    if chance.random() < 0.1:
        return chance.choice([attack for attack in ATTACKS if attack])  # a frame without a document is no frame
    return damaged_octets(chance.choice(REQUESTS), chance)


REQUESTS_BY_KIND = {
    "check": b"""<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><check><d:check xmlns:d="urn:ietf:params:xml:ns:domain-1.0">
      <d:name>still-here.zz--main-1234</d:name></d:check></check></command></epp>"""
}


async def test_streams_of_rubbish_end_themselves_and_nobody_else(door: Door) -> None:
    """Random octets, lying lengths, cut frames and sudden ends on connections of their own, before TLS and after: a good session sees none of it."""
    good = await door.log_in()
    chance = random.Random(11)  # noqa: S311  # the same rubbish in every run
    with capture_logs() as logs:
        for number in range(STREAMS):
            await (_before_tls if number % 3 == 0 else _after_tls)(door, chance)
            if number % 10 == 0:
                assert b'code="1000"' in await good.ask(REQUESTS_BY_KIND["check"])
    assert not [line for line in logs if line["log_level"] == "error"]
    assert b'code="1000"' in await (await door.log_in("registrar-b")).ask(REQUESTS_BY_KIND["check"])


async def _before_tls(door: Door, chance: random.Random) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", door.port)
    with suppress(*GONE):
        writer.write(chance.randbytes(chance.randint(0, 400)))
        await writer.drain()
    writer.transport.abort()
    with suppress(*GONE):
        await writer.wait_closed()


async def _after_tls(door: Door, chance: random.Random) -> None:
    client = await door.connect("registrar-b")
    document = chance.choice(REQUESTS)
    rubbish = chance.choice(
        [
            chance.randbytes(chance.randint(1, 2000)),
            HEADER.pack(chance.choice([0, 1, 3, 4, 2**31, 2**32 - 1])) + document,
            HEADER.pack(len(document) + 4) + document[: chance.randrange(len(document))],
            HEADER.pack(len(document) + 4 + chance.randint(1, 50)) + document,
        ]
    )
    with suppress(*GONE):
        client.writer.write(rubbish)
        await client.writer.drain()
        if chance.random() < 0.5:
            await asyncio.wait_for(client.receive(), 0.05)
    await client.close()
