"""epp-11 to epp-13, epp-15 and epp-23 to epp-27: hosts, row by row."""

from tests.conformance.contact_cases import NEVER
from tests.conformance.driver import FIRST_FAILURE, Rst, case, value_of
from tests.epp import phrases as say

V4, V6 = "208.77.190.196", "2602:800:900e:1257::5"
BAD_V4 = ("", V6, "208.77.190", "a.b.c.d", "256.1.1.1", "1.2.3.4.5", "127.0.0.1")
BAD_V6 = ("", V4, "::", "::1", "::X", "NOT::HEX::")


async def with_parent(rst: Rst, label: str) -> str:
    """A domain of registrar a."""
    await rst.accept(rst.a, say.domain_create(f"{label}.{rst.zone}"))
    return f"{label}.{rst.zone}"


@case("epp-11")
async def create(rst: Rst) -> None:
    """Outside hosts need no parent and no address, inside hosts need both, and an address must be one of its family."""
    await rst.accept(rst.a, say.host_create("ns1.epp-11.rst.aBcDeFgHiJkLmNoPqR.icann"))
    wrong = "EPP_HOST_CREATE_SERVER_ACCEPTS_INVALID_HOSTNAME"
    await rst.refuse(rst.a, say.host_create("!.epp-11.rst.icann"), wrong)
    await rst.refuse(rst.a, say.host_create(f"ns1.rst-11.{rst.zone}", ("v4", V4)), wrong)
    parent = await with_parent(rst, "Rst-11")
    for host, family, address in (("ns1", "v4", V4), ("ns2", "v6", V6)):
        await rst.accept(rst.a, say.host_create(f"{host}.{parent}", (family, address)))
        missing = "EPP_HOST_CREATE_INFO_RESPONSE_OBJECT_DOES_NOT_EXIST"
        shown = await rst.accept(rst.a, say.named("host", "info", f"{host}.{parent}"), missing)
        is_right = (
            value_of(shown, "host:addr") == address and value_of(shown, "host:name") == f"{host}.{parent}".lower()
        )
        rst.expect(is_right, "EPP_HOST_CREATE_INFO_RESPONSE_MISSING_OBJECT_PROPERTIES", shown)
    rows = [("v4", bad, "IPV4") for bad in BAD_V4] + [("v6", bad, "IPv6") for bad in BAD_V6] + [("v5", V4, "IPV4")]
    for number, (family, address, name) in enumerate(rows):
        error = f"EPP_HOST_CREATE_SERVER_ACCEPTS_INVALID_{name}_ADDRESS"
        await rst.refuse(rst.a, say.host_create(f"bad{number}.{parent}", (family, address)), error)


@case("epp-12")
async def access(rst: Rst) -> None:
    """Another registrar's update is told exactly 2201."""
    await rst.accept(rst.a, say.host_create("ns1.epp-12.rst.icann"))
    change = say.status_change("host", "ns1.epp-12.rst.icann", "add", "clientUpdateProhibited")
    await rst.refuse(rst.b, change, "EPP_HOST_UPDATE_AUTHZ_ERROR", 2201)


@case("epp-13")
async def update(rst: Rst) -> None:
    """Statuses and addresses of an inside host."""
    parent = await with_parent(rst, "rst-13")
    host = f"ns1.{parent}"
    await rst.accept(rst.a, say.host_create(host, ("v4", V4)))
    wrong = "EPP_HOST_UPDATE_SERVER_ACCEPTS_INVALID_STATUS_CODE"
    for status in ("clientUpdateProhibited", "clientDeleteProhibited"):
        for way in ("add", "rem"):
            await rst.accept(rst.a, say.status_change("host", host, way, status))
    for status in NEVER:
        for way in ("add", "rem"):
            await rst.refuse(rst.a, say.status_change("host", host, way, status), wrong)
    for family, address in (("v4", "208.77.190.192"), ("v6", "2602:800:900e:1257::2")):
        await rst.accept(rst.a, say.host_addresses(host, "add", family, address))
        shown = await rst.accept(rst.a, say.named("host", "info", host))
        rst.expect(address in shown, "EPP_HOST_UPDATE_INFO_RESPONSE_MISSING_OBJECT_PROPERTIES", shown)
    rows = [("v4", bad, "IPV4") for bad in BAD_V4[:-1]] + [("v6", bad, "IPv6") for bad in BAD_V6] + [("v5", V4, "IPV4")]
    for family, address, name in rows:
        error = f"EPP_HOST_UPDATE_SERVER_ACCEPTS_INVALID_{name}_ADDRESS"
        await rst.refuse(rst.a, say.host_addresses(host, "add", family, address), error)
    await rst.refuse(rst.a, say.host_addresses(host, "rem", "v4", "208.77.190.199"))


@case("epp-15")
async def integrity(rst: Rst) -> None:
    """What a domain uses cannot be deleted."""
    await rst.accept(rst.a, say.contact_create("rst-15"))
    await rst.accept(rst.a, say.host_create("ns1.epp-15.rst.icann"))
    links = (("admin", "rst-15"), ("tech", "rst-15"))
    document = say.domain_create(
        f"rst-15.{rst.zone}", hosts=("ns1.epp-15.rst.icann",), registrant="rst-15", contacts=links
    )
    await rst.accept(rst.a, document)
    error = "EPP_INTEGRITY_SERVER_ACCEPTS_DELETE_FOR_LINKED_"
    await rst.refuse(rst.a, say.named("contact", "delete", "rst-15"), f"{error}CONTACT_OBJECT", 2305)
    await rst.refuse(rst.a, say.named("host", "delete", "ns1.epp-15.rst.icann"), f"{error}HOST_OBJECT", 2305)


@case("epp-23")
async def rename(rst: Rst) -> None:
    """Where a host may move to; an outside host that another registrar's domain uses stays: exactly 2305."""
    error, host = "EPP_HOST_RENAME_SERVER_", "ns1.epp-23.rst.icann"
    await rst.accept(rst.a, say.host_create(host))
    rows = (
        ("!.invalid", "ACCEPTS_INVALID_HOSTNAME"),
        (f"ns9.{rst.other}", "ACCEPTS_RENAME_TO_ANOTHER_REGISTRARS_DOMAIN"),
        (f"ns9.rst-23-none.{rst.zone}", "ACCEPTS_RENAME_TO_NONEXISTENT_DOMAIN"),
    )
    for target, name in rows:
        await rst.refuse(rst.a, say.host_rename(host, target), error + name)
    outside, parent = "ns2.epp-23.rst.icann", await with_parent(rst, "rst-23")
    await rst.accept(rst.a, say.host_rename(host, outside), f"{error}REJECTS_OUT_OF_BAILIWICK_NAME")
    await rst.accept(rst.a, say.host_rename(outside, f"ns1.{parent}"), f"{error}UNEXPECTEDLY_REJECTS_RENAME")
    await rst.accept(rst.a, say.named("host", "info", f"ns1.{parent}"), "EPP_HOST_RENAME_OBJECT_NOT_RENAMED")
    shared = "ns1.epp-23-shared.rst.icann"
    await rst.accept(rst.a, say.host_create(shared))
    links = {"registrant": "rst-b", "contacts": (("admin", "rst-b"), ("tech", "rst-b"))}
    await rst.accept(rst.b, say.domain_create(f"rst-23-b.{rst.zone}", hosts=(shared,), **links))  # type: ignore[arg-type]  # keywords
    await rst.refuse(rst.a, say.host_rename(shared, "ns3.epp-23.rst.icann"), "EPP_UNEXPECTED_COMMAND_SUCCESS", 2305)


@case("epp-24")
async def delete(rst: Rst) -> None:
    """A deleted host does not exist: 2303."""
    host = "ns1.epp-24.rst.icann"
    await rst.accept(rst.a, say.host_create(host))
    await rst.accept(rst.a, say.named("host", "delete", host), "EPP_HOST_DELETE_RESPONSE_NOT_1000_OR_1001")
    error = "EPP_HOST_DELETE_INFO_RESPONSE_OBJECT_STILL_EXISTS"
    await rst.refuse(rst.a, say.named("host", "info", host), error, 2303)


@case("epp-25")
async def strangers_child(rst: Rst) -> None:
    """Nobody makes a host below another registrar's name."""
    parent = await with_parent(rst, "rst-25")
    for host, *addresses in (("ns1", ("v4", V4)), ("ns2", ("v6", V6))):
        await rst.refuse(rst.b, say.host_create(f"{host}.{parent}", *addresses))
    code, _ = await rst.ask(rst.b, say.host_create(f"ns3.{parent}"))
    if code < FIRST_FAILURE:
        shown = await rst.accept(rst.a, say.named("host", "info", f"ns3.{parent}"))
        rst.expect(value_of(shown, "host:clID") == "registrar-a", "EPP_UNEXPECTED_COMMAND_SUCCESS", shown)


@case("epp-27")
async def without_glue(rst: Rst) -> None:
    """No name is delegated to an inside host that has no address."""
    parent = await with_parent(rst, "rst-27")
    code, _ = await rst.ask(rst.b, say.host_create(f"ns1.{parent}"))
    if code < FIRST_FAILURE:
        await rst.refuse(rst.a, say.domain_change(parent, say.servers("add", f"ns1.{parent}")))
