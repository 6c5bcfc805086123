"""ICANN's Registry System Testing, suites EPP and IDN, against a listening server: every case under its id.

The answers to ICANN's questions: data model maximum, host objects, dsData, narrow glue, all contact elements, both postal forms,
variants blocked. epp-22 was withdrawn by ICANN; epp-26 is for wide glue and does not apply.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from registry.flows.act import Act, Caller
from registry.flows.contact.create import CreateContact, create_contact
from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.host.create import AddressText, CreateHost, create_host
from registry.flows.registrar.create import CreateRegistrar, create_registrar
from registry.flows.runner import Runner
from registry.kernel.config import load_config
from registry.model.contact import Postal
from registry.model.zone import Zone
from registry.store import tlds
from tests.conformance import contact_cases, domain_cases, host_cases, session_cases
from tests.conformance.driver import CASES, Rst
from tests.epp import phrases as say
from tests.epp.tls_world import Client, Door, open_door
from tests.epp.world import OPERATOR, TEST_ZONE
from tests.kit.database import TestDatabases

SUITES = (session_cases, contact_cases, host_cases, domain_cases)  # importing them fills CASES
IDN_ZONE = "zz--idn-1234"
OTHER = f"rst-registered.{TEST_ZONE}"
THIRD = Caller("registrar", "registrar-c")
NUMBERS = {f"epp-{number:02}" for number in range(1, 28) if number not in (22, 26)} | {"idn-01", "idn-02"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door(databases: TestDatabases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    """One server for the whole run, as ICANN has it."""
    folder = tmp_path_factory.mktemp("rst")
    (folder / "tls").mkdir()
    async with databases.clone() as db, open_door(db, load_config(data=folder / "data"), folder / "tls") as opened:
        await _furnish(opened.runner)
        yield opened


async def _furnish(runner: Runner) -> None:
    """What ICANN asks for before a run: a third registrar with a domain, a host below it and two contacts; an IDN zone."""

    async def build(act: Act) -> None:
        await create_registrar(act, CreateRegistrar("registrar-c", "第三方", "secret-of-c", 9997))
        zone = Zone(IDN_ZONE, IDN_ZONE, IDN_ZONE, "zh-2022-05-31-93149ffa", "none", act.now)
        await tlds.add(act.conn, zone)

    async def own(act: Act) -> None:
        for contact in ("rst-contact-1", "rst-contact-2"):
            await create_contact(act, CreateContact(contact, {"int": Postal("C", "Beijing", "CN")}, "c@example.cn"))
        await create_domain(act, CreateDomain(OTHER, registrant="rst-contact-1"))
        await create_host(act, CreateHost(f"ns1.{OTHER}", (AddressText("208.77.190.193"),)))

    await runner.run(OPERATOR, build)
    await runner.run(THIRD, own)


async def _log_in(door: Door, name: str) -> Client:
    client = await door.connect(name)
    answer = await client.ask(session_cases.full_login(client.greeting.decode(), name))
    assert b'code="1000"' in answer, answer
    return client


@asynccontextmanager
async def run_of(door: Door) -> AsyncIterator[Rst]:
    """Two sessions, each with a contact."""
    a, b = await _log_in(door, "registrar-a"), await _log_in(door, "registrar-b")
    for client, contact in ((a, "rst-contact"), (b, "rst-b")):
        await client.ask(say.contact_create(contact))  # it may be there from the case before
    try:
        yield Rst(door, a, b, TEST_ZONE, IDN_ZONE, OTHER)
    finally:
        await a.close()
        await b.close()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("number", sorted(CASES))
async def test_case(door: Door, number: str) -> None:
    """The case finds none of the errors that ICANN would report."""
    async with run_of(door) as rst:
        await CASES[number](rst)
    assert rst.errors == []


def test_every_case_is_driven() -> None:
    """No case of the two suites is left out."""
    assert set(CASES) == NUMBERS
