"""The door as registrars reach it: a real listener, a private authority, a client certificate for each registrar."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from registry.epp.server import EppServer
from registry.flows.act import Act
from registry.flows.registrar.bind_certificate import BindCertificate, bind_certificate
from registry.flows.runner import Runner
from registry.kernel import tls
from registry.kernel.clock import SystemClock
from registry.kernel.config import Config
from registry.kernel.db import Database
from tests.epp.world import OPERATOR, REGISTRARS, build_world

HEADER = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Door:
    """``certificates`` holds ``NAME.pem`` and ``NAME.key`` for each registrar, ``stranger`` of another authority, and ``ca.pem``."""

    runner: Runner
    server: EppServer
    certificates: Path
    clients: list["Client"] = field(default_factory=list)

    @property
    def port(self) -> int:
        return self.server.port

    def context(self, name: str = "") -> ssl.SSLContext:
        """A client's side of TLS, with the certificate of that name."""
        context = ssl.create_default_context(cafile=self.certificates / "ca.pem")
        if name:
            context.load_cert_chain(self.certificates / f"{name}.pem", self.certificates / f"{name}.key")
        return context

    async def connect(self, name: str = "registrar-a", context: ssl.SSLContext | None = None) -> "Client":
        """A connection that has read its greeting."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, ssl=context or self.context(name))
        client = Client(reader, writer)
        self.clients.append(client)
        client.greeting = await client.receive()
        return client

    async def log_in(self, name: str = "registrar-a") -> "Client":
        """A connection that is logged in."""
        client = await self.connect(name)
        answer = await client.ask(login(name))
        assert b'code="1000"' in answer, answer
        return client


@dataclass(slots=True)
class Client:
    """The plainest client: frames out, frames in."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    greeting: bytes = b""

    def send(self, document: bytes) -> None:
        self.writer.write(HEADER.pack(len(document) + HEADER.size) + document)

    async def receive(self) -> bytes:
        length = HEADER.unpack(await self.reader.readexactly(HEADER.size))[0]
        return await self.reader.readexactly(length - HEADER.size)

    async def ask(self, document: bytes) -> bytes:
        self.send(document)
        return await asyncio.wait_for(self.receive(), 10)

    async def is_closed(self) -> bool:
        """Whether the server ends the connection now."""
        try:
            return await asyncio.wait_for(self.reader.read(1), 10) == b""
        except (OSError, ssl.SSLError):
            return True

    async def close(self) -> None:
        self.writer.transport.abort()
        with suppress(OSError, ssl.SSLError):
            await self.writer.wait_closed()


def login(name: str, password: str = "") -> bytes:
    password = password or REGISTRARS[name]
    return f"""<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><login><clID>{name}</clID><pw>{password}</pw>
      <options><version>1.0</version><lang>en</lang></options><svcs><objURI>urn:ietf:params:xml:ns:domain-1.0</objURI>
      <objURI>urn:ietf:params:xml:ns:contact-1.0</objURI><objURI>urn:ietf:params:xml:ns:host-1.0</objURI></svcs></login>
      <clTRID>log-in</clTRID></command></epp>""".encode()


@asynccontextmanager
async def open_door(db: Database, config: Config, folder: Path, **limits: Any) -> AsyncIterator[Door]:
    """A listener on a free port, until the end of the block."""
    certificates = _make_certificates(folder)
    epp = replace(
        config.epp,
        certificate_file=str(certificates / "server.pem"),
        key_file=str(certificates / "server.key"),
        client_ca_file=str(certificates / "ca.pem"),
        **limits,
    )
    runner = Runner(db, SystemClock(), replace(config, port_base=_free_port() - 1, epp=epp))
    await build_world(runner)
    await _bind(runner, certificates)
    server = EppServer(runner)
    await server.start()
    door = Door(runner, server, certificates)
    try:
        yield door
    finally:
        await server.close()
        for client in door.clients:
            await client.close()


def _make_certificates(folder: Path) -> Path:
    now = SystemClock().now()
    authority, other = tls.make_authority("registry", now), tls.make_authority("somebody else", now)
    authority.write(folder / "ca.pem", folder / "ca.key")
    tls.issue(authority, "epp", now, server_names=("localhost", "127.0.0.1")).write(
        folder / "server.pem", folder / "server.key"
    )
    for name in REGISTRARS:
        tls.issue(authority, name, now).write(folder / f"{name}.pem", folder / f"{name}.key")
    tls.issue(other, "registrar-a", now).write(folder / "stranger.pem", folder / "stranger.key")
    return folder


async def _bind(runner: Runner, certificates: Path) -> None:
    async def bind(act: Act) -> None:
        for name in REGISTRARS:
            pair = tls.read_pair(certificates / f"{name}.pem", certificates / f"{name}.key")
            ends = pair.certificate.not_valid_after_utc
            await bind_certificate(act, BindCertificate(name, tls.key_pin(pair.certificate), name, ends))

    await runner.run(OPERATOR, bind)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
