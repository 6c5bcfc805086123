"""One line on port 43 to its answer: the only place where a question meets the register."""

import asyncio
from datetime import datetime

from registry.kernel.clock import Clock
from registry.kernel.db import Database
from registry.kernel.names import to_a
from registry.kernel.reads import Reads
from registry.published import bodies, domains, hosts, registrars
from registry.published.records import DomainRecord, Retired, Variant
from whois import answer
from whois.cache import depends
from whois.cache.answers import Answer, Answers
from whois.cache.depends import Keys
from whois.cache.lifetime import changes_at
from whois.lines import instant
from whois.query import AskBody, AskDomain, Asked, AskHelp, AskHost, AskRegistrar, read_line

UPDATE = b"\r\n" + answer.UPDATE.encode()  # before the instant; no value can hold a line break, so it stands once
INSTANT_BYTES = 20  # 2026-06-01T01:00:00Z


class Lines:
    """Lines of port 43 and their answers: out of memory where it may be trusted, out of the register otherwise."""

    def __init__(self, reads: Reads, clock: Clock, memory: Answers) -> None:
        self._reads, self._clock, self._memory = reads, clock, memory

    def at_once(self, line: bytes) -> bytes | None:
        """The answer when it is in memory; None when the register must be asked."""
        now = self._clock.now()
        found = self._memory.get(line, asyncio.get_running_loop().time(), now.timestamp())
        return self._joined(found, now) if found else None

    async def look_up(self, line: bytes) -> bytes:
        """The answer to a line. Refuses with ``SYNTAX_INVALID`` (no question), ``VALUE_INVALID`` (a code that fails its check),
        ``UNAVAILABLE`` (no database answers).
        """
        asked = read_line(line)
        number = self._memory.number()
        reads_from = self._reads.db
        now = self._clock.now()
        found = await self._reads.ask(lambda db: look_up(db, asked, now))
        if self._reads.db is reads_from:
            self._memory.put(line, found, number)
        return self._joined(found, now)

    def _joined(self, found: Answer, now: datetime) -> bytes:
        return found.at(instant(self._reads.as_of(now)).encode())


async def look_up(db: Database, asked: Asked, now: datetime) -> Answer:
    """The answer out of the register."""
    match asked:
        case AskHelp():
            return _answer(answer.help_answer(now), frozenset())
        case AskDomain(name):
            return await _domain(db, name, now)
        case AskHost(name):
            return await _host(db, name, now)
        case AskRegistrar(name):
            return await _registrar(db, name, now)
        case AskBody(code):
            return await _body(db, code, now)


async def _domain(db: Database, name: str, now: datetime) -> Answer:
    found = await domains.find(db, name)
    match found:
        case DomainRecord():
            return _answer(answer.domain_answer(found, now), depends.of_domain(found), changes_at(found, now))
        case Variant():
            return _answer(answer.variant_answer(found, now), depends.of_domain(found.of), changes_at(found.of, now))
        case Retired():
            return _answer(answer.retired_answer(found, now), depends.of_missing_name(name))
    return _missing("domain", name, depends.of_missing_name(name), now)


async def _host(db: Database, name: str, now: datetime) -> Answer:
    host = await hosts.find(db, name)
    if host is None:
        return _missing("nameserver", name, depends.of_missing("nameserver", _wire(name)), now)
    return _answer(answer.host_answer(host, now), depends.of_host(host), host.changes_at(now))


async def _registrar(db: Database, name: str, now: datetime) -> Answer:
    found = await registrars.find(db, name)
    if found is None:
        return _missing("registrar", name, depends.of_missing("registrar", name), now)
    return _answer(answer.registrar_answer(found, now), depends.of_registrar(found))


async def _body(db: Database, code: str, now: datetime) -> Answer:
    found = await bodies.find(db, code)
    if found is None:
        return _missing("body", code, depends.of_missing("body", code), now)
    return _answer(answer.body_answer(found, now), depends.of_body(found))


def _wire(name: str) -> str:
    try:
        return to_a(name.strip())
    except ValueError:
        return name


def _missing(kind: str, asked: str, keys: Keys, now: datetime) -> Answer:
    found = _answer(answer.missing_answer(kind, asked, now), keys)
    found.found = False
    return found


def _answer(text: bytes, keys: Keys, expires: datetime | None = None) -> Answer:
    """Open the text at the instant, so that it may be said later with another one."""
    head, update, rest = text.rpartition(UPDATE)
    return Answer(head + update, rest[INSTANT_BYTES:], expires.timestamp() if expires else 0.0, keys)
