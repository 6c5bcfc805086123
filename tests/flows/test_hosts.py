"""Hosts by RFC 5732 and the rows of RST epp-05, epp-11 to epp-13 and epp-23 to epp-27."""

from ipaddress import IPv4Address, IPv6Address

from registry.flows.domain.info import InfoDomain, info_domain
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.flows.host.check import CheckHosts, check_hosts
from registry.flows.host.create import AddressText, CreateHost, create_host
from registry.flows.host.delete import DeleteHost, delete_host
from registry.flows.host.info import InfoHost, info_host
from registry.flows.host.update import UpdateHost, update_host
from registry.kernel.errors import Reason
from registry.model.host import statuses_of
from tests.flows.world import TEST, V4, V6, A, B, World

OWN = f"own.{TEST}"
NS = f"ns1.{OWN}"
OUTSIDE = "ns1.epp-11.rst.abcdefghijklmnopqr.icann"
BAD_ADDRESSES = [
    AddressText("", "v4"), AddressText("2602:800:900e:1257::5", "v4"), AddressText("208.77.190", "v4"),
    AddressText("a.b.c.d", "v4"), AddressText("256.1.1.1", "v4"), AddressText("1.2.3.4.5", "v4"), AddressText("127.0.0.1", "v4"),
    AddressText("10.0.0.1", "v4"), AddressText("224.0.0.1", "v4"), AddressText("208.77.190.1", "v5"),
    AddressText("", "v6"), AddressText("208.77.190.196", "v6"), AddressText("::", "v6"), AddressText("::1", "v6"),
    AddressText("::X", "v6"), AddressText("NOT::HEX::", "v6"), AddressText("fe80::1%eth0", "v6"), AddressText("fc00::1", "v6"),
    AddressText("::ffff:127.0.0.1", "v6"),
]  # fmt: skip
UNSETTABLE = ("clientHold", "linked", "ok", "pendingCreate", "pendingDelete", "pendingTransfer", "pendingUpdate",
              "serverDeleteProhibited", "serverUpdateProhibited", "invalidStatusCode")  # fmt: skip


async def test_an_outside_host_needs_no_address_and_may_have_none(world: World) -> None:
    """Names in mixed case are kept in lower case; an address of an outside host is refused (narrow glue)."""
    created = await world.do(A, create_host, CreateHost(OUTSIDE.upper()))
    found = await world.do(B, info_host, InfoHost(OUTSIDE.title()))

    assert created.name == found.name == OUTSIDE
    assert found.roid == created.roid
    assert found.roid.startswith("H")
    assert (found.superordinate, found.addresses, statuses_of(found)) == (None, frozenset(), {"ok"})
    assert await world.kinds(created.roid) == ["host.created"]
    assert await world.detail("host.created") == {"name": OUTSIDE, "domains": [], "zones": []}
    await world.refused(A, create_host, CreateHost("ns2.example.icann", (V4,)), Reason.POLICY_FORBIDS)
    await world.refused(B, create_host, CreateHost(OUTSIDE), Reason.ALREADY_EXISTS)


async def test_a_host_of_ours_needs_its_domain_and_an_address(world: World) -> None:
    """RST epp-11: no parent, no host; no glue, no host; with them it is created and info tells what was stored."""
    await world.refused(A, create_host, CreateHost(NS, (V4,)), Reason.NOT_FOUND)
    parent = await world.domain(OWN)
    await world.refused(A, create_host, CreateHost(NS), Reason.PARAMETER_MISSING)
    await world.do(A, create_host, CreateHost(NS, (V4, V6)))
    found = await world.do(A, info_host, InfoHost(NS))

    assert found.addresses == {IPv4Address(V4.text), IPv6Address(V6.text)}
    assert found.superordinate == parent.roid
    assert await world.detail("host.created") == {"name": NS, "domains": [OWN], "zones": [TEST]}
    assert (await world.do(A, info_domain, InfoDomain(OWN))).domain.subordinates == (NS,)


async def test_a_bad_host_name_is_refused(world: World) -> None:
    """What is no host name of RFC 1123 with valid A-labels is refused, and checked as not available."""
    for name in ("!.epp-11.icann", "", "single", "a..b", "-a.example", "ns1.example.", "主机.政务", "xn--a.example",
                 "a" * 64 + ".example"):  # fmt: skip
        await world.refused(A, create_host, CreateHost(name), Reason.VALUE_INVALID)
        checked = await world.do(A, check_hosts, CheckHosts((name,)))
        assert not checked[name].available


async def test_a_bad_address_is_refused(world: World) -> None:
    """Every address that RST refuses, of the wrong family, or that nobody can reach, is refused."""
    await world.domain(OWN)
    for address in BAD_ADDRESSES:
        await world.refused(A, create_host, CreateHost(NS, (address,)), Reason.VALUE_INVALID)


async def test_an_address_is_given_once_and_there_are_not_too_many(world: World) -> None:
    """Duplicates, in any spelling, and more than thirteen addresses are refused."""
    await world.domain(OWN)
    twice = (V6, AddressText("2602:0800:900E:1257:0::5", "v6"))
    many = tuple(AddressText(f"208.77.190.{number}", "v4") for number in range(192, 206))
    await world.refused(A, create_host, CreateHost(NS, twice), Reason.POLICY_FORBIDS)
    await world.refused(A, create_host, CreateHost(NS, many), Reason.POLICY_FORBIDS)


async def test_a_stranger_creates_nothing_below_a_name(world: World) -> None:
    """RST epp-25: another registrar's host below the name is refused, with an address and without."""
    await world.domain(OWN)
    await world.refused(B, create_host, CreateHost(NS, (V4,)), Reason.NOT_PERMITTED)
    await world.refused(B, create_host, CreateHost(NS), Reason.NOT_PERMITTED)


async def test_only_the_sponsor_changes_a_host(world: World) -> None:
    """RST epp-12: 2201 for update and delete by another registrar; unknown hosts are 2303."""
    await world.host(OUTSIDE)
    await world.refused(
        B, update_host, UpdateHost(OUTSIDE, add_statuses=("clientDeleteProhibited",)), Reason.NOT_PERMITTED
    )
    await world.refused(B, delete_host, DeleteHost(OUTSIDE), Reason.NOT_PERMITTED)
    await world.refused(A, update_host, UpdateHost("a.b.icann", new_name="c.d.icann"), Reason.NOT_FOUND)
    await world.refused(A, delete_host, DeleteHost("a.b.icann"), Reason.NOT_FOUND)
    await world.refused(A, info_host, InfoHost("a.b.icann"), Reason.NOT_FOUND)
    await world.refused(A, update_host, UpdateHost(OUTSIDE), Reason.PARAMETER_MISSING)


async def test_addresses_come_and_go(world: World) -> None:
    """RST epp-13: add what is new, remove what is there; twice, absent and the last one are errors."""
    await world.domain(OWN)
    await world.host(NS, V4)
    await world.do(A, update_host, UpdateHost(NS, add_addresses=(V6,)))
    await world.refused(A, update_host, UpdateHost(NS, add_addresses=(V6,)), Reason.POLICY_FORBIDS)
    await world.do(A, update_host, UpdateHost(NS, rem_addresses=(V4,)))
    await world.refused(A, update_host, UpdateHost(NS, rem_addresses=(V4,)), Reason.POLICY_FORBIDS)
    await world.refused(A, update_host, UpdateHost(NS, rem_addresses=(V6,)), Reason.PARAMETER_MISSING)
    await world.refused(A, update_host, UpdateHost(NS, add_addresses=(AddressText("::1", "v6"),)), Reason.VALUE_INVALID)
    found = await world.do(A, info_host, InfoHost(NS))

    assert found.addresses == {IPv6Address(V6.text)}
    assert await world.kinds(found.roid) == ["host.created", "host.updated", "host.updated"]


async def test_statuses_follow_the_table_of_rst(world: World) -> None:
    """RST epp-13: two statuses can be set; a lock allows its own removal alone; deletion can be forbidden."""
    await world.host(OUTSIDE)
    for status in ("clientUpdateProhibited", "clientDeleteProhibited"):
        await world.do(A, update_host, UpdateHost(OUTSIDE, add_statuses=(status,)))
        if status == "clientUpdateProhibited":
            await world.refused(A, update_host, UpdateHost(OUTSIDE, new_name="x.y.icann"), Reason.STATUS_FORBIDS)
        else:
            await world.refused(A, update_host, UpdateHost(OUTSIDE, add_statuses=(status,)), Reason.POLICY_FORBIDS)
            await world.refused(A, delete_host, DeleteHost(OUTSIDE), Reason.STATUS_FORBIDS)
        await world.do(A, update_host, UpdateHost(OUTSIDE, rem_statuses=(status,)))
        await world.refused(A, update_host, UpdateHost(OUTSIDE, rem_statuses=(status,)), Reason.POLICY_FORBIDS)
    for status in UNSETTABLE:
        await world.refused(A, update_host, UpdateHost(OUTSIDE, add_statuses=(status,)), Reason.VALUE_INVALID)
        await world.refused(A, update_host, UpdateHost(OUTSIDE, rem_statuses=(status,)), Reason.VALUE_INVALID)


async def test_a_host_moves_where_its_sponsor_may_put_it(world: World) -> None:
    """RST epp-23: outside names and own domains, not bad names, strangers' domains, or domains that do not exist."""
    await world.domain(OWN)
    await world.domain(f"other.{TEST}", B)
    await world.host(NS, V4)
    await world.refused(A, update_host, UpdateHost(NS, new_name="!.invalid"), Reason.VALUE_INVALID)
    await world.do(A, update_host, UpdateHost(NS, new_name="ns1.moved.icann"))
    assert await world.detail("host.updated") == {
        "name": "ns1.moved.icann", "domains": [OWN], "zones": [TEST], "former_name": NS,
    }  # fmt: skip
    moved = await world.do(A, info_host, InfoHost("ns1.moved.icann"))
    assert (moved.superordinate, moved.addresses) == (None, frozenset())
    await world.refused(A, info_host, InfoHost(NS), Reason.NOT_FOUND)
    host = "ns1.moved.icann"
    await world.refused(A, update_host, UpdateHost(host, new_name=f"ns1.other.{TEST}"), Reason.NOT_PERMITTED)
    await world.refused(A, update_host, UpdateHost(host, new_name=f"ns1.nothing.{TEST}"), Reason.NOT_FOUND)
    await world.do(A, update_host, UpdateHost(host, new_name=f"ns9.{OWN}"))
    assert (await world.do(A, info_host, InfoHost(f"ns9.{OWN}"))).roid == moved.roid
    await world.host("ns2.moved.icann")
    await world.refused(A, update_host, UpdateHost("ns2.moved.icann", new_name=f"ns9.{OWN}"), Reason.ALREADY_EXISTS)


async def test_a_host_that_others_use_keeps_its_name(world: World) -> None:
    """RST epp-23: renaming an outside host linked to another registrar's domain is 2305; linked to own ones only it is allowed."""
    await world.host(OUTSIDE)
    await world.domain(OWN, hosts=(OUTSIDE,))
    await world.do(A, update_host, UpdateHost(OUTSIDE, new_name="ns7.rst.icann"))
    assert (await world.do(A, info_domain, InfoDomain(OWN))).domain.hosts == ("ns7.rst.icann",)
    await world.domain(f"other.{TEST}", B, hosts=("ns7.rst.icann",))
    await world.refused(A, update_host, UpdateHost("ns7.rst.icann", new_name="ns8.rst.icann"), Reason.LINKED)


async def test_nothing_is_delegated_to_a_host_of_ours_without_address(world: World) -> None:
    """RST epp-27, and the other way round: a host in use cannot move below a name of ours without an address."""
    await world.domain(OWN)
    await world.domain(f"user.{TEST}")
    await world.host(OUTSIDE)
    await world.do(A, update_host, UpdateHost(OUTSIDE, new_name=NS))
    await world.refused(A, update_domain, UpdateDomain(f"user.{TEST}", add_hosts=(NS,)), Reason.POLICY_FORBIDS)
    await world.do(A, update_host, UpdateHost(NS, add_addresses=(V4,)))
    await world.do(A, update_domain, UpdateDomain(f"user.{TEST}", add_hosts=(NS,)))
    await world.host("ns2.rst.icann")
    await world.do(A, update_domain, UpdateDomain(f"user.{TEST}", add_hosts=("ns2.rst.icann",)))
    await world.refused(A, update_host, UpdateHost("ns2.rst.icann", new_name=f"ns2.{OWN}"), Reason.PARAMETER_MISSING)
    await world.do(A, update_host, UpdateHost("ns2.rst.icann", new_name=f"ns2.{OWN}", add_addresses=(V6,)))


async def test_a_host_in_use_stays(world: World) -> None:
    """RST epp-15 and epp-24: linked hosts are not deleted; free ones are, and info is 2303."""
    await world.host(OUTSIDE)
    await world.domain(OWN, hosts=(OUTSIDE,))
    assert statuses_of(await world.do(A, info_host, InfoHost(OUTSIDE))) == {"ok", "linked"}
    await world.refused(A, delete_host, DeleteHost(OUTSIDE), Reason.LINKED)
    await world.do(A, update_domain, UpdateDomain(OWN, rem_hosts=(OUTSIDE,)))
    await world.do(A, delete_host, DeleteHost(OUTSIDE))
    await world.refused(A, info_host, InfoHost(OUTSIDE), Reason.NOT_FOUND)


async def test_a_change_of_glue_names_every_delegation(world: World) -> None:
    """Whoever rebuilds the zone learns from the change which names delegate to the host and in which zones."""
    await world.domain(OWN)
    await world.domain(f"user.{TEST}", B)
    await world.host(NS, V4)
    await world.do(B, update_domain, UpdateDomain(f"user.{TEST}", add_hosts=(NS,)))
    await world.do(A, update_host, UpdateHost(NS, add_addresses=(V6,)))
    assert await world.detail("host.updated") == {"name": NS, "domains": [OWN, f"user.{TEST}"], "zones": [TEST]}


async def test_a_check_tells_free_and_taken(world: World) -> None:
    """RST epp-05: taken in any case; a valid name is free even when the domain above it does not exist."""
    await world.host(OUTSIDE)
    checked = await world.do(B, check_hosts, CheckHosts((OUTSIDE.upper(), f"ns1.nothing.{TEST}")))
    assert [one.available for one in checked.values()] == [False, True]


async def test_a_suspended_registrar_creates_nothing(world: World) -> None:
    """A suspended registrar may not create hosts."""
    await world.runner.db.execute("update registrar set status = 'suspended' where id = $1", A)
    await world.refused(A, create_host, CreateHost(OUTSIDE), Reason.NOT_PERMITTED)
