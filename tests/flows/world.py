"""A small registry to act in: three registrars, an official zone of each kind, a test zone, bodies, contacts, hosts."""

import csv
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

from registry.establishment.importing import import_file
from registry.flows.act import Act, Caller
from registry.flows.contact.create import CreateContact, create_contact
from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.host.create import AddressText, CreateHost, create_host
from registry.flows.registrar.create import CreateRegistrar, create_registrar
from registry.flows.runner import Runner
from registry.flows.verification.issue import issue_code
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import CreatedDomain
from registry.model.contact import Phone, Postal
from registry.model.domain import DelegationSigner
from registry.model.verification import PresentedCode
from registry.model.zone import Zone
from registry.policy.codes import compose
from registry.store import registrars, tlds

T = TypeVar("T")
Order = TypeVar("Order")
A, B, C = "registrar-a", "registrar-b", "registrar-c"
TEST, GOV, ORG = "zz--main-1234", "xn--zfr164b", "xn--55qw42g"
STRONG = "kX7mQ2vR9tW4zB8nH3jL6pD1"  # 24 letters and digits: 142 bits
WEAK = "password"
DS = DelegationSigner(12345, 16, 2, bytes(range(32)))
V4, V6 = AddressText("208.77.190.196", "v4"), AddressText("2602:800:900e:1257::5", "v6")
CHINESE = Postal("测试中心", "北京市", "CN", "测试单位", ("学院路 1 号",), "北京市", "100000")
LATIN = Postal("Test Centre", "Beijing", "CN", "Test Unit", ("1 Xueyuan Road",), "Beijing", "100000")
EMAIL = "contact@example.cn"
PASSWORD = "secret-password"
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class World:
    """Acts as registrars do. ``do`` is the only way in."""

    runner: Runner

    async def do(self, caller: str | Caller, flow: Callable[[Act, Order], Awaitable[T]], order: Order) -> T:
        """Run one act for a registrar (its id) or another caller."""
        who = Caller("registrar", caller) if isinstance(caller, str) else caller
        return await self.runner.run(who, lambda act: flow(act, order))

    async def refused(
        self, caller: str | Caller, flow: Callable[[Act, Order], Awaitable[T]], order: Order, reason: Reason
    ) -> Refusal:
        """The refusal, which has the reason, both languages and says where; and nothing was written."""
        before = await self.written()
        with pytest.raises(Refusal) as caught:
            await self.do(caller, flow, order)
        refusal = caught.value
        assert refusal.reason is reason, f"{refusal.reason}: {refusal.text} ({refusal.where}={refusal.value})"
        assert refusal.text.zh
        assert refusal.text.en
        assert refusal.where
        assert await self.written() == before
        return refusal

    async def written(self) -> dict[str, int]:
        """How many rows everything has that an act writes."""
        tables = ("domain", "bundle_name", "domain_host", "domain_contact", "domain_ds", "host", "contact", "registrar",
                  "history", "audit_entry", "change", "poll_message", "application", "retired_name")  # fmt: skip
        counts = ", ".join(f"(select count(*) from {table}) as {table}" for table in tables)
        row = await self.runner.db.fetchrow(f"select {counts}")
        assert row
        return dict(row)

    async def kinds(self, subject: str) -> list[str]:
        """What history says of an object; audit and change feed must say the same, in the same order."""
        told = [
            [row["kind"] for row in await self.runner.db.fetch(f"select {column} as kind from {table} where subject = $1 order by {key}", subject)]
            for table, column, key in (("history", "act", "id"), ("audit_entry", "act", "id"), ("change", "kind", "seq"))
        ]  # fmt: skip
        assert told[0] == told[1] == told[2]
        return told[0]

    async def detail(self, kind: str) -> dict[str, Any]:
        """The detail of the last change of a kind."""
        found = await self.runner.db.fetchval(
            "select detail from change where kind = $1 order by seq desc limit 1", kind
        )
        assert isinstance(found, dict)
        return found

    async def contact(self, identifier: str = "c-1", registrar: str = A) -> str:
        """A contact of a registrar."""
        order = CreateContact(identifier, {"loc": CHINESE, "int": LATIN}, EMAIL, Phone("+86.1062770334", "12"))
        await self.do(registrar, create_contact, order)
        return identifier

    async def host(self, name: str, *addresses: AddressText, registrar: str = A) -> str:
        """A host of a registrar."""
        await self.do(registrar, create_host, CreateHost(name, addresses))
        return name

    async def domain(self, name: str, registrar: str = A, **fields: Any) -> CreatedDomain:
        """A domain of a registrar, with the contact ``c-1`` as registrant unless another is named."""
        return await self.do(registrar, create_domain, CreateDomain(name, **{"registrant": "c-1", **fields}))

    async def body(self, name: str, kind: str = "11", serial: str = "00000130", **fields: Any) -> str:
        """A living body of the centre in the establishment database, and its code."""
        uscc = compose(kind, "100000", serial)
        row = {
            "uscc": uscc,
            "name": name,
            "kind": kind,
            "region": "100000",
            "level": "central",
            "status": "normal",
            "administrative": "0",
        }
        path = self.runner.config.data / f"{serial}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=[*row, *fields])
            writer.writeheader()
            writer.writerow({**row, **fields})
        report = await import_file(self.runner.db, path, snapshot=False, actor="job:test", clock=self.runner.clock)
        assert report.inserted == 1, report.rejections
        return uscc

    async def code(self, uscc: str, name: str, registrar: str = A, kind: str = "registrant") -> PresentedCode:
        """A verification code for a body, as its registrar presents it."""
        issued = await self.runner.run(
            Caller("registrar", registrar), lambda act: issue_code(act, kind, uscc, name, registrar)
        )
        return PresentedCode(issued.encoded)


async def build(runner: Runner) -> World:
    """Write the registrars and the zones; then ``c-1``."""
    world = World(runner)
    operator = Caller("person", "operator", may_override=True)
    async with runner.db.transaction() as conn:  # the migration brings the two official zones
        await tlds.add(conn, Zone(TEST, TEST, TEST, "zh", "none", EPOCH, idn_only=False))
    made = await world.do(operator, create_registrar, CreateRegistrar(A, f"注册商 {A}", PASSWORD))
    for identifier in (B, C):  # the same hash, because hashing is slow on purpose
        async with runner.db.transaction() as conn:
            twin = replace(made, id=identifier, name=f"注册商 {identifier}")
            await registrars.add(conn, twin, email="", phone="", url="", address="", at=EPOCH)
    await world.contact()
    return world
