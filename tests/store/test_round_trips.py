"""What is written is what is read: every store gives back the object that it was given."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address

import pytest

from registry.kernel.db import Connection, Database, ForeignKeyViolation, UniqueViolation
from registry.kernel.errors import Text
from registry.model.contact import Contact, Disclose, Phone, Postal
from registry.model.decision import BundleNames, Decision, Finding
from registry.model.domain import DelegationSigner, Domain, Grace, GraceKind, Member, Transfer
from registry.model.host import Host
from registry.model.registrar import Registrar, RegistrarStatus
from registry.model.zone import Zone
from registry.store import applications, contacts, decisions, domains, hosts, registrars, retired, tlds
from registry.store.applications import Application
from registry.store.domains import Links
from registry.store.memory import Memory

NOW = datetime(2026, 6, 1, 1, 2, 3, 456789, tzinfo=UTC)
A, B = "registrar-a", "registrar-b"
ZONE = Zone(
    "test-zone",
    "测试",
    "test-set",
    "zh",
    "grace",
    NOW,
    default_years=3,
    add_grace=timedelta(days=7),
    redemption=timedelta(hours=1),
)
CONTACT = Contact(
    roid="", id="c-1", registrar_id=A, email="a@example.cn", created_at=NOW, created_by=A,
    postal={"int": Postal("N", "C", "CN", "O", ("1", "2"), "P", "1"), "loc": Postal("名", "市", "CN")},
    voice=Phone("+86.1", "2"), fax=Phone("+86.3"), disclose=Disclose(flag=True, elements=frozenset({"voice", "name:int"})),
    auth_hash="sha256$00$11",
)  # fmt: skip
HOST = Host("", "ns1.example.cn", A, NOW, A)
DOMAIN = Domain(
    roid="D1-CONAC", name="xn--zfr54hdx6e.test-zone", u_label="国务院", tld="test-zone", registrar_id=A, created_at=NOW, created_by=A,
    expires_at=NOW + timedelta(days=365), index_label="囯务院", table_id="zh", tld_set="test-set",
    members=(Member("xn--zfr54hdx6e.test-zone", "国务院.测试", "registered"), Member("xn--lhr90h5v6e.test-zone", "國務院.测试", "traditional")),
    uscc="11100000000013039G", registrant_id="c-1", contacts=frozenset({("admin", "c-1"), ("tech", "c-1")}), hosts=("ns1.example.cn",),
    signers=(DelegationSigner(1, 8, 2, bytes(32)), DelegationSigner(60000, 16, 4, bytes(48))), statuses=frozenset({"serverHold"}),
    auth_hash="sha256$22$33", auth_expires_at=NOW + timedelta(days=30), graces=(Grace(GraceKind.ADD, NOW + timedelta(days=5), A, 2),),
)  # fmt: skip
Conn = Connection


@pytest.fixture
async def conn(db: Database) -> AsyncIterator[Conn]:
    """A transaction with two registrars and a zone."""
    async with db.transaction() as connection:
        for identifier in (A, B):
            one = Registrar(identifier, identifier, None, RegistrarStatus.ACTIVE, "hash")
            await registrars.add(connection, one, email="", phone="", url="", address="", at=NOW)
        await tlds.add(connection, ZONE)
        yield connection


async def stored(conn: Conn) -> Domain:
    """The domain of this page with all that it links to, as it was written."""
    await contacts.add(conn, CONTACT, "CONAC")
    host = await hosts.add(conn, HOST, "CONAC")
    links = Links((host or "",), tuple(sorted(DOMAIN.contacts)), DOMAIN.signers)
    await domains.add(conn, DOMAIN, links, remembered(DOMAIN))
    return DOMAIN


def remembered(domain: Domain) -> Memory:
    return Memory("domain.created", domain.roid, "job:test", "ZM-1", "c-1", NOW, {"name": domain.name}, {})


async def test_a_zone_comes_back(conn: Conn) -> None:
    """With its lengths as lengths of time; the two official zones are there from the start."""
    assert await tlds.find(conn, "test-zone") == ZONE
    assert await tlds.find(conn, "nowhere") is None
    assert [zone.unicode for zone in await tlds.find_all(conn)] == ["测试", "公益", "政务"]


async def test_a_contact_comes_back(conn: Conn) -> None:
    """Created, changed and found again; gone after it was removed."""
    roid = await contacts.add(conn, CONTACT, "CONAC")
    assert roid
    written = replace(CONTACT, roid=roid)
    assert await contacts.find(conn, "c-1") == written
    changed = replace(
        written, postal={"loc": Postal("新", "市", "CN")}, voice=Phone(), disclose=None, statuses=frozenset({"clientDeleteProhibited"}),
        auth_hash="", registrar_id=B, updated_at=NOW, updated_by=B, transferred_at=NOW,
    )  # fmt: skip
    await contacts.save(conn, changed)
    assert await contacts.lock(conn, "c-1") == changed
    assert await contacts.known(conn, ["c-1", "c-2"]) == {"c-1"}
    await contacts.remove(conn, roid)
    assert await contacts.find(conn, "c-1") is None


async def test_a_host_comes_back(conn: Conn) -> None:
    """With addresses of both families; a new name is found, the old one is not."""
    domain = await stored(conn)
    inside = Host(
        "", f"ns1.{domain.name}", A, NOW, A, domain.roid, frozenset({IPv4Address("8.8.8.8"), IPv6Address("2620::1")})
    )
    roid = await hosts.add(conn, inside, "CONAC")
    assert roid
    assert await hosts.find(conn, inside.name) == replace(inside, roid=roid)
    moved = replace(
        inside,
        roid=roid,
        name="ns9.example.cn",
        superordinate=None,
        addresses=frozenset(),
        updated_at=NOW,
        updated_by=A,
    )
    await hosts.save(conn, moved)
    assert await hosts.lock(conn, "ns9.example.cn") == moved
    assert await hosts.find(conn, inside.name) is None
    assert await hosts.known(conn, ["ns9.example.cn", "x.cn"]) == {"ns9.example.cn"}


async def test_a_host_knows_who_uses_it(conn: Conn) -> None:
    """The domains that delegate to it and the one above it, each with its whole bundle; and what a delegation must know."""
    domain = await stored(conn)
    host = await hosts.find(conn, HOST.name)
    assert host
    assert host.is_linked
    assert [(use.registrar_id, use.zone, use.names) for use in await hosts.users(conn, host)] == [
        (A, "test-zone", tuple(sorted(member.name for member in domain.members)))
    ]
    inside = Host("", f"ns1.{domain.name}", A, NOW, A, domain.roid, frozenset({IPv4Address("8.8.8.8")}))
    await hosts.add(conn, inside, "CONAC")
    shared = await hosts.share(conn, [inside.name, HOST.name, "x.cn"])
    assert {name: (server.is_internal, server.has_glue) for name, server in shared.items()} == {
        HOST.name: (False, False), inside.name: (True, True),
    }  # fmt: skip
    await hosts.move_subordinates(conn, domain.roid, B, NOW)
    found = await hosts.find(conn, inside.name)
    assert found
    assert (found.registrar_id, found.transferred_at) == (B, NOW)


async def test_a_domain_comes_back_by_every_name_of_its_bundle(conn: Conn) -> None:
    """With its zone, links, members, signers and graces exactly as written."""
    written = await stored(conn)
    for member in DOMAIN.members:
        assert await domains.find(conn, member.name) == (written, ZONE)
        assert await domains.lock(conn, member.name) == (written, ZONE)
        assert await domains.share(conn, member.name) == (written, ZONE)
    assert await domains.find(conn, "nothing.test-zone") is None


async def test_a_domain_changes(conn: Conn) -> None:
    """All that can change comes back changed; links are tied and untied one by one."""
    written = await stored(conn)
    host = await hosts.add(conn, replace(HOST, name="ns2.example.cn"), "CONAC")
    changed = replace(
        written, registrar_id=B, registrant_id=None, statuses=frozenset(), auth_hash="", auth_expires_at=None, updated_at=NOW,
        updated_by=B, expires_at=NOW, transferred_at=NOW, deleted_at=NOW, graces=(),
        transfer=Transfer(B, A, NOW, NOW + timedelta(days=5), 4),
    )  # fmt: skip
    await domains.save(conn, changed, remembered(changed))
    await domains.unlink(conn, written.roid, Links(("ns1.example.cn",), (("tech", "c-1"),), (written.signers[0],)))
    await domains.link(conn, written.roid, Links((host or "",), (("billing", "c-1"),), ()))
    found = await domains.find(conn, written.name)
    assert found
    assert found[0] == replace(
        changed, hosts=("ns2.example.cn",), contacts=frozenset({("admin", "c-1"), ("billing", "c-1")}), signers=written.signers[1:]
    )  # fmt: skip


async def test_the_constraint_holds_every_spelling(conn: Conn) -> None:
    """Another label of the class is refused by the database, and what is linked cannot be pulled away."""
    written = await stored(conn)
    twin = replace(
        DOMAIN,
        roid="D2-CONAC",
        name="xn--lhrx8gky6e.test-zone",
        members=(Member("xn--lhrx8gky6e.test-zone", "囯務院.测试", "registered"),),
    )
    with pytest.raises(UniqueViolation) as caught:
        async with conn.transaction():
            await domains.add(conn, twin, Links(), remembered(twin))
    assert caught.value.constraint_name == "domain_bundle_unique"
    host = await hosts.find(conn, HOST.name)
    contact = await contacts.find(conn, "c-1")
    assert host
    assert contact
    for removal in (hosts.remove(conn, host.roid), contacts.remove(conn, contact.roid)):
        with pytest.raises(ForeignKeyViolation):
            async with conn.transaction():
                await removal
    await domains.remove(conn, written.roid)
    await hosts.remove(conn, host.roid)
    await contacts.remove(conn, contact.roid)


async def test_the_ground_of_a_create_is_one_look(conn: Conn) -> None:
    """Zone, state of the registrar, whether the name is held, and which hosts and contacts exist."""
    await stored(conn)
    found = await domains.ground(conn, "test-zone", A, "囯务院", [HOST.name, "x.cn"], ["c-1", "c-2"], NOW)
    assert found
    assert (found.zone, found.registrar_status, found.is_taken, found.contacts) == (ZONE, "active", True, {"c-1"})
    assert list(found.servers) == [HOST.name]
    free = await domains.ground(conn, "test-zone", "nobody", "别名", [], [], NOW)
    assert free
    assert (free.registrar_status, free.is_taken, free.servers) == (None, False, {})
    assert await domains.ground(conn, "nowhere", A, "别名", [], [], NOW) is None


async def test_a_retired_name_is_its_last_bodys(conn: Conn) -> None:
    """Retired twice, it belongs to the body that held it last; a check sees it."""
    written = await stored(conn)
    await retired.retire(conn, written, "国务院.测试", NOW, "deleted")
    await retired.retire(conn, replace(written, uscc="another"), "国务院.测试", NOW, "deleted again")
    assert await retired.holder_of(conn, "test-set", "zh", "囯务院") == "another"
    assert await retired.holder_of(conn, "test-set", "zh", "别名") is None
    standings = await domains.standings(
        conn, [("n", "test-zone", "囯务院"), ("m", "test-zone", "别名"), ("o", "nowhere", "别名")], NOW
    )
    assert standings == {"n": (True, True, False, False), "m": (False, False, False, False)}


async def test_a_decision_is_kept_whole(conn: Conn) -> None:
    """Question and answer come back as they were told."""
    finding = Finding("NAME.FULL", "pass", Text("是全称", "it is the full name"), {"name": "国务院"})
    decision = Decision(
        "国务院.政务",
        "xn--zfr54hdx6e.xn--zfr164b",
        "pass",
        (finding,),
        BundleNames("国务院.政务"),
        ("国务院.政务",),
        "1",
    )
    number = await decisions.add(conn, decision, uscc="1", asked_by="job:test", request={"name": "国务院.政务"}, at=NOW)
    row = await decisions.find(conn, number)
    assert row
    assert (row["name"], row["answer"], row["request"]) == (
        decision.a_label,
        decision.as_json(),
        {"name": "国务院.政务"},
    )
    assert await decisions.find(conn, number + 1) is None


async def test_an_application_waits_until_it_is_decided_once(conn: Conn) -> None:
    """It comes back as written, waits in its region, keeps its name busy, and is closed exactly once."""
    application = Application(
        "APP-1", "domain", "xn--a.test-zone", "test-zone", "标签", "USCC", A, None, {"years": 2}, NOW
    )
    await applications.add(conn, application)
    written = replace(application, region="000000")
    assert await applications.find(conn, "APP-1") == await applications.lock(conn, "APP-1") == written
    assert await applications.waiting(conn, "0000") == [written]
    assert await applications.waiting(conn, "11") == []
    assert (await domains.standings(conn, [("n", "test-zone", "标签")], NOW))["n"].is_pending
    assert await applications.close(conn, "APP-1", "refused", {"zh": "不符"}, "person:reviewer", NOW)
    assert not await applications.close(conn, "APP-1", "approved", {}, "person:reviewer", NOW)
    closed = await applications.find(conn, "APP-1")
    assert closed
    assert (closed.state, closed.outcome, closed.decided_by, closed.decided_at) == (
        "refused",
        {"zh": "不符"},
        "person:reviewer",
        NOW,
    )
    assert await applications.waiting(conn) == []
    assert await applications.find(conn, "APP-2") is None
