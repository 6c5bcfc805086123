"""The published window: typed reads over the views, whatever spelling is asked for."""

from datetime import timedelta

import pytest

from registry.flows.domain.delete import DeleteDomain, delete_domain
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.published import bodies, contacts, directory, domains, hosts, registrars
from registry.published.names import read_name
from registry.published.places import below, kind_words, places_of, provinces
from registry.published.records import DomainRecord, Retired, Variant
from tests.kit.clock import START
from tests.whois.world import BUREAU, BUREAU_OLD, DS, PLAIN, TAX, TSINGHUA, UNIVERSITY, YANGJIANG, A, World


@pytest.mark.parametrize(
    "spelling",
    [
        "国家税务总局.政务",
        "國家稅務總局.政务",
        "國家稅務總局.政務",
        "xn--lhr90hp0e2pax40jgkf.xn--lhrz14b",
        BUREAU,
        BUREAU.upper(),
        f"{BUREAU_OLD}.",
    ],
)
async def test_any_member_finds_the_name(db: Database, spelling: str) -> None:
    """Simplified or traditional, as text or as A-label, the zone in either script: it is one name."""
    found = await domains.find(db, spelling)
    assert isinstance(found, DomainRecord)
    assert found.name == BUREAU
    assert found.asked.name in (BUREAU, BUREAU_OLD)


async def test_a_name_comes_with_all_that_hangs_on_it(db: Database) -> None:
    """One look-up brings body, registrar, servers, signers, contacts and marks."""
    found = await domains.find(db, UNIVERSITY)
    assert isinstance(found, DomainRecord)
    assert found.body
    assert (found.body.uscc, found.body.kind_zh, found.body.place_zh) == (TSINGHUA, "事业单位", "中央")
    assert (found.registrar.handle, found.registrar.name) == ("9995", "演示注册服务机构甲")
    assert [server.name for server in found.servers] == [f"ns1.{UNIVERSITY}", "ns2.provider.example"]
    assert found.servers[0].addresses == ("208.77.190.193", "2602:800::5")
    assert found.domain.signers == (DS,)
    assert sorted(kind for kind, _ in found.contacts) == ["admin", "billing", "tech"]
    assert [found.mark_state(mark) for mark in found.marks] == ["valid"]
    assert found.statuses(START) == ("ok",)
    assert found.grace_statuses(START) == ("addPeriod",)
    assert found.grace_statuses(START + timedelta(days=6)) == ()


@pytest.mark.parametrize(
    ("spelling", "disposition"), [("国家稅务总局.政务", "blocked"), ("囯家税务总局.政务", "blocked")]
)
async def test_another_spelling_is_known_as_such(db: Database, spelling: str, disposition: str) -> None:
    """A spelling that stands in no zone but belongs to a registered name is answered with that name."""
    found = await domains.find(db, spelling)
    assert isinstance(found, Variant)
    assert found.disposition == disposition
    assert found.of.name == BUREAU


async def test_a_pure_spelling_that_is_not_in_use_is_withheld(db: Database) -> None:
    """A whole traditional spelling beside the one in use is kept for the holder (RFC 4713)."""
    await db.execute("delete from bundle_name where name = $1", BUREAU_OLD)
    found = await domains.find(db, "國家稅務總局.政务")
    assert isinstance(found, Variant)
    assert found.disposition == "withheld"


@pytest.mark.parametrize(
    "text", ["没有的.公益", "清华大学", "a.b.公益", "", ".", "x." * 200, "清华大学.com", "\ud800.公益", "xn--.公益"]
)
async def test_what_is_not_there_is_none(db: Database, text: str) -> None:
    """Unknown names, other zones and no names at all give nothing and never an exception."""
    assert await domains.find(db, text) is None


async def test_a_retired_name_is_remembered(db: Database) -> None:
    """A name that was official once is known in every spelling after it is gone."""
    asked = read_name("旧机构.政务")
    assert asked
    await db.execute(
        "insert into retired_name values ($1, $2, $3, $4, $5, $6, 'test')",
        "xn--zfr164b", "zh-2022-05-31-93149ffa", asked.index, "旧机构.政务", TAX, START,
    )  # fmt: skip
    found = await domains.find(db, "舊機構.政务")
    assert isinstance(found, Retired)
    assert (found.unicode, found.uscc) == ("旧机构.政务", TAX)


async def test_a_mark_ends_with_its_body(db: Database) -> None:
    """A valid mark counts as suspended from the instant its body is gone, before anybody acts."""
    await db.execute("update body set status = 'abolished' where uscc = $1", TSINGHUA)
    found = await domains.find(db, UNIVERSITY)
    assert isinstance(found, DomainRecord)
    assert [(mark.state, found.mark_state(mark)) for mark in found.marks] == [("valid", "suspended")]


async def test_a_name_on_its_way_out_says_so(db: Database, world: World) -> None:
    """After a request to delete the name is still found, with its pending status."""
    clock = world.runner.clock
    await clock.move(days=10)
    await world.runner.run(A, lambda act: delete_domain(act, DeleteDomain(PLAIN)))
    found = await domains.find(db, PLAIN)
    assert isinstance(found, DomainRecord)
    assert "pendingDelete" in found.statuses(clock.now())
    assert not found.is_live


async def test_hosts_registrars_and_contacts(db: Database) -> None:
    """Hosts by name in either form, registrars by identifier, id and name, contacts by ROID."""
    host = await hosts.find(db, "ns1.清华大学.公益")
    assert host
    assert (host.addresses, host.statuses(START)) == (("208.77.190.193", "2602:800::5"), ("linked", "ok"))
    assert await hosts.find(db, "ns9.清华大学.公益") is None
    assert await hosts.find(db, "not a host") is None
    for text in ("9995", "registrar-a", "演示注册服务机构甲"):
        found = await registrars.find(db, text)
        assert found
        assert found.iana_id == 9995
    assert await registrars.by_handle(db, "registrar-a") is None
    contact = await contacts.by_roid(db, "C1-CONAC")
    assert contact
    assert "张晓明" not in repr(contact)


async def test_a_body_by_code_and_by_name(db: Database) -> None:
    """A body is found by its code in any case and by each of its names of today in any script; a slip is explained."""
    for text in (TAX.lower(), f" {TAX} "):
        detail = await bodies.find(db, text)
        assert detail
        assert [name.unicode for name in detail.domains] == ["国家税务总局.政务"]
        assert ("former", "国家税务局") in detail.other_names
    for name in ("国家税务总局", "國家稅務總局", "税务总局"):
        found = await bodies.find_by_name(db, name)
        assert found
        assert found.body.uscc == TAX
    assert await bodies.find_by_name(db, "国家税务局") is None
    with pytest.raises(Refusal) as caught:
        await bodies.find(db, TSINGHUA[:-1] + "E")
    assert caught.value.reason is Reason.VALUE_INVALID


def test_places_and_kinds_are_put_in_words() -> None:
    """A region code becomes province, city and county; a kind its name."""
    assert "".join(place.name for place in places_of("430104")) == "湖南省长沙市岳麓区"
    assert [place.name for place in places_of("110108")] == ["北京市", "海淀区"]
    assert places_of("000000") == ()
    assert len(provinces()) == 34
    assert "430100" in {place.code for place in below("430000")}
    assert "110108" in {place.code for place in below("110000")}
    assert "430104" in {place.code for place in below("430100")}
    assert below("430104") == ()
    assert kind_words("12").zh == "事业单位"
    assert kind_words("99").en


async def test_no_read_writes_a_row(db: Database) -> None:
    """Every read of the window works on a connection that may not write at all, as on a replica."""
    strict = await Database.open(f"{db.dsn}&options=-c%20default_transaction_read_only%3Don", size=2)
    try:
        with pytest.raises(Exception, match="read-only"):
            await strict.execute("update body set name = name")
        assert await domains.find(strict, UNIVERSITY)
        assert await domains.find(strict, "国家稅务总局.政务")
        assert await domains.find(strict, "没有的.公益") is None
        assert await domains.zones(strict)
        assert await hosts.find(strict, f"ns1.{UNIVERSITY}")
        assert await registrars.find(strict, "9995")
        assert await contacts.by_roid(strict, "C1-CONAC")
        assert await bodies.find(strict, YANGJIANG)
        assert await bodies.find_by_name(strict, "清华大学")
        assert not (await directory.listing(strict, directory.Filter(word="没有"))).lines
        assert await directory.suggest(strict, "meiyou") == []
    finally:
        await strict.close()
