"""ICANN's Registry System Testing, suite RDAP, against the listening door: every case under its id, errors under ICANN's own names.

The answers to ICANN's questions: data model maximum, host objects, profile February 2024. The checks of the answers themselves are those of ICANN's
conformance tool, by its codes (``tests/whois/profile.py``). rdap-91 (TLS) is held to the same door behind our own TLS settings.
"""

import asyncio
import json
import re
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from registry.kernel.ids import new_token
from registry.kernel.names import to_a
from registry.kernel.tls import Pair, issue, make_authority, server_context
from tests.whois.conftest import Doors, db, doors, world, written
from tests.whois.conftest import config as whois_config
from tests.whois.profile import error_problems, problems
from tests.whois.world import BUREAU, PLAIN, TEST, UNIVERSITY

__all__ = ["db", "doors", "world", "written"]
config = whois_config

ZONES = (to_a("公益"), to_a("政务"), TEST)
DOMAINS = (UNIVERSITY, BUREAU, PLAIN)
NAMESERVERS = (f"ns1.{UNIVERSITY}", "ns2.provider.example")
ENTITIES = ("9995",)
UNORDERED = {
    "entities",
    "events",
    "notices",
    "remarks",
    "links",
    "rdapConformance",
    "publicIds",
    "status",
    "ipAddresses",
    "nameservers",
    "redacted",
}
NUMBERS = {f"rdap-{number:02}" for number in (*range(1, 11), 92)}


@dataclass(slots=True)
class Run:
    """A run against the door: what ICANN would report is collected in ``errors``."""

    doors: Doors
    errors: list[tuple[str, str]] = field(default_factory=list)

    def expect(self, condition: object, error: str, detail: str) -> None:
        """Note the error unless the condition holds."""
        if not condition:
            self.errors.append((error, detail))

    async def ask(self, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
        """Status, headers in small letters, body."""
        async with self.doors.client.request(
            method, f"{self.doors.url}/rdap/{path}", headers={"Accept": "application/rdap+json"}
        ) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, await answer.read()

    async def passes(self, kind: str, path: str, error: str) -> None:
        """An answer of that kind that the conformance tool has nothing against."""
        status, headers, body = await self.ask(path)
        self.expect(status == 200, error, f"{path}: {status}")
        self.expect(headers.get("content-type") == "application/rdap+json", error, f"{path}: -13000")
        self.expect(headers.get("access-control-allow-origin") == "*", error, f"{path}: -20500")
        codes = problems(kind, json.loads(body), f"{self.doors.url}/rdap/{path}")
        self.expect(not codes, error, f"{path}: {codes}")
        head, _, _ = await self.ask(path, "HEAD")
        self.expect(head == status, error, f"{path}: -20300")

    async def head(self, path: str) -> None:
        """rdap-05 to rdap-07."""
        status, headers, body = await self.ask(path, "HEAD")
        self.expect(status == 200, "RDAP_HEAD_RESPONSE_FAILED", f"{path}: {status}")
        self.expect(
            headers.get("access-control-allow-origin") in ("*", self.doors.url), "RDAP_INVALID_ACAO_HEADER", path
        )
        self.expect(body == b"", "RDAP_HEAD_RESPONSE_NOT_EMPTY", path)

    async def missing(self, path: str) -> None:
        """rdap-08 to rdap-10."""
        status, headers, body = await self.ask(path)
        self.expect(status == 404, "RDAP_UNEXPECTED_RESPONSE_STATUS", f"{path}: {status}")
        self.expect(headers.get("access-control-allow-origin") == "*", "RDAP_INVALID_ACAO_HEADER", path)
        self.expect(not body or not error_problems(json.loads(body), 404), "RDAP_INVALID_ERROR_OBJECT", path)


Case = Callable[[Run], Awaitable[None]]
CASES: dict[str, Case] = {}


def case(number: str) -> Callable[[Case], Case]:
    """Put a function under ICANN's id of the case."""

    def put(run: Case) -> Case:
        CASES[number] = run
        return run

    return put


@case("rdap-01")
async def domains(run: Run) -> None:
    """Each test domain passes the thick profile."""
    for name in DOMAINS:
        await run.passes("domain", f"domain/{name}", "RDAP_DOMAIN_RESPONSE_VALIDATION_FAILED")


@case("rdap-02")
async def nameservers(run: Run) -> None:
    """Each test name server, ours and an outside one."""
    for name in NAMESERVERS:
        await run.passes("nameserver", f"nameserver/{name}", "RDAP_NAMESERVER_RESPONSE_VALIDATION_FAILED")


@case("rdap-03")
async def registrars(run: Run) -> None:
    """Each registrar by its handle, which is its public identifier."""
    for handle in ENTITIES:
        await run.passes("entity", f"entity/{handle}", "RDAP_ENTITY_RESPONSE_VALIDATION_FAILED")
        _, _, body = await run.ask(f"entity/{handle}")
        entity = json.loads(body)
        identifiers = [one["identifier"] for one in entity["publicIds"] if one["type"] == "IANA Registrar ID"]
        run.expect(identifiers == [entity["handle"]], "RDAP_ENTITY_RESPONSE_VALIDATION_FAILED", "-26100")


@case("rdap-04")
async def help_(run: Run) -> None:
    """Help passes."""
    await run.passes("help", "help", "RDAP_HELP_RESPONSE_VALIDATION_FAILED")


@case("rdap-05")
async def head_domain(run: Run) -> None:
    """HEAD of a domain."""
    await run.head(f"domain/{UNIVERSITY}")


@case("rdap-06")
async def head_nameserver(run: Run) -> None:
    """HEAD of a name server."""
    await run.head(f"nameserver/{NAMESERVERS[0]}")


@case("rdap-07")
async def head_entity(run: Run) -> None:
    """HEAD of an entity."""
    await run.head("entity/9995")


@case("rdap-08")
async def no_domain(run: Run) -> None:
    """A domain that does not exist, under each zone, and the tool's own (-65300)."""
    for zone in ZONES:
        await run.missing(f"domain/{_random()}.{zone}")
    await run.missing("domain/not-a-domain.invalid")


@case("rdap-09")
async def no_nameserver(run: Run) -> None:
    """A name server that does not exist, one below each zone and one outside: 404, not 400."""
    for zone in ZONES:
        await run.missing(f"nameserver/ns1.{_random()}.{zone}")
        await run.missing(f"nameserver/ns1.{_random()}.icann")


@case("rdap-10")
async def no_entity(run: Run) -> None:
    """A handle that does not exist."""
    for handle in (_random(), _random()[:16].upper(), "99999", "C999999-CONAC"):
        await run.missing(f"entity/{handle}")


@case("rdap-92")
async def consistency(run: Run) -> None:
    """From the register and from memory, twice each: identical after canonicalising, but for the last update."""
    for path in (*(f"domain/{name}" for name in DOMAINS), "entity/9995", f"nameserver/{NAMESERVERS[0]}"):
        found = [canonical(json.loads((await run.ask(path))[2])) for _ in range(3)]
        run.expect(all(one == found[0] for one in found), "RDAP_SERVICE_PORT_NOT_CONSISTENT", path)


def canonical(value: Any, key: str = "") -> Any:
    """The JSON with arrays sorted whose order may differ, and without the instant of the answer."""
    if isinstance(value, dict):
        return {name: canonical(inner, name) for name, inner in sorted(value.items())}
    if isinstance(value, list):
        kept = [
            canonical(one)
            for one in value
            if not (isinstance(one, dict) and one.get("eventAction") == "last update of RDAP database")
        ]
        return sorted(kept, key=json.dumps) if key in UNORDERED else kept
    return value


def _random() -> str:
    return re.sub(r"[^a-z0-9]", "x", new_token().lower())[:18]


def test_every_case_is_here() -> None:
    """All cases of the suite that do not need a public TLS name are in this file."""
    assert set(CASES) == NUMBERS


@pytest.mark.parametrize("number", sorted(NUMBERS))
async def test_rst_rdap(doors: Doors, number: str) -> None:
    """The case finds nothing that ICANN would report."""
    run = Run(doors)
    await CASES[number](run)
    assert run.errors == []
    assert doors.config.public_url


OLD = pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")  # asking for it is the point
ALLOWED_SUITES = {
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
}


@OLD
async def test_rdap_91(doors: Doors, tmp_path: Path) -> None:
    """rdap-91: over TLS 1.2 and 1.3 with the suites of the profile (-61100, -61101) the door answers; TLS 1.1 is refused; names and chain
    are right.
    """
    now = doors.clock.now().replace(year=2026, month=11)
    authority = make_authority("测试", now)
    pair = issue(authority, "localhost", now, server_names=("localhost",))
    pair.write(tmp_path / "server.pem", tmp_path / "server.key")
    context = server_context(tmp_path / "server.pem", tmp_path / "server.key")

    def nobody() -> asyncio.Protocol:
        raise AssertionError

    server = await asyncio.get_running_loop().create_server(doors.rdap.lane(nobody), "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        suite, answer = await _over_tls(port, _client(_pem(authority), version))
        assert answer.startswith(b"HTTP/1.1 200")
        assert version is ssl.TLSVersion.TLSv1_3 or suite in ALLOWED_SUITES
    for bad in (
        _client(_pem(authority), ssl.TLSVersion.TLSv1_1),
        _client(_pem(authority), ssl.TLSVersion.TLSv1_2, "AES256-SHA256:ECDHE-RSA-AES256-SHA384"),
    ):
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await _over_tls(port, bad)
    server.close()


def _pem(authority: Pair) -> bytes:
    return authority.certificate.public_bytes(Encoding.PEM)


def _client(authority_pem: bytes, version: ssl.TLSVersion, ciphers: str = "") -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=authority_pem.decode())
    context.set_ciphers(ciphers or "DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    return context


async def _over_tls(port: int, context: ssl.SSLContext) -> tuple[str, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
    writer.write(b"GET /rdap/help HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    suite = writer.get_extra_info("cipher")[0]
    writer.transport.abort()
    return suite, answer


async def test_a_run_would_report_what_is_wrong(doors: Doors) -> None:
    """The driver is no yes-man: a broken answer, a wrong status and a body after HEAD are each reported under ICANN's name."""
    run = Run(doors)
    await run.missing(f"domain/{UNIVERSITY}")
    await run.head("domain/nobody.example")
    await run.passes("nameserver", f"domain/{UNIVERSITY}", "RDAP_NAMESERVER_RESPONSE_VALIDATION_FAILED")
    assert {error for error, _ in run.errors} == {
        "RDAP_UNEXPECTED_RESPONSE_STATUS", "RDAP_INVALID_ERROR_OBJECT", "RDAP_HEAD_RESPONSE_FAILED", "RDAP_NAMESERVER_RESPONSE_VALIDATION_FAILED",
    }  # fmt: skip
