"""The UDP door: batches of datagrams of many clients, each answered to where it came from."""

import asyncio
import socket
import sys

import pytest

from resolver.chain.responder import Responder
from resolver.transport.datagrams import BATCH, available
from resolver.transport.udp import UdpDoor
from tests.resolver.conftest import is_free
from tests.resolver.made import GOV, ask, make_zones

CLIENTS = 5
EACH = BATCH + 10  # more than one batch, and not a multiple of it


def has(address: str) -> bool:
    """Whether this machine has the address."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True


ADDRESSES = ["127.0.0.1", *(["::1"] if has("::1") else [])]


def test_linux_has_the_batched_calls() -> None:
    """Where the GNU C library is, batches are used; elsewhere the plain way serves."""
    assert available() == (sys.platform == "linux")


@pytest.mark.parametrize("batched", [True, False])
@pytest.mark.parametrize("address", ADDRESSES)
async def test_every_client_gets_its_own_answers(address: str, batched: bool) -> None:
    """Bursts of several clients, with packets in between that get silence: each hears exactly what it asked, once."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    port = next(each for each in range(20_000, 30_000) if is_free(each))
    door = UdpDoor(Responder(make_zones(), "udp"), address, port, batched=batched)
    clients = [socket.socket(family, socket.SOCK_DGRAM) for _ in range(CLIENTS)]
    for client in clients:
        client.setblocking(False)
    door.open()
    try:
        for number in range(EACH):
            for which, client in enumerate(clients):
                client.sendto(b"\0" * (number % 12), (address, port))
                client.sendto(number.to_bytes(2, "big") + ask(f"n{number}.c{which}.{GOV}")[2:], (address, port))
            await asyncio.sleep(0)
        for which, client in enumerate(clients):
            heard = await receive(client, EACH)
            assert sorted(int.from_bytes(said[:2], "big") for said in heard) == list(range(EACH))
            assert all(f"\x02c{which}\x0b".encode() in said for said in heard)
    finally:
        door.close()
        for client in clients:
            client.close()


async def receive(client: socket.socket, number: int) -> list[bytes]:
    loop = asyncio.get_running_loop()
    return [await asyncio.wait_for(loop.sock_recv(client, 4096), 5) for _ in range(number)]


async def test_a_closed_door_answers_no_more_and_lets_go_of_its_port() -> None:
    """After closing, another door opens on the same port at once."""
    port = next(each for each in range(20_000, 30_000) if is_free(each))
    for _ in range(2):
        door = UdpDoor(Responder(make_zones(), "udp"), "127.0.0.1", port)
        door.open()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.setblocking(False)
            client.sendto(ask(GOV, "SOA"), ("127.0.0.1", port))
            assert await receive(client, 1)
        door.close()
    assert is_free(port)
