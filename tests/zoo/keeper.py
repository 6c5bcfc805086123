"""The zoo: real servers on loopback that misbehave, with certificates and a DNS of their own, and the watch's real tools beside them."""

import asyncio
import ssl
import warnings
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from registry.kernel.clock import SystemClock
from verifier.checks.asking import Asker
from verifier.checks.visit import Tools
from verifier.fetch.fetcher import Fetcher
from verifier.fetch.reach import Reach

NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Ask:
    """A request as it came."""

    host: str
    path: str
    headers: Mapping[str, str]
    family: int
    scheme: str


@dataclass(frozen=True)
class Answer:
    """What is served."""

    body: bytes | str = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    kind: str = "text/html; charset=utf-8"


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Serve = Callable[[Ask, asyncio.StreamWriter], Awaitable[Answer | None]]


@dataclass
class Records:
    """The DNS of the zoo. ``by`` name and type; ``rcodes`` by name; ``insecure`` names lack AD; ``bogus`` ones fail unless unchecked."""

    by: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    rcodes: dict[str, str] = field(default_factory=dict)
    bogus: set[str] = field(default_factory=set)
    secure: set[str] = field(default_factory=set)
    messages: dict[tuple[str, str], dns.message.Message] = field(default_factory=dict)


class Authority:
    """A certificate authority with an intermediate."""

    def __init__(self, folder: Path, name: str = "Zoo Root") -> None:
        self.folder = folder
        self.middle_name = f"{name} Middle"
        self.root_key = ec.generate_private_key(ec.SECP256R1())
        self.root = make(self.root_key, name, self.root_key, name, ca=True)
        self.middle_key = ec.generate_private_key(ec.SECP256R1())
        self.middle = make(self.middle_key, f"{name} Middle", self.root_key, name, ca=True)
        self.store = folder / f"{name.replace(' ', '-')}.pem"
        self.store.write_bytes(pem(self.root))

    def context(self, label: str, hosts: list[str], *, begins: int = -10, ends: int = 80, chain: bool = True, weak: bool = False,
                self_signed: bool = False, hours: int = 0) -> ssl.SSLContext:  # fmt: skip
        """A server's context with a fresh leaf; days relative to now."""
        key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
        key = (
            rsa.generate_private_key(65537, 1024)  # noqa: S505 - breakable on purpose
            if weak
            else ec.generate_private_key(ec.SECP256R1())
        )
        signer, issuer = (
            (key, hosts[0])
            if self_signed
            else (
                self.middle_key,
                "Zoo Root Middle" if self.root.subject.rfc4514_string() == "CN=Zoo Root" else "Other Root Middle",
            )
        )
        leaf = make(key, hosts[0][:60], signer, issuer, hosts=hosts, begins=begins, ends=ends, hours=hours)
        path = self.folder / f"{label}.pem"
        path.write_bytes(pem(leaf) + (pem(self.middle) if chain and not self_signed else b"") + key_pem(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.load_cert_chain(path)
        return context


def make(key: object, subject: str, signer: object, issuer: str, *, ca: bool = False, hosts: list[str] | None = None, begins: int = -10, ends: int = 365,
         hours: int = 0) -> x509.Certificate:  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())  # type: ignore[attr-defined]
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=begins))
        .not_valid_after(NOW + timedelta(days=ends, hours=hours))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if hosts:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False
        )
    return builder.sign(signer, hashes.SHA256())  # type: ignore[arg-type]


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def key_pem(key: object) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)  # type: ignore[attr-defined,no-any-return]


class Zoo:
    """Start it, put animals in, visit them."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority(folder)
        self.stranger = Authority(folder, "Other Root")
        self.animals: dict[str, Serve] = {}
        self.contexts: dict[str, ssl.SSLContext] = {}
        self.records = Records()
        self.port = self.plain_port = self.dns_port = self.v4_only = 0
        self._servers: list[asyncio.AbstractServer] = []
        self._transports: list[asyncio.BaseTransport] = []
        self._open: set[tuple[asyncio.StreamWriter, asyncio.Task[None]]] = set()
        self.loop_addresses = ["127.0.0.1", "127.0.0.5", "::1"]

    async def open(self) -> "Zoo":
        default = self.authority.context("default", ["default.test"])
        default.sni_callback = self._choose
        server = await asyncio.start_server(
            self.watched(self._secure), self.loop_addresses[0], 0, ssl=default, ssl_handshake_timeout=5
        )
        self.port = server.sockets[0].getsockname()[1]
        self._servers = [server]
        for address in self.loop_addresses[1:]:
            self._servers.append(
                await asyncio.start_server(
                    self.watched(self._secure), address, self.port, ssl=default, ssl_handshake_timeout=5
                )
            )
        self.v4_only = await self.serve_raw(self._secure, default)
        self.plain_port = await self.serve_raw(self._plain)
        self.dns_port = await self._name_server()
        return self

    async def close(self) -> None:
        for transport in self._transports:
            transport.close()
        for server in self._servers:
            server.close()
        for writer, task in self._open:
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*(task for _, task in self._open), return_exceptions=True)
        await asyncio.sleep(0.01)

    def watched(self, handler: Handler) -> Handler:
        """A handler that ends with the zoo."""

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            me = (writer, asyncio.current_task())
            self._open.add(me)  # type: ignore[arg-type]
            try:
                await handler(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                pass
            finally:
                self._open.discard(me)
                writer.transport.abort() if writer.transport.is_closing() else writer.close()

        return handle

    async def serve_raw(self, handler: Handler, context: ssl.SSLContext | None = None) -> int:
        server = await asyncio.start_server(self.watched(handler), "127.0.0.1", 0, ssl=context)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    def put(self, host: str, serve: Serve, context: ssl.SSLContext | None = None) -> None:
        """An animal at ``host``; its name resolves to loopback unless the records say otherwise."""
        self.animals[host] = serve
        if context is not None:
            self.contexts[host] = context
        self.records.by.setdefault((host, "A"), ["127.0.0.1"])

    def tools(self, **more: object) -> Tools:
        reach = Reach(loopback=True)
        asker = Asker(reach, (f"127.0.0.1#{self.dns_port}",), ports=_Anywhere(self.dns_port), seconds=0.5)
        fetcher = Fetcher(SystemClock(), asker, reach, store=str(self.authority.store))
        return Tools(fetcher, asker, **more)  # type: ignore[arg-type]

    def _choose(self, connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if name:
            if name not in self.contexts:
                self.contexts[name] = self.authority.context(f"leaf-{len(self.contexts)}", [name])
            connection.context = self.contexts[name]

    async def _secure(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._handle(reader, writer, "https")

    async def _plain(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._handle(reader, writer, "http")

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, scheme: str) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, TimeoutError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {
                key.lower(): value.strip() for key, _, value in (line.partition(":") for line in head[1:]) if key
            }
            host = headers.get("host", "").rpartition(":")[0] or headers.get("host", "")
            family = 6 if ":" in writer.get_extra_info("sockname")[0] else 4
            ask = Ask(host, head[0].split()[1], headers, family, scheme)
            serve = self.animals.get(host)
            answer = await serve(ask, writer) if serve else Answer("nobody", 404)
            if answer is not None:
                writer.write(wire(self.filled(answer)))
                await writer.drain()
        with suppress(Exception):
            writer.close()

    def filled(self, answer: Answer) -> Answer:
        """``{port}`` in pages and headers is where the zoo listens."""
        port = str(self.port)
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        headers = tuple(
            (key, value.replace("{port}", port).replace("{plain}", str(self.plain_port)))
            for key, value in answer.headers
        )
        return replace(answer, body=body.replace(b"{port}", port.encode()), headers=headers)

    async def _name_server(self) -> int:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Names(self.records), local_addr=("127.0.0.1", 0))
        port = int(transport.get_extra_info("sockname")[1])
        self._transports.append(transport)
        for last in (2, 3, 4):
            more, _ = await loop.create_datagram_endpoint(
                lambda: _Names(self.records), local_addr=(f"127.0.0.{last}", port)
            )
            self._transports.append(more)
        return port


class _Anywhere(dict[str, int]):
    """Every name server of the zoo listens at one port."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def get(self, _: str, __: object = None) -> int:
        return self.port


class _Names(asyncio.DatagramProtocol):
    def __init__(self, records: Records) -> None:
        self.records = records
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        assert self.transport is not None
        where = self.transport.get_extra_info("sockname")[0]
        reply = self.answer(dns.message.from_wire(data), where)
        if reply is not None:
            self.transport.sendto(reply.to_wire(), addr)

    def answer(self, query: dns.message.Message, where: str) -> dns.message.Message | None:
        question = query.question[0]
        name, kind = str(question.name).rstrip(".").lower(), dns.rdatatype.to_text(question.rdtype)
        reply = dns.message.make_response(query)
        records = self.records
        if (name, kind) in records.messages:
            reply.answer = records.messages[name, kind].answer
        rcode = records.rcodes.get(f"{name}@{where}") or records.rcodes.get(name, "")
        if rcode == "silent":
            return None
        if name in records.bogus and not query.flags & dns.flags.CD:
            rcode = "SERVFAIL"
        if rcode:
            reply.set_rcode(dns.rcode.from_text(rcode))
            return reply
        found = records.by.get((f"{name}@{where}", kind)) or records.by.get((name, kind))
        if found and not reply.answer:
            quoted = [f'"{text}"' if kind == "TXT" else text for text in found]
            reply.answer.append(dns.rrset.from_text(question.name, 300, "IN", kind, *quoted))
        elif not reply.answer and not any(key[0] == name for key in (*records.by, *records.messages)):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        if name in records.secure:
            reply.flags |= dns.flags.AD
        return reply


def wire(answer: Answer) -> bytes:
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    headers = [
        ("Content-Type", answer.kind),
        ("Content-Length", str(len(body))),
        ("Connection", "close"),
        *answer.headers,
    ]
    head = f"HTTP/1.1 {answer.status} X\r\n" + "".join(f"{key}: {value}\r\n" for key, value in headers) + "\r\n"
    return head.encode("utf-8") + body


def old_tls(context: ssl.SSLContext, version: ssl.TLSVersion) -> ssl.SSLContext:
    """A context that speaks one old version and nothing else."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        context.minimum_version = version
        context.maximum_version = version
    return context
