"""A driver of ICANN's Registry System Testing, EPP and IDN suites: sessions over TLS, and errors under ICANN's own names.

Every answer is held to the rules that hold in all cases: it must parse, fit the official schemas, and never be 2400. What a case
finds is noted as ``(error name, detail)``; a case passes when it noted nothing.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from lxml import etree

from tests.epp.official import official_schema
from tests.epp.tls_world import Client, Door

CODE = re.compile(r'<result code="(\d+)"')
FIRST_FAILURE = 2000
FAILED = 2400


@dataclass(slots=True)
class Rst:
    """``a`` and ``b`` are the registrars of the test (clid01, clid02). ``other`` names what a third one sponsors."""

    door: Door
    a: Client
    b: Client
    zone: str
    idn_zone: str
    other: str
    errors: list[tuple[str, str]] = field(default_factory=list)

    def note(self, error: str, detail: str) -> None:
        """Something that ICANN would report."""
        self.errors.append((error, detail))

    def expect(self, condition: object, error: str, detail: str) -> None:
        """Note the error unless the condition holds."""
        if not condition:
            self.note(error, detail)

    async def ask(self, client: Client, document: bytes) -> tuple[int, str]:
        """The code and the whole answer, after the rules for every answer."""
        answer = await client.ask(document)
        self._check(answer)
        text = answer.decode()
        found = CODE.search(text)
        code = int(found[1]) if found else 0
        self.expect(code != FAILED, "EPP_GENERIC_COMMAND_ERROR", document.decode())
        return code, text

    def _check(self, answer: bytes) -> None:
        try:
            root = etree.fromstring(answer)
        except etree.XMLSyntaxError as error:
            self.note("EPP_XML_PARSE_ERROR", str(error))
            return
        schema = official_schema()
        self.expect(schema.validate(root), "EPP_SCHEMA_VALIDATION_ERROR", f"{schema.error_log}")

    async def accept(self, client: Client, document: bytes, error: str = "EPP_UNEXPECTED_COMMAND_FAILURE") -> str:
        """A command that must succeed."""
        code, text = await self.ask(client, document)
        self.expect(code < FIRST_FAILURE, error, f"{document.decode()} → {text}")
        return text

    async def refuse(
        self,
        client: Client,
        document: bytes,
        error: str = "EPP_UNEXPECTED_COMMAND_SUCCESS",
        code: int | None = None,
    ) -> None:
        """A command that must fail, with exactly this code when one is given."""
        given, _ = await self.ask(client, document)
        is_right = given >= FIRST_FAILURE and code in (None, given)
        self.expect(is_right, error, f"{document.decode()} → {given}")


Case = Callable[[Rst], Awaitable[None]]
CASES: dict[str, Case] = {}


def case(number: str) -> Callable[[Case], Case]:
    """Put a function under ICANN's id of the case."""

    def put(run: Case) -> Case:
        CASES[number] = run
        return run

    return put


def value_of(answer: str, element: str) -> str | None:
    """The text of the first such element (``domain:exDate``), None when there is none."""
    found = re.search(rf"<{element}(?: [^>]*)?>([^<]*)</{element}>", answer)
    return found[1] if found else None


def statuses(answer: str, kind: str) -> set[str]:
    """The values of the object's status elements."""
    return set(re.findall(rf'<{kind}:status s="(\w+)"', answer))


def graces(answer: str) -> set[str]:
    """The grace period statuses of RFC 3915."""
    return set(re.findall(r'rgpStatus s="(\w+)"', answer))
