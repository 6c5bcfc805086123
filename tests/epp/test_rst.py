"""The tables of ICANN's Registry System Testing, EPP suite, row by row: what must be accepted, what refused, and with which code.

Numbers are those of the cases. A refusal is any code from 2000 except 2400, unless the case insists on one.
"""

import re
from dataclasses import dataclass

import pytest

from registry.epp.conversation import Conversation
from registry.flows.runner import Runner
from tests.epp import phrases as say
from tests.epp.official import assert_official
from tests.epp.test_golden import say as say_golden
from tests.epp.world import TEST_ZONE, build_world

LONG = "x" * 256
BAD_PHONES = ("+12345", "+1111.1", "55", "+1.", "+1.123456789012345", "+1.a", "+a.1")
BAD_MAIL = ("", "example", "example.example", "@example.com", "@", f"{'x' * 65}@example.com")
BAD_V4 = ("", "2602:800:900e:1257::5", "208.77.190", "a.b.c.d", "256.1.1.1", "1.2.3.4.5", "127.0.0.1")
BAD_V6 = ("", "208.77.190.196", "::", "::1", "::X", "NOT::HEX::")
SERVER_ONLY = ("linked", "ok", "pendingCreate", "pendingDelete", "pendingTransfer", "pendingUpdate", "serverDeleteProhibited",
               "serverUpdateProhibited", "invalidStatusCode")  # fmt: skip
NS1, NS2 = "ns1.epp-14.rst.icann", "ns2.epp-14.rst.icann"
STRONG = "k7Qw-mN42rX9pLs81tVbZ0"
# The key of 32 octets 0 to 31, and what ``dns.dnssec.make_ds`` makes of it for rst-16.zz--main-1234.
KEY = {"flags": "257", "protocol": "3", "alg": "15", "pubKey": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}
MADE_OF_KEY = {
    "key_tag": "62736",
    "alg": "15",
    "digest": "505F5EFC131A1D56928732FE3E56B99ADB815A5F3891A858B5A4DB4055C94EC1",
}


@dataclass(frozen=True, slots=True)
class Registrars:
    """Two sessions of two registrars over one register."""

    a: Conversation
    b: Conversation


@pytest.fixture
async def both(runner: Runner) -> Registrars:
    world = await build_world(runner)
    a, b = world.conversation("registrar-a"), world.conversation("registrar-b")
    await say_golden(a, "login.accepted")
    await say_golden(b, "login.other")
    await accept(a, say.contact_create("rst-contact"))
    for name in (NS1, NS2):
        await accept(a, say.host_create(name))
    return Registrars(a, b)


async def answer(session: Conversation, document: bytes) -> tuple[int, str]:
    written = (await session.reply(document)).document
    assert_official(written)
    found = re.search(rb'code="(\d+)"', written)
    assert found
    return int(found[1]), written.decode()


async def accept(session: Conversation, document: bytes) -> str:
    code, written = await answer(session, document)
    assert code < 2000, (document.decode(), written)
    return written


async def refuse(session: Conversation, document: bytes, code: int | None = None) -> None:
    given, written = await answer(session, document)
    assert given >= 2000, document.decode()
    assert given != 2400
    assert code in (None, given), (document.decode(), written)
    assert session.is_member


async def test_epp_07_contact_create(both: Registrars) -> None:
    """epp-07: every bad element of a contact is refused; a good one is stored and shown as it was sent."""
    rows: list[dict[str, str | None]] = [
        {"type": "tni"}, {"type": ""}, {"name": ""}, {"org": LONG}, {"city": ""}, {"cc": ""}, {"voice": ""}, {"street": LONG},
        {"city": LONG}, {"cc": "XX"}, {"cc": "U"}, {"cc": "USA"},
        *({"voice": bad} for bad in BAD_PHONES), *({"fax": bad} for bad in BAD_PHONES), *({"email": bad} for bad in BAD_MAIL),
    ]  # fmt: skip
    for row in rows:
        await refuse(both.a, say.contact_create("rst-07", **row))
    for identifier in ("", "x" * 17):
        await refuse(both.a, say.contact_create(identifier))
    await accept(both.a, say.contact_create("rst-07"))
    shown = await accept(both.a, say.named("contact", "info", "rst-07"))
    for part in (
        "John Doe",
        "Example Ltd",
        "1 Main Street",
        "Anytown",
        "State",
        "12345",
        "US",
        "+1.5555555555",
        "john@example.com",
    ):
        assert f">{part}<" in shown


async def test_epp_08_contact_access(both: Registrars) -> None:
    """epp-08: another registrar may neither see nor change a contact."""
    await refuse(both.b, say.named("contact", "info", "rst-contact"))
    await refuse(both.b, say.contact_change("rst-contact", say.text("contact:email", "b@example.com")))


async def test_epp_09_contact_update(both: Registrars) -> None:
    """epp-09: bad values are refused in updates too; good ones are shown."""
    for element, values in (("voice", BAD_PHONES), ("fax", BAD_PHONES), ("email", BAD_MAIL)):
        for value in values:
            await refuse(both.a, say.contact_change("rst-contact", say.text(f"contact:{element}", value)))
    await accept(both.a, say.contact_change("rst-contact", say.text("contact:voice", "+86.1012345678")))
    assert "+86.1012345678" in await accept(both.a, say.named("contact", "info", "rst-contact"))


async def test_epp_09_contact_statuses(both: Registrars) -> None:
    """epp-09: client statuses are added once and removed once; no other status is the client's; removal alone is always allowed."""

    def change(way: str, status: str) -> bytes:
        return say.status_change("contact", "rst-contact", way, status)

    await accept(both.a, change("add", "clientUpdateProhibited"))
    await refuse(both.a, change("add", "clientUpdateProhibited"))
    await accept(both.a, change("rem", "clientUpdateProhibited"))
    await accept(both.a, change("add", "clientDeleteProhibited"))
    await refuse(both.a, change("add", "clientDeleteProhibited"))
    for status in ("clientHold", *SERVER_ONLY):
        await refuse(both.a, change("add", status))
    await refuse(both.a, change("rem", "clientUpdateProhibited"))
    await accept(both.a, change("rem", "clientDeleteProhibited"))
    await refuse(both.a, change("rem", "clientDeleteProhibited"))
    for status in SERVER_ONLY:
        await refuse(both.a, change("rem", status))


async def test_epp_10_and_24_delete(both: Registrars) -> None:
    """epp-10, epp-24: a deleted contact or host is gone: 2303."""
    await accept(both.a, say.contact_create("rst-10"))
    await accept(both.a, say.named("contact", "delete", "rst-10"))
    await refuse(both.a, say.named("contact", "info", "rst-10"), 2303)
    await accept(both.a, say.host_create("ns1.epp-24.rst.icann"))
    await accept(both.a, say.named("host", "delete", "NS1.epp-24.rst.icann"))
    await refuse(both.a, say.named("host", "info", "ns1.epp-24.rst.icann"), 2303)


async def test_epp_11_host_create(both: Registrars) -> None:
    """epp-11: outside hosts need no parent, inside hosts do; an address must be one, of its family, and reachable."""
    await accept(both.a, say.host_create("ns1.EPP-11.rst.abcdefGHIJKLMNOPQR.icann"))
    await refuse(both.a, say.host_create("!.epp-11.rst.icann"))
    parent = f"Rst-11-parent.{TEST_ZONE}"
    await refuse(both.a, say.host_create(f"ns1.{parent}", ("v4", "208.77.190.196")))
    await accept(both.a, say.domain_create(parent))
    await accept(both.a, say.host_create(f"ns1.{parent}", ("v4", "208.77.190.196")))
    await accept(both.a, say.host_create(f"ns2.{parent}", ("v6", "2602:800:900e:1257::5")))
    shown = await accept(both.a, say.named("host", "info", f"NS2.{parent}"))
    assert '<host:addr ip="v6">2602:800:900e:1257::5<' in shown
    for number, (family, address) in enumerate(
        [*(("v4", bad) for bad in BAD_V4), *(("v6", bad) for bad in BAD_V6), ("v5", "1.2.3.4")]
    ):
        await refuse(both.a, say.host_create(f"bad{number}.{parent}", (family, address)))


async def test_epp_12_and_16_access(both: Registrars) -> None:
    """epp-12, epp-16: another registrar's update of a host or domain is told exactly 2201."""
    await accept(both.a, say.domain_create(f"rst-16.{TEST_ZONE}"))
    await refuse(both.b, say.status_change("host", NS1, "add", "clientUpdateProhibited"), 2201)
    await refuse(both.b, say.status_change("domain", f"rst-16.{TEST_ZONE}", "add", "clientHold"), 2201)


async def test_epp_13_host_update(both: Registrars) -> None:
    """epp-13: statuses and addresses of a host below a name of one's own."""
    parent, host = f"rst-13.{TEST_ZONE}", f"ns1.rst-13.{TEST_ZONE}"
    await accept(both.a, say.domain_create(parent))
    await accept(both.a, say.host_create(host, ("v4", "208.77.190.196")))
    for status in ("clientUpdateProhibited", "clientDeleteProhibited"):
        await accept(both.a, say.status_change("host", host, "add", status))
        await accept(both.a, say.status_change("host", host, "rem", status))
    for status in ("clientHold", *SERVER_ONLY):
        await refuse(both.a, say.status_change("host", host, "add", status))
        await refuse(both.a, say.status_change("host", host, "rem", status))
    await accept(both.a, say.host_addresses(host, "add", "v4", "208.77.190.192"))
    await accept(both.a, say.host_addresses(host, "add", "v6", "2602:800:900e:1257::2"))
    for family, addresses in (("v4", BAD_V4[:-1]), ("v6", BAD_V6), ("v5", ("1.2.3.4",))):
        for address in addresses:
            await refuse(both.a, say.host_addresses(host, "add", family, address))
    await refuse(both.a, say.host_addresses(host, "rem", "v4", "208.77.190.199"))


async def test_epp_23_host_rename(both: Registrars) -> None:
    """epp-23: where a host may move to; an outside host that another registrar's domain uses stays: exactly 2305."""
    await accept(both.b, say.contact_create("rst-b"))
    links = {"registrant": "rst-b", "contacts": (("admin", "rst-b"), ("tech", "rst-b"))}
    await accept(both.b, say.domain_create(f"rst-23-b.{TEST_ZONE}", hosts=(NS1,), **links))  # type: ignore[arg-type]  # a table of keywords
    host = "ns1.epp-23.rst.icann"
    await accept(both.a, say.host_create(host))
    for target in ("!.invalid", f"ns9.rst-23-b.{TEST_ZONE}", f"ns9.no-such-name.{TEST_ZONE}"):
        await refuse(both.a, say.host_rename(host, target))
    await accept(both.a, say.host_rename(host, "ns2.epp-23.rst.icann"))
    await accept(both.a, say.domain_create(f"rst-23-a.{TEST_ZONE}"))
    await accept(both.a, say.host_rename("ns2.epp-23.rst.icann", f"ns1.rst-23-a.{TEST_ZONE}"))
    await accept(both.a, say.named("host", "info", f"ns1.rst-23-a.{TEST_ZONE}"))
    await refuse(both.a, say.host_rename(NS1, "ns3.epp-23.rst.icann"), 2305)


async def test_epp_25_and_27_strangers_host(both: Registrars) -> None:
    """epp-25, epp-27: nobody makes a host below another registrar's name, and no name is delegated to one without address."""
    name = f"rst-25.{TEST_ZONE}"
    await accept(both.a, say.domain_create(name))
    await refuse(both.b, say.host_create(f"ns1.{name}", ("v4", "208.77.190.196")))
    code, _ = await answer(both.b, say.host_create(f"ns2.{name}"))
    if code < 2000:
        await refuse(both.a, say.domain_change(name, say.servers("add", f"ns2.{name}")))


async def test_epp_15_integrity(both: Registrars) -> None:
    """epp-15: what a domain uses cannot be deleted."""
    await accept(both.a, say.domain_create(f"rst-15.{TEST_ZONE}", hosts=(NS1, NS2)))
    await refuse(both.a, say.named("contact", "delete", "rst-contact"), 2305)
    await refuse(both.a, say.named("host", "delete", NS1), 2305)


async def test_epp_14_domain_create(both: Registrars) -> None:
    """epp-14: names, periods, registrants, hosts, signers and secrets of a create."""

    def create(name: str = f"rst-epp-14-refused.{TEST_ZONE}", **changes: object) -> bytes:
        return say.domain_create(name, **({"hosts": (NS1, NS2)} | changes))  # type: ignore[arg-type]  # a table of keywords

    for label in (
        "x" * 64,
        f"xn--{'abcdefghijklmnopqrstuvwxyz01234' * 2}"[:63],
        "xx--abcdefgh12345678",
        "-x",
        "x-",
        "a_b",
        "a.b",
    ):
        await refuse(both.a, create(f"{label}.{TEST_ZONE}"))
    for period in (("11", "y"), ("-1", "y"), ("1.5", "y"), ("1", "x"), ("0", "y")):
        await refuse(both.a, create(period=period))
    for registrant in ("no-such-contact1", "", None):
        await refuse(both.a, create(registrant=registrant))
    for host in ("ns1.no-such-host.icann", "-!-.icann", ""):
        await refuse(both.a, create(hosts=(NS1, host)))
    bad = [{"key_tag": ""}, {"digest": ""}, *({"alg": alg} for alg in ("", "-1", "A", "123")),
           *({"digest_type": kind} for kind in ("", "-1", "A", "255"))]  # fmt: skip
    for row in bad:
        await refuse(both.a, create(extension=say.signed(say.signer(**row))))
    await refuse(both.a, create(secret="weak"))
    for number, period in enumerate((("1", "y"), ("10", "y"), None)):
        name = f"Rst-Epp-14-AbCd{number}.{TEST_ZONE}"
        await accept(both.a, create(name, period=period, extension=say.signed(say.signer())))
        shown = await accept(both.a, say.named("domain", "info", name))
        assert "-CONAC<" in shown
        assert "exDate" in shown
        assert shown.count("registrar-a<") == 2
        assert "<secDNS:alg>16<" in shown
    await accept(both.b, say.contact_create("rst-b"))
    links = (("admin", "rst-b"), ("tech", "rst-b"))
    await accept(both.b, create(f"rst-epp-14-b.{TEST_ZONE}", registrant="rst-b", contacts=links))


async def test_epp_16_domain_statuses(both: Registrars) -> None:
    """epp-16: statuses of a domain; under clientUpdateProhibited only its own removal is allowed."""
    name = f"rst-16.{TEST_ZONE}"
    await accept(both.a, say.domain_create(name, hosts=(NS1, NS2)))
    added = [
        f"client{what}"
        for what in ("DeleteProhibited", "Hold", "RenewProhibited", "TransferProhibited", "UpdateProhibited")
    ]
    for status in added:
        await accept(both.a, say.status_change("domain", name, "add", status))
    await refuse(both.a, say.status_change("domain", name, "rem", "clientHold"))
    await refuse(both.a, say.domain_change(name, say.servers("rem", NS2)))
    shown = await accept(both.a, say.named("domain", "info", name))
    assert sorted(re.findall(r'domain:status s="(\w+)"', shown)) == sorted(added)
    await accept(both.a, say.status_change("domain", name, "rem", "clientUpdateProhibited"))
    for status in (*SERVER_ONLY, "serverHold"):
        await refuse(both.a, say.status_change("domain", name, "add", status))
    for status in added[:-1]:
        await accept(both.a, say.status_change("domain", name, "rem", status))
    await refuse(both.a, say.status_change("domain", name, "rem", "invalidStatusCode"))
    assert 'domain:status s="ok"' in await accept(both.a, say.named("domain", "info", name))


async def test_epp_16_name_servers_and_signers(both: Registrars) -> None:
    """epp-16: what is there is not added again, what is absent is not removed; unknown hosts and contacts are refused."""
    name = f"rst-16.{TEST_ZONE}"
    await accept(both.a, say.domain_create(name, hosts=(NS1,)))
    await refuse(both.a, say.domain_change(name, say.servers("add", "ns1.unknown.icann")))
    await accept(both.a, say.domain_change(name, say.servers("add", NS2)))
    await refuse(both.a, say.domain_change(name, say.servers("add", NS2)))
    await accept(both.a, say.domain_change(name, say.servers("rem", NS2)))
    await refuse(both.a, say.domain_change(name, say.servers("rem", NS2)))
    added, removed = f"<s:add>{say.signer()}</s:add>", f"<s:rem>{say.signer()}</s:rem>"
    await accept(both.a, say.domain_change(name, signers=added))
    await refuse(both.a, say.domain_change(name, signers=added))
    await accept(both.a, say.domain_change(name, signers=removed))
    await refuse(both.a, say.domain_change(name, signers=removed))
    key = f"<s:keyData>{''.join(f'<s:{n}>{v}</s:{n}>' for n, v in KEY.items())}</s:keyData>"
    for record, taken in ((say.signer(**MADE_OF_KEY), True), (say.signer(), False)):
        with_key = record.replace("</s:dsData>", f"{key}</s:dsData>")
        change = say.domain_change(name, signers=f"<s:add>{with_key}</s:add>")
        await (accept(both.a, change) if taken else refuse(both.a, change, 2306))
    for bad in (say.signer(alg="123"), say.signer(digest_type="255"), say.signer(digest="")):
        await refuse(both.a, say.domain_change(name, signers=f"<s:add>{bad}</s:add>"))
    await refuse(
        both.a, say.domain_change(name, f"<domain:chg>{say.text('domain:registrant', 'no-such-one')}</domain:chg>")
    )
    await accept(both.a, say.contact_create("rst-16-new"))
    await accept(
        both.a, say.domain_change(name, f"<domain:chg>{say.text('domain:registrant', 'rst-16-new')}</domain:chg>")
    )
    assert "<domain:registrant>rst-16-new<" in await accept(both.a, say.named("domain", "info", name))


async def test_epp_18_renew(both: Registrars) -> None:
    """epp-18: a renewal adds exactly its period, keeps the add grace, and has its bounds."""
    name = f"rst-18.{TEST_ZONE}"
    await accept(both.a, say.domain_create(name))
    expiry = "<domain:curExpDate>2027-06-01</domain:curExpDate>"
    for period in ('<domain:period unit="y">10</domain:period>', '<domain:period unit="x">1</domain:period>',
                   '<domain:period unit="y">-1</domain:period>'):  # fmt: skip
        await refuse(both.a, say.named("domain", "renew", name, expiry + period))
    await refuse(both.a, say.named("domain", "renew", name, "<domain:curExpDate>2027-06-02</domain:curExpDate>"))
    answered = await accept(
        both.a, say.named("domain", "renew", name, expiry + '<domain:period unit="y">2</domain:period>')
    )
    assert "2029-06-01T01:00:00.000Z" in answered
    shown = await accept(both.a, say.named("domain", "info", name))
    assert {"addPeriod", "renewPeriod"} <= set(re.findall(r'rgpStatus s="(\w+)"', shown))


async def test_epp_19_transfer(both: Registrars) -> None:
    """epp-19: a transfer needs a strong, right secret; once approved the sponsor, the expiry and the secret are new."""
    name = f"rst-19.{TEST_ZONE}"
    await accept(both.a, say.domain_create(name))
    await refuse(both.a, say.domain_change(name, say.secret("weak")))
    await accept(both.a, say.domain_change(name, say.secret(STRONG)))

    def ask(operation: str, secret: str = "", period: str = "") -> bytes:
        proof = f"<domain:authInfo>{say.text('domain:pw', secret)}</domain:authInfo>" if secret else ""
        length = f'<domain:period unit="y">{period}</domain:period>' if period else ""
        return say.named("domain", "transfer", name, length + proof, op=operation)

    await refuse(both.b, ask("request", "wrong-secret"))
    await refuse(both.b, ask("request", STRONG, "10"))
    await accept(both.b, ask("request", STRONG, "1"))
    assert "pendingTransfer" in await accept(both.a, say.named("domain", "info", name))
    await refuse(both.b, ask("approve"))
    await accept(both.a, ask("approve"))
    shown = await accept(both.b, say.named("domain", "info", name))
    assert "<domain:clID>registrar-b<" in shown
    assert "2028-06-01T01:00:00.000Z" in shown
    assert "transferPeriod" in shown
    await refuse(both.a, ask("request", STRONG), 2202)


async def test_epp_20_transfer_reject(both: Registrars) -> None:
    """epp-20: after a rejection everything is as before."""
    name = f"rst-20.{TEST_ZONE}"
    await accept(both.a, say.domain_create(name))
    await accept(both.a, say.domain_change(name, say.secret(STRONG)))
    proof = f"<domain:authInfo>{say.text('domain:pw', STRONG)}</domain:authInfo>"
    await accept(both.b, say.named("domain", "transfer", name, proof, op="request"))
    await accept(both.a, say.named("domain", "transfer", name, op="reject"))
    shown = await accept(both.a, say.named("domain", "info", name))
    assert "<domain:clID>registrar-a<" in shown
    assert "pendingTransfer" not in shown


async def test_epp_21_delete(both: Registrars) -> None:
    """epp-21: a domain deleted in its add grace is gone, and its contact and hosts can go too."""
    name = f"rst-21.{TEST_ZONE}"
    await accept(both.a, say.domain_create(name, hosts=(NS1, NS2)))
    await accept(both.a, say.named("domain", "delete", name))
    await refuse(both.a, say.named("domain", "info", name), 2303)
    for host in (NS1, NS2):
        await accept(both.a, say.named("host", "delete", host))
    await accept(both.a, say.named("contact", "delete", "rst-contact"))


async def test_epp_04_to_06_check(both: Registrars) -> None:
    """epp-04 to epp-06: invalid and registered are not available, free is."""
    await accept(both.a, say.domain_create(f"rst-04.{TEST_ZONE}"))
    rows = [("domain", f"!.{TEST_ZONE}", "0"), ("domain", f"RST-04.{TEST_ZONE}", "0"), ("domain", f"Rst-Free1.{TEST_ZONE}", "1"),
            ("host", "!.icann", "0"), ("host", NS1.upper(), "0"), ("host", f"ns1.Free.{TEST_ZONE}", "1"),
            ("contact", "rst-contact", "0"), ("contact", "rst-free", "1")]  # fmt: skip
    for kind, name, available in rows:
        assert f'avail="{available}"' in await accept(both.a, say.named(kind, "check", name)), name
