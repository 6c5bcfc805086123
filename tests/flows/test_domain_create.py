"""Creating domains in a test zone: RFC 5731 section 3.2.1 and the rows of RST epp-14."""

from dataclasses import replace
from datetime import timedelta

from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.domain.info import InfoDomain, info_domain
from registry.flows.host.update import UpdateHost, update_host
from registry.kernel.errors import Reason
from registry.model.domain import DelegationSigner
from tests.flows.world import DS, STRONG, TEST, V4, WEAK, A, B, World

NAME = f"rst-epp-14-a1b2c3.{TEST}"
NS = ("ns1.epp-14.rst.icann", "ns2.epp-14.rst.icann")


def order(**fields: object) -> CreateDomain:
    return replace(CreateDomain(NAME, registrant="c-1"), **fields)  # type: ignore[arg-type]


async def test_what_was_created_is_what_info_tells(world: World) -> None:
    """Names in mixed case become lower case; links, dates, statuses and grace period come back as they were ordered."""
    for host in NS:
        await world.host(host)
    sent = order(
        name=NAME.upper(), years=2, hosts=(NS[1].upper(), NS[0]), contacts=frozenset({("admin", "c-1"), ("tech", "c-1")}),
        auth=STRONG, signers=(DS,),
    )  # fmt: skip
    created = await world.do(A, create_domain, sent)
    view = await world.do(A, info_domain, InfoDomain(NAME.title()))
    found = view.domain

    assert (created.name, created.is_pending) == (NAME, False)
    assert found.roid == created.roid
    assert found.roid.startswith("D")
    assert (found.hosts, found.signers, found.contacts, found.registrant_id) == (NS, (DS,), sent.contacts, "c-1")
    assert found.registrar_id == found.created_by == A
    assert found.expires_at == created.expires_at == found.created_at.replace(year=found.created_at.year + 2)
    assert (view.statuses, view.rgp_statuses, view.is_full) == ({"ok"}, ("addPeriod",), True)
    assert await world.kinds(created.roid) == ["domain.created"]
    assert await world.detail("domain.created") == {"names": [NAME], "zone": TEST}
    assert STRONG not in await world.runner.db.fetchval("select string_agg(snapshot::text, '') from history")


async def test_without_hosts_a_domain_is_inactive_and_gets_the_default_period(world: World) -> None:
    """No delegation is the status inactive (RFC 5731 section 2.3); no period is the zone's."""
    created = await world.domain(NAME)
    view = await world.do(A, info_domain, InfoDomain(NAME))
    assert view.statuses == {"inactive"}
    assert created.expires_at == created.created_at.replace(year=created.created_at.year + 1)


BROKEN: list[tuple[dict[str, object], Reason]] = [
    ({"name": f"{'a' * 64}.{TEST}"}, Reason.NAME_INVALID),
    ({"name": f"xn--{'q' * 59}.{TEST}"}, Reason.NAME_INVALID),
    ({"name": f"xx--a1b2c3d4.{TEST}"}, Reason.NAME_INVALID),
    ({"name": f"a_b.{TEST}"}, Reason.NAME_INVALID),
    ({"name": f"-a.{TEST}"}, Reason.NAME_INVALID),
    ({"name": f"a.b.{TEST}"}, Reason.NAME_INVALID),
    ({"name": f"国务院.{TEST}"}, Reason.NAME_INVALID),
    ({"name": f"{NAME}."}, Reason.NAME_INVALID),
    ({"name": TEST}, Reason.NAME_INVALID),
    ({"name": ""}, Reason.NAME_INVALID),
    ({"name": "name.example"}, Reason.NAME_INVALID),
    ({"years": 0}, Reason.VALUE_OUT_OF_RANGE),
    ({"years": 11}, Reason.VALUE_OUT_OF_RANGE),
    ({"years": -1}, Reason.VALUE_OUT_OF_RANGE),
    ({"registrant": None}, Reason.PARAMETER_MISSING),
    ({"registrant": ""}, Reason.NOT_FOUND),
    ({"registrant": "abcdefghij123456"}, Reason.NOT_FOUND),
    ({"contacts": frozenset({("tech", "nobody")})}, Reason.NOT_FOUND),
    ({"contacts": frozenset({("boss", "c-1")})}, Reason.VALUE_INVALID),
    ({"hosts": ("ns1.unknown.icann",)}, Reason.NOT_FOUND),
    ({"hosts": ("!.icann",)}, Reason.VALUE_INVALID),
    ({"hosts": (NS[0], NS[0].upper())}, Reason.POLICY_FORBIDS),
    ({"hosts": tuple(f"ns{number}.many.icann" for number in range(14))}, Reason.POLICY_FORBIDS),
    ({"auth": WEAK}, Reason.POLICY_FORBIDS),
    ({"auth": "密码" * 20}, Reason.VALUE_INVALID),
    ({"signers": (replace(DS, algorithm=123),)}, Reason.VALUE_OUT_OF_RANGE),
    ({"signers": (replace(DS, digest_type=255),)}, Reason.VALUE_OUT_OF_RANGE),
    ({"signers": (replace(DS, digest=b""),)}, Reason.VALUE_OUT_OF_RANGE),
    ({"signers": (DS, DS)}, Reason.POLICY_FORBIDS),
    ({"signers": tuple(DelegationSigner(n, 16, 2, bytes(32)) for n in range(9))}, Reason.POLICY_FORBIDS),
]


async def test_an_order_that_breaks_a_rule_is_refused(world: World) -> None:
    """Every row of RST epp-14 that must fail, fails with its reason and writes nothing."""
    for fields, reason in BROKEN:
        await world.refused(A, create_domain, order(**fields), reason)


async def test_a_label_tells_all_that_is_wrong_with_it(world: World) -> None:
    """A broken label comes back with every rule that it breaks, as the name check would say it."""
    refusal = await world.refused(A, create_domain, order(name=f"-{'a' * 70}-.{TEST}"), Reason.NAME_INVALID)
    assert {problem.evidence["rule"] for problem in refusal.problems} == {"LABEL.HYPHEN", "LABEL.LENGTH"}


async def test_a_name_is_created_once(world: World) -> None:
    """Taken is 2302, for its own registrar too."""
    await world.domain(NAME)
    await world.refused(A, create_domain, order(name=NAME.upper()), Reason.ALREADY_EXISTS)
    await world.refused(B, create_domain, order(), Reason.ALREADY_EXISTS)


async def test_an_outside_host_serves_every_registrar(world: World) -> None:
    """RST epp-14: a host of registrar A may be used by registrar B."""
    await world.host(NS[0])
    await world.domain(NAME, B, hosts=(NS[0],))
    assert (await world.do(B, info_domain, InfoDomain(NAME))).domain.hosts == (NS[0],)


async def test_nothing_is_delegated_to_a_host_of_ours_without_address(world: World) -> None:
    """A host below a name of ours that has no address is refused; with an address it serves."""
    await world.domain(f"own.{TEST}")
    await world.host(NS[0])
    inside = f"ns1.own.{TEST}"
    await world.do(A, update_host, UpdateHost(NS[0], new_name=inside))
    await world.refused(A, create_domain, order(hosts=(inside,)), Reason.POLICY_FORBIDS)
    await world.do(A, update_host, UpdateHost(inside, add_addresses=(V4,)))
    await world.domain(NAME, hosts=(inside,))


async def test_a_zone_without_contacts_refuses_them(world: World) -> None:
    """The minimum data model: a registrant or a contact is refused by data policy, none is right."""
    await world.runner.db.execute("update tld set contact_model = 'minimum' where name = $1", TEST)
    await world.refused(A, create_domain, order(), Reason.DATA_POLICY)
    await world.refused(
        A, create_domain, order(registrant=None, contacts=frozenset({("tech", "c-1")})), Reason.DATA_POLICY
    )
    await world.domain(NAME, registrant=None)


async def test_a_zone_for_chinese_names_wants_a_han_character(world: World) -> None:
    """A test zone with idn_only refuses a label of letters and digits and takes a Chinese one."""
    await world.runner.db.execute("update tld set idn_only = true where name = $1", TEST)
    refusal = await world.refused(A, create_domain, order(), Reason.NAME_INVALID)
    assert refusal.evidence == {"rule": "LABEL.NO_HAN"}
    created = await world.domain(f"xn--zfr54hdx6e.{TEST}")
    assert [member.unicode for member in created.members] == [f"国务院.{TEST}", f"國務院.{TEST}"]


async def test_other_spellings_of_a_name_are_taken_with_it(world: World) -> None:
    """国务院, 國務院 and 囯務院 are one name: held in one spelling, the others are 2302, and info finds it by its bundle."""
    created = await world.domain(f"xn--zfr54hdx6e.{TEST}")
    for other in ("xn--lhr90h5v6e", "xn--lhrx8gky6e"):
        await world.refused(B, create_domain, order(name=f"{other}.{TEST}"), Reason.ALREADY_EXISTS)
    assert (await world.do(B, info_domain, InfoDomain(f"xn--lhr90h5v6e.{TEST}"))).domain.roid == created.roid
    await world.refused(B, info_domain, InfoDomain(f"xn--lhrx8gky6e.{TEST}"), Reason.NOT_FOUND)


async def test_a_suspended_registrar_creates_nothing(world: World) -> None:
    """Neither a suspended registrar nor one that does not exist creates a domain."""
    await world.runner.db.execute("update registrar set status = 'suspended' where id = $1", B)
    await world.refused(B, create_domain, order(), Reason.NOT_PERMITTED)
    await world.refused("registrar-x", create_domain, order(), Reason.NOT_PERMITTED)


async def test_a_zone_with_a_grace_for_verification_holds_the_name_back(world: World) -> None:
    """Without a code the name is created on serverHold, out of the DNS, with the day by which a body must be proved."""
    await world.runner.db.execute("update tld set verification = 'grace' where name = $1", TEST)
    await world.domain(NAME)
    assert "serverHold" in (await world.do(A, info_domain, InfoDomain(NAME))).statuses
    assert await world.runner.db.fetchval("select count(*) from published.delegation") == 0
    due = await world.runner.db.fetchval("select verification ->> 'due' from domain where name = $1", NAME)
    assert due == (world.runner.clock.now() + timedelta(days=30)).isoformat()
