"""One line on port 43 to its answer: the only place where a question meets the register."""

from registry.kernel.clock import Clock
from registry.kernel.db import Database
from registry.published import bodies, domains, hosts, registrars
from registry.published.records import DomainRecord, Retired, Variant
from whois import answer
from whois.query import AskBody, AskDomain, Asked, AskHelp, AskHost, AskRegistrar


async def look_up(db: Database, clock: Clock, asked: Asked) -> bytes:
    """The answer. ``Refusal``: ``VALUE_INVALID`` (a code that fails its check), ``UNAVAILABLE`` (the database is away)."""
    match asked:
        case AskHelp():
            return answer.help_answer(clock.now())
        case AskDomain(name):
            return await _domain(db, clock, name)
        case AskHost(name):
            host = await hosts.find(db, name)
            return (
                answer.host_answer(host, clock.now())
                if host
                else answer.missing_answer("nameserver", name, clock.now())
            )
        case AskRegistrar(name):
            found = await registrars.find(db, name)
            now = clock.now()
            return answer.registrar_answer(found, now) if found else answer.missing_answer("registrar", name, now)
        case AskBody(code):
            detail = await bodies.find(db, code)
            return (
                answer.body_answer(detail, clock.now()) if detail else answer.missing_answer("body", code, clock.now())
            )


async def _domain(db: Database, clock: Clock, name: str) -> bytes:
    found = await domains.find(db, name)
    now = clock.now()
    match found:
        case DomainRecord():
            return answer.domain_answer(found, now)
        case Variant():
            return answer.variant_answer(found, now)
        case Retired():
            return answer.retired_answer(found, now)
    return answer.missing_answer("domain", name, now)
