"""Updating domains: RFC 5731 section 3.2.5 and the rows of RST epp-16."""

import asyncio
from dataclasses import replace

from registry.flows.act import Caller
from registry.flows.domain.delete import DeleteDomain, delete_domain
from registry.flows.domain.info import InfoDomain, info_domain
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.flows.host.delete import DeleteHost, delete_host
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import DomainView
from tests.flows.world import DS, STRONG, TEST, WEAK, A, B, World

NAME = f"rst-epp-16.{TEST}"
OTHER = replace(DS, key_tag=54321)


async def change(world: World, **fields: object) -> None:
    await world.do(A, update_domain, UpdateDomain(NAME, **fields))  # type: ignore[arg-type]


async def refuse(world: World, reason: Reason, **fields: object) -> Refusal:
    return await world.refused(A, update_domain, UpdateDomain(NAME, **fields), reason)  # type: ignore[arg-type]


async def seen(world: World, registrar: str = A) -> DomainView:
    return await world.do(registrar, info_domain, InfoDomain(NAME))


async def test_statuses_follow_the_table_of_rst(world: World) -> None:
    """All five client statuses can be set; the update lock then allows its own removal alone; the rest cannot be set."""
    await world.domain(NAME)
    for status in ("clientDeleteProhibited", "clientHold", "clientRenewProhibited", "clientTransferProhibited"):
        await change(world, add_statuses=(status,))
        await refuse(world, Reason.POLICY_FORBIDS, add_statuses=(status,))
    await change(world, add_statuses=("clientUpdateProhibited",))
    await refuse(world, Reason.STATUS_FORBIDS, rem_statuses=("clientHold",))
    await refuse(world, Reason.STATUS_FORBIDS, rem_statuses=("clientUpdateProhibited",), auth=STRONG)
    await change(world, rem_statuses=("clientUpdateProhibited",))
    for status in ("linked", "ok", "inactive", "pendingCreate", "pendingDelete", "pendingRenew", "pendingTransfer",
                   "pendingUpdate", "serverHold", "serverDeleteProhibited", "serverUpdateProhibited", "invalid"):  # fmt: skip
        await refuse(world, Reason.VALUE_INVALID, add_statuses=(status,))
        await refuse(world, Reason.VALUE_INVALID, rem_statuses=(status,))
    assert (await seen(world)).statuses == {
        "clientDeleteProhibited", "clientHold", "clientRenewProhibited", "clientTransferProhibited", "inactive",
    }  # fmt: skip
    await change(world, rem_statuses=("clientHold", "clientDeleteProhibited"))
    await refuse(world, Reason.POLICY_FORBIDS, rem_statuses=("clientHold",))


async def test_hosts_are_added_once_and_removed_once(world: World) -> None:
    """RST epp-16-ns: unknown is 2303, twice and absent are errors; info shows exactly what is left."""
    await world.domain(NAME)
    await refuse(world, Reason.NOT_FOUND, add_hosts=("ns1.rst.icann",))
    await world.host("ns1.rst.icann")
    await world.host("ns2.rst.icann")
    await change(world, add_hosts=("NS1.rst.icann",))
    assert ((await seen(world)).domain.hosts, (await seen(world)).statuses) == (("ns1.rst.icann",), {"ok"})
    await refuse(world, Reason.POLICY_FORBIDS, add_hosts=("ns1.rst.icann",))
    await change(world, add_hosts=("ns2.rst.icann",), rem_hosts=("ns1.rst.icann",))
    await refuse(world, Reason.POLICY_FORBIDS, rem_hosts=("ns1.rst.icann",))
    await refuse(world, Reason.VALUE_INVALID, add_hosts=("!.icann",))
    assert (await seen(world)).domain.hosts == ("ns2.rst.icann",)


async def test_a_domain_has_at_most_thirteen_hosts(world: World) -> None:
    """What a referral cannot carry is refused, counted over what is there and what is added."""
    hosts = [await world.host(f"ns{number:02}.rst.icann") for number in range(14)]
    await world.domain(NAME, hosts=tuple(hosts[:12]))
    await refuse(world, Reason.POLICY_FORBIDS, add_hosts=tuple(hosts[12:]))
    await change(world, add_hosts=tuple(hosts[12:]), rem_hosts=(hosts[0],))


async def test_signers_are_added_once_and_removed_once(world: World) -> None:
    """RST epp-16-dnssec: bad ones are refused, twice and absent are errors; all can be replaced in one command."""
    await world.domain(NAME)
    for bad in (replace(DS, algorithm=123), replace(DS, algorithm=12), replace(DS, digest_type=255), replace(DS, digest_type=3),
                replace(DS, digest_type=1, digest=bytes(20)), replace(DS, digest=b""), replace(DS, digest=bytes(16)),
                replace(DS, key_tag=65536), replace(DS, key_tag=-1)):  # fmt: skip
        await refuse(world, Reason.VALUE_OUT_OF_RANGE, add_signers=(bad,))
    await change(world, add_signers=(DS,))
    await refuse(world, Reason.POLICY_FORBIDS, add_signers=(DS,))
    await refuse(world, Reason.POLICY_FORBIDS, rem_signers=(OTHER,))
    await change(world, rem_signers=(DS,), add_signers=(OTHER,))
    assert (await seen(world)).domain.signers == (OTHER,)
    await change(world, rem_all_signers=True, add_signers=(DS, OTHER))
    assert (await seen(world)).domain.signers == (DS, OTHER)
    await change(world, rem_all_signers=True)
    await refuse(world, Reason.POLICY_FORBIDS, rem_signers=(DS,))
    assert (await seen(world)).domain.signers == ()


async def test_contacts_change_and_must_exist(world: World) -> None:
    """A contact and a registrant that exist are set; unknown, twice and absent are refused."""
    await world.contact("c-2")
    await world.domain(NAME)
    tech = frozenset({("tech", "c-2")})
    await change(world, add_contacts=tech, registrant="c-2")
    assert ((await seen(world)).domain.contacts, (await seen(world)).domain.registrant_id) == (tech, "c-2")
    await refuse(world, Reason.POLICY_FORBIDS, add_contacts=tech)
    await refuse(world, Reason.NOT_FOUND, registrant="nobody")
    await refuse(world, Reason.NOT_FOUND, registrant="")
    await refuse(world, Reason.NOT_FOUND, add_contacts=frozenset({("admin", "nobody")}))
    await refuse(world, Reason.VALUE_INVALID, add_contacts=frozenset({("boss", "c-2")}))
    await change(world, rem_contacts=tech)
    await refuse(world, Reason.POLICY_FORBIDS, rem_contacts=tech)


async def test_the_secret_is_set_strong_and_unset(world: World) -> None:
    """RFC 9154: a weak secret is refused; a strong one opens info to others until it is unset or thirty days old."""
    await world.domain(NAME)
    await refuse(world, Reason.POLICY_FORBIDS, auth=WEAK)
    await change(world, auth=STRONG)
    opened = await world.do(B, info_domain, InfoDomain(NAME, STRONG))
    assert opened.is_full
    assert opened.domain.registrant_id == "c-1"
    await world.refused(B, info_domain, InfoDomain(NAME, "x" + STRONG), Reason.AUTHINFO_WRONG)
    await change(world, auth="")
    await world.refused(B, info_domain, InfoDomain(NAME, STRONG), Reason.AUTHINFO_WRONG)
    assert STRONG not in await world.runner.db.fetchval("select string_agg(snapshot::text, '') from history")


async def test_others_change_nothing_and_see_less(world: World) -> None:
    """Update by another registrar is 2201; info without the secret leaves contacts and subordinate hosts out."""
    await world.host("ns1.rst.icann")
    created = await world.domain(NAME, hosts=("ns1.rst.icann",), contacts=frozenset({("tech", "c-1")}))
    await world.refused(B, update_domain, UpdateDomain(NAME, add_statuses=("clientHold",)), Reason.NOT_PERMITTED)
    view = await seen(world, B)
    assert (view.is_full, view.domain.registrant_id, view.domain.contacts) == (False, None, frozenset())
    assert (view.domain.roid, view.domain.hosts, view.domain.registrar_id) == (created.roid, ("ns1.rst.icann",), A)
    none = await world.do(A, info_domain, InfoDomain(NAME, hosts="none"))
    assert (none.domain.hosts, none.is_full) == ((), True)


async def test_an_update_says_something_about_a_domain_that_exists(world: World) -> None:
    """An empty update is a missing parameter, an unknown domain is 2303, each written once when it happens."""
    created = await world.domain(NAME)
    await refuse(world, Reason.PARAMETER_MISSING)
    await world.refused(A, update_domain, UpdateDomain(f"no.{TEST}", auth=""), Reason.NOT_FOUND)
    await change(world, add_statuses=("clientHold",))
    assert await world.kinds(created.roid) == ["domain.created", "domain.updated"]
    assert await world.detail("domain.updated") == {"names": [NAME], "zone": TEST}


async def test_a_server_lock_is_the_operators(world: World) -> None:
    """An operator sets and removes server statuses; under them the sponsor changes and deletes nothing."""
    operator = Caller("person", "operator", may_override=True)
    await world.domain(NAME)
    locks = ("serverUpdateProhibited", "serverDeleteProhibited")
    await world.do(operator, update_domain, UpdateDomain(NAME, add_statuses=locks))
    await refuse(world, Reason.STATUS_FORBIDS, rem_statuses=("clientUpdateProhibited",))
    await world.refused(A, delete_domain, DeleteDomain(NAME), Reason.STATUS_FORBIDS)
    await world.do(operator, update_domain, UpdateDomain(NAME, rem_statuses=locks))
    await change(world, add_statuses=("clientHold",))


async def test_a_zone_without_contacts_gets_none_by_update(world: World) -> None:
    """The minimum data model holds for updates as well."""
    await world.runner.db.execute("update tld set contact_model = 'minimum' where name = $1", TEST)
    await world.domain(NAME, registrant=None)
    await refuse(world, Reason.DATA_POLICY, registrant="c-1")
    await refuse(world, Reason.DATA_POLICY, add_contacts=frozenset({("tech", "c-1")}))


async def test_a_host_is_never_lost_under_a_delegation(world: World) -> None:
    """Deleting a host and delegating to it at the same time: one of the two is refused, whoever is first."""
    for number in range(6):
        host = await world.host(f"ns{number}.rst.icann")
        name = f"race-{number}.{TEST}"
        await world.domain(name)
        outcomes = await asyncio.gather(
            world.do(A, update_domain, UpdateDomain(name, add_hosts=(host,))),
            world.do(A, delete_host, DeleteHost(host)),
            return_exceptions=True,
        )
        refusals = [one.reason for one in outcomes if isinstance(one, Refusal)]
        assert len(refusals) == 1
        assert refusals[0] in (Reason.NOT_FOUND, Reason.LINKED)


async def test_updates_of_one_domain_follow_each_other(world: World) -> None:
    """Ten registrar sessions add a status each at once: five pass, five hear that it is set, none is lost."""
    await world.domain(NAME)
    statuses = ("clientDeleteProhibited", "clientHold", "clientRenewProhibited", "clientTransferProhibited") * 2
    outcomes = await asyncio.gather(*(change(world, add_statuses=(one,)) for one in statuses), return_exceptions=True)
    assert [one.reason for one in outcomes if isinstance(one, Refusal)] == [Reason.POLICY_FORBIDS] * 4
    assert (await seen(world)).statuses == {*statuses, "inactive"}
