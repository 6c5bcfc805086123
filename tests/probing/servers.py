"""Real name servers on loopback addresses, and one that misbehaves as it is told to."""

import asyncio
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import dns.asyncquery
import dns.dnssec
import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec

from tests.resolver.conftest import is_free

CHILD = "school.xn--55qw42g"
ONE, TWO = "127.0.1.1", "127.0.2.1"  # two networks, both of this machine
KEY = ec.derive_private_key(815, ec.SECP256R1())
OTHER_KEY = ec.derive_private_key(816, ec.SECP256R1())

ZONE = """$TTL 300
@ SOA ns1.{zone}. hostmaster.{zone}. {serial} 1800 900 1209600 300
@ NS ns1.{zone}.
@ NS ns2.{zone}.
ns1 A {one}
ns2 A {two}
{more}
"""


def free_port() -> int:
    """One that is free for both addresses, UDP and TCP."""
    return next(port for port in range(21_000, 30_000) if is_free(port) and _is_free_at(port))


def _is_free_at(port: int) -> bool:
    for address in (ONE, TWO):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((address, port))
            except OSError:
                return False
    return True


def zone_text(serial: int = 7, more: str = "", one: str = ONE, two: str = TWO) -> str:
    """The child's zone."""
    return ZONE.format(zone=CHILD, serial=serial, one=one, two=two, more=more)


def dnskey(key: ec.EllipticCurvePrivateKey = KEY) -> "dns.rdtypes.ANY.DNSKEY.DNSKEY":
    """Its key, zone key and secure entry point in one."""
    return dns.dnssec.make_dnskey(
        key.public_key(), dns.dnssec.Algorithm.ECDSAP256SHA256, dns.dnssec.Flag.ZONE | dns.dnssec.Flag.SEP
    )


def ds_of(key: ec.EllipticCurvePrivateKey = KEY) -> str:
    """The DS record as people type it."""
    return dns.dnssec.make_ds(dns.name.from_text(CHILD + "."), dnskey(key), "SHA256").to_text()


def signed(text: str, at: datetime, *keys: ec.EllipticCurvePrivateKey, life: timedelta = timedelta(days=14)) -> str:
    """The zone signed by dnspython with these keys (else the child's), valid from a day ago for ``life`` from ``at``."""
    zone = dns.zone.from_text(text, origin=CHILD, relativize=False)
    pairs = [(key, dnskey(key)) for key in keys or (KEY,)]
    with zone.writer() as writer:
        dns.dnssec.sign_zone(
            zone,
            writer,
            keys=pairs,
            inception=at - timedelta(days=1),
            expiration=at + life,
            dnskey_ttl=300,
            add_dnskey=True,
        )
    return zone.to_text(relativize=False)


@contextmanager
def nsd(folder: Path, address: str, port: int, text: str, zone: str = CHILD) -> Iterator[None]:
    """NSD with one zone."""
    folder.mkdir(parents=True)
    (folder / "zone").write_text(text)
    (folder / "nsd.conf").write_text(
        f'server:\n  ip-address: {address}@{port}\n  username: ""\n  chroot: ""\n  zonesdir: "{folder}"\n  database: ""\n'
        f'  pidfile: "{folder}/nsd.pid"\n  xfrdfile: "{folder}/xfrd"\n  zonelistfile: "{folder}/list"\n  rrl-ratelimit: 0\n'
        f"remote-control:\n  control-enable: no\nzone:\n  name: {zone}\n  zonefile: zone\n"
    )
    with _running([shutil.which("nsd") or "/usr/sbin/nsd", "-d", "-c", str(folder / "nsd.conf")], address, port):
        yield


@contextmanager
def knot(folder: Path, address: str, port: int, text: str, zone: str = CHILD) -> Iterator[None]:
    """Knot with one zone."""
    folder.mkdir(parents=True)
    (folder / "zone").write_text(text)
    (folder / "knot.conf").write_text(
        f"server:\n  rundir: {folder}\n  user: root:root\n  listen: {address}@{port}\n  udp-workers: 1\n  tcp-workers: 1\n"
        f"database:\n  storage: {folder}/db\nzone:\n  - domain: {zone}\n    storage: {folder}\n    file: zone\n"
    )
    with _running([shutil.which("knotd") or "/usr/sbin/knotd", "-c", str(folder / "knot.conf")], address, port):
        yield


@contextmanager
def _running(command: list[str], address: str, port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            assert process.poll() is None, f"{command[0]} ended"
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.settimeout(0.05)
                client.sendto(b"\0\1\0\0\0\1\0\0\0\0\0\0\0\0\2\0\1", (address, port))
                try:
                    client.recv(512)
                except OSError:
                    continue
                break
        yield
    finally:
        process.terminate()
        process.wait(10)


Answer = Callable[[dns.message.Message], dns.message.Message | None]


@asynccontextmanager
async def odd_server(address: str, port: int, answer: Answer, *, over_tcp: bool = True) -> AsyncIterator[None]:
    """A server that says what ``answer`` makes of a question, or nothing."""
    loop = asyncio.get_running_loop()

    class Datagrams(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, peer: object) -> None:
            if said := answer(dns.message.from_wire(data)):
                self.transport.sendto(said.to_wire(), peer)  # type: ignore[attr-defined]  # of a datagram endpoint

    async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            octets = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
            if said := answer(dns.message.from_wire(octets)):
                writer.write(len(said.to_wire()).to_bytes(2, "big") + said.to_wire())
                await writer.drain()
        except asyncio.IncompleteReadError:
            pass
        writer.close()

    transport, _ = await loop.create_datagram_endpoint(Datagrams, local_addr=(address, port))
    server = await asyncio.start_server(stream, address, port) if over_tcp else None
    try:
        yield
    finally:
        transport.close()
        if server:
            server.close()


def from_zone(text: str, *, edns: bool = True) -> Answer:
    """Right answers from a zone; what is not in it is refused."""
    zone = dns.zone.from_text(text, origin=CHILD, relativize=False)

    def answer(query: dns.message.Message) -> dns.message.Message:
        reply = dns.message.make_response(query)
        if not edns:
            reply.use_edns(False)
        if query.edns > 0:
            reply.use_edns(0)
            reply.set_rcode(dns.rcode.BADVERS)
            return reply
        question = query.question[0]
        if not question.name.is_subdomain(zone.origin):
            reply.set_rcode(dns.rcode.REFUSED)
            return reply
        reply.flags |= dns.flags.AA
        for covers, kind in ((dns.rdatatype.NONE, question.rdtype), (question.rdtype, dns.rdatatype.RRSIG)):
            if found := zone.get_rrset(question.name, kind, covers):
                reply.answer.append(found)
        return reply

    return answer
