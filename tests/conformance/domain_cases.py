"""epp-14, epp-16, epp-18 to epp-21: domains, row by row, and the IDN suite."""

import re
from datetime import datetime

from tests.conformance.contact_cases import NEVER
from tests.conformance.driver import Rst, case, graces, statuses, value_of
from tests.epp import phrases as say
from tests.epp.tls_world import Client
from tests.kit.shared import shared_path

NS1, NS2 = "ns1.epp-14.rst.icann", "ns2.epp-14.rst.icann"
STRONG = "k7Qw-mN42rX9pLs81tVbZ0"
CREATE = "EPP_DOMAIN_CREATE_SERVER_"
UPDATE = "EPP_DOMAIN_UPDATE_SERVER_"
BAD_LABELS = ("x" * 64, f"xn--{'abcdefghijklmnopqrstuvwxyz01234' * 2}"[:63], "xx--abcdefgh1234567890")
BAD_SIGNERS = ({"key_tag": ""}, {"digest": ""}, *({"alg": alg} for alg in ("", "-1", "A", "123")),
               *({"digest_type": kind} for kind in ("", "-1", "A", "255")))  # fmt: skip
BAD_KEYS = (
    {"flags": ""},
    {"flags": "1"},
    {"flags": "256"},
    {"protocol": "1"},
    {"alg": "123"},
    {"key": ""},
    {"key": "this is not a DNSKEY."},
)
LINKS_B = {"registrant": "rst-b", "contacts": (("admin", "rst-b"), ("tech", "rst-b"))}


@case("epp-14")
async def create(rst: Rst) -> None:
    """Names, periods, registrants, hosts, signers and secrets of a create, by both registrars."""
    for host in (NS1, NS2):
        await rst.accept(rst.a, say.host_create(host))
    await _refusals(rst)
    for number, period in enumerate((("1", "y"), ("10", "y"), None)):
        await _created(rst, rst.a, "registrar-a", f"Rst-Epp-14-{number}AbCdEf.{rst.zone}", {"period": period})
    await _created(rst, rst.b, "registrar-b", f"rst-epp-14-b.{rst.zone}", LINKS_B)


async def _created(rst: Rst, client: Client, sponsor: str, name: str, said: dict[str, object]) -> None:
    document = say.domain_create(name, hosts=(NS1, NS2), extension=say.signed(say.signer()), **said)  # type: ignore[arg-type]  # keywords
    await rst.accept(client, document)
    shown = await rst.accept(client, say.named("domain", "info", name))
    roid = value_of(shown, "domain:roid") or ""
    rst.expect(re.fullmatch(r"\w{1,80}-CONAC", roid), "EPP_DOMAIN_CREATE_INFO_RESPONSE_INVALID_ROID", roid)
    is_whole = (
        value_of(shown, "domain:clID") == value_of(shown, "domain:crID") == sponsor
        and value_of(shown, "domain:crDate")
        and value_of(shown, "domain:exDate")
        and value_of(shown, "secDNS:keyTag") == "12345"
    )
    rst.expect(is_whole, "EPP_DOMAIN_CREATE_INFO_RESPONSE_MISSING_OBJECT_PROPERTIES", shown)


async def _refusals(rst: Rst) -> None:
    def document(name: str = f"rst-epp-14-refused.{rst.zone}", **changes: object) -> bytes:
        return say.domain_create(name, **({"hosts": (NS1, NS2)} | changes))  # type: ignore[arg-type]  # a table of keywords

    for label in BAD_LABELS:
        await rst.refuse(rst.a, document(f"{label}.{rst.zone}"), f"{CREATE}ACCEPTS_INVALID_DOMAIN_NAME")
    for period in (("11", "y"), ("-1", "y"), ("1.5", "y"), ("1", "x")):
        await rst.refuse(rst.a, document(period=period), f"{CREATE}ACCEPTS_INVALID_PERIOD")
    for registrant, error in (("rst-none-1234567", "NON_EXISTENT_REGISTRANT"), ("", "MISSING_REGISTRANT"),
                              (None, "NO_REGISTRANT_FOR_THICK_REGISTRY")):  # fmt: skip
        await rst.refuse(rst.a, document(registrant=registrant), f"{CREATE}ACCEPTS_{error}")
    for host, error in (("ns1.none.rst.icann", "NON_EXISTENT_HOST_OBJECT"), ("-!-.icann", "INVALID_HOST_OBJECT")):
        await rst.refuse(rst.a, document(hosts=(NS1, host)), f"{CREATE}ACCEPTS_{error}")
    attributes = document(hosts=()).replace(
        b"<domain:registrant>",
        b"<domain:ns><domain:hostAttr><domain:hostName>ns1.x.icann</domain:hostName></domain:hostAttr></domain:ns><domain:registrant>",
    )
    await rst.refuse(rst.a, attributes, f"{CREATE}INCORRECTLY_ACCEPTS_HOST_ATTRIBUTES")
    dnssec = f"{CREATE}ACCEPTS_INVALID_DNSSEC_DATA"
    for row in BAD_SIGNERS:
        await rst.refuse(rst.a, document(extension=say.signed(say.signer(**row))), dnssec)
    for row in ({}, *BAD_KEYS):  # of the two interfaces we declare dsData
        await rst.refuse(rst.a, document(extension=say.signed(_key(**row))), dnssec)
    await rst.refuse(rst.a, document(secret="weak"), f"{CREATE}ACCEPTS_AUTHINFO")


def _key(flags: str = "257", protocol: str = "3", alg: str = "16", key: str = "QUFB" * 19) -> str:
    fields = {"flags": flags, "protocol": protocol, "alg": alg, "pubKey": key}
    return "<s:keyData>" + "".join(say.text(f"s:{name}", value) for name, value in fields.items()) + "</s:keyData>"


@case("epp-16")
async def update(rst: Rst) -> None:
    """Statuses, name servers, signers, registrant; the other registrar is told exactly 2201."""
    name = f"rst-16.{rst.zone}"
    for host in ("ns1.epp-16.rst.icann", "ns2.epp-16.rst.icann"):
        await rst.accept(rst.a, say.host_create(host))
    await rst.accept(rst.a, say.domain_create(name, hosts=("ns1.epp-16.rst.icann",)))
    other = say.status_change("domain", name, "add", "clientHold")
    await rst.refuse(rst.b, other, "EPP_UNEXPECTED_COMMAND_SUCCESS", 2201)
    await _statuses(rst, name)
    await _servers(rst, name, "ns2.epp-16.rst.icann")
    await _signers(rst, name)
    await _registrant(rst, name)


async def _statuses(rst: Rst, name: str) -> None:
    def change(way: str, status: str) -> bytes:
        return say.status_change("domain", name, way, status)

    added = [f"client{what}Prohibited" for what in ("Delete", "Renew", "Transfer", "Update")]
    for status in ("clientHold", *added):
        await rst.accept(rst.a, change("add", status))
    shown = await rst.accept(rst.a, say.named("domain", "info", name))
    found = statuses(shown, "domain")
    rst.expect(found >= {*added, "clientHold"}, "EPP_DOMAIN_UPDATE_INFO_RESPONSE_MISSING_STATUS_CODE", shown)
    rst.expect(found <= {*added, "clientHold"}, "EPP_DOMAIN_UPDATE_INFO_RESPONSE_UNEXPECTED_STATUS_CODE", shown)
    await rst.refuse(rst.a, change("rem", "clientHold"))
    await rst.accept(rst.a, change("rem", "clientUpdateProhibited"))
    for status in (*NEVER[1:], "serverHold"):
        await rst.refuse(rst.a, change("add", status), f"{UPDATE}ACCEPTS_INVALID_STATUS_CODE")
    for status in ("clientHold", *added[:-1]):
        await rst.accept(rst.a, change("rem", status))
    await rst.refuse(rst.a, change("rem", "invalidStatusCode"), f"{UPDATE}ACCEPTS_INVALID_STATUS_CODE")
    shown = await rst.accept(rst.a, say.named("domain", "info", name))
    rst.expect(statuses(shown, "domain") == {"ok"}, "EPP_DOMAIN_UPDATE_INFO_RESPONSE_UNEXPECTED_STATUS_CODE", shown)


async def _servers(rst: Rst, name: str, host: str) -> None:
    unknown = say.domain_change(name, say.servers("add", "ns1.none.rst.icann"))
    await rst.refuse(rst.a, unknown, f"{UPDATE}ACCEPTS_NON_EXISTENT_HOST_OBJECT")
    for way, error in (("add", "MISSING"), ("rem", "UNEXPECTED")):
        await rst.accept(rst.a, say.domain_change(name, say.servers(way, host)))
        shown = await rst.accept(rst.a, say.named("domain", "info", name))
        is_right = (host in shown) == (way == "add")
        rst.expect(is_right, f"EPP_DOMAIN_UPDATE_INFO_RESPONSE_{error}_HOST_OBJECT", shown)
        await rst.refuse(rst.a, say.domain_change(name, say.servers(way, host)))
    attributes = "<domain:add><domain:ns><domain:hostAttr><domain:hostName>ns1.x.icann</domain:hostName></domain:hostAttr></domain:ns></domain:add>"
    await rst.refuse(rst.a, say.domain_change(name, attributes), f"{UPDATE}INCORRECTLY_ACCEPTS_HOST_ATTRIBUTES")


async def _signers(rst: Rst, name: str) -> None:
    wrong = f"{UPDATE}ACCEPTS_INVALID_DNSSEC_DATA"
    for row in BAD_SIGNERS:
        await rst.refuse(rst.a, say.domain_change(name, signers=f"<s:add>{say.signer(**row)}</s:add>"), wrong)
    for row in ({}, *BAD_KEYS):
        await rst.refuse(rst.a, say.domain_change(name, signers=f"<s:add>{_key(**row)}</s:add>"), wrong)
    for way, error in (("add", "MISSING"), ("rem", "UNEXPECTED")):
        change = say.domain_change(name, signers=f"<s:{way}>{say.signer()}</s:{way}>")
        await rst.accept(rst.a, change)
        shown = await rst.accept(rst.a, say.named("domain", "info", name))
        rst.expect(
            ("secDNS:dsData" in shown) == (way == "add"), f"EPP_DOMAIN_UPDATE_INFO_RESPONSE_{error}_DNSSEC_DATA", shown
        )
        await rst.refuse(rst.a, change, wrong)


async def _registrant(rst: Rst, name: str) -> None:
    def change(contact: str) -> bytes:
        return say.domain_change(name, f"<domain:chg>{say.text('domain:registrant', contact)}</domain:chg>")

    await rst.refuse(rst.a, change("rst-none-1234567"), f"{UPDATE}ACCEPTS_NON_EXISTENT_CONTACT_OBJECT")
    await rst.accept(rst.a, say.contact_create("rst-16-new"))
    await rst.accept(rst.a, change("rst-16-new"))
    shown = await rst.accept(rst.a, say.named("domain", "info", name))
    is_right = value_of(shown, "domain:registrant") == "rst-16-new"
    rst.expect(is_right, "EPP_DOMAIN_UPDATE_INFO_RESPONSE_MISSING_REGISTRANT", shown)


@case("epp-18")
async def renew(rst: Rst) -> None:
    """A renewal adds exactly its period, stands beside the add grace, and has its bounds."""
    name = f"rst-18.{rst.zone}"
    await rst.accept(rst.a, say.domain_create(name))
    before = await _expiry(rst, rst.a, name)
    today = f"<domain:curExpDate>{before:%Y-%m-%d}</domain:curExpDate>"
    for period in ('<domain:period unit="y">10</domain:period>', '<domain:period unit="x">1</domain:period>',
                   '<domain:period unit="y">-1</domain:period>'):  # fmt: skip
        await rst.refuse(
            rst.a, say.named("domain", "renew", name, today + period), "EPP_RENEW_SERVER_ACCEPTS_INVALID_PERIOD"
        )
    wrong = f"<domain:curExpDate>{before.year - 1}-01-01</domain:curExpDate>"
    await rst.refuse(
        rst.a, say.named("domain", "renew", name, wrong), "EPP_RENEW_SERVER_ACCEPTS_INVALID_CURRENT_EXPIRY_DATE"
    )
    await rst.accept(rst.a, say.named("domain", "renew", name, f'{today}<domain:period unit="y">2</domain:period>'))
    shown = await rst.accept(rst.a, say.named("domain", "info", name))
    is_right = await _expiry(rst, rst.a, name) == before.replace(year=before.year + 2)
    rst.expect(is_right, "EPP_RENEW_INFO_RESPONSE_UNEXPECTED_EXPIRY_DATE", shown)
    error = "EPP_RENEW_INFO_RESPONSE_MISSING_OR_INVALID_RGP_STATUS"
    rst.expect(graces(shown) >= {"addPeriod", "renewPeriod"}, error, shown)


async def _expiry(rst: Rst, client: Client, name: str) -> datetime:
    shown = await rst.accept(client, say.named("domain", "info", name))
    return datetime.fromisoformat(value_of(shown, "domain:exDate") or "")


async def _offered(rst: Rst, name: str) -> None:
    """A domain of a with a secret set, and asked for by b."""
    await rst.accept(rst.a, say.domain_create(name))
    weak = say.domain_change(name, say.secret("weak"))
    await rst.refuse(rst.a, weak, "EPP_TRANSFER_SERVER_ACCEPTS_INSECURE_AUTHINFO")
    strong = say.domain_change(name, say.secret(STRONG))
    await rst.accept(rst.a, strong, "EPP_TRANSFER_SERVER_REJECTS_SECURE_AUTHINFO")
    await rst.refuse(rst.b, _ask(name, "request", "wrong-secret"), "EPP_TRANSFER_SERVER_ACCEPTS_INCORRECT_AUTHINFO")
    await rst.refuse(rst.b, _ask(name, "request", STRONG, "10"), "EPP_TRANSFER_SERVER_ACCEPTS_INVALID_PERIOD")
    await rst.accept(rst.b, _ask(name, "request", STRONG, "1"), "EPP_DOMAIN_TRANSFER_REQUEST_FAILED")
    shown = await rst.accept(rst.a, say.named("domain", "info", name))
    error = "EPP_TRANSFER_INFO_RESPONSE_MISSING_OR_INVALID_STATUS_CODE"
    rst.expect("pendingTransfer" in statuses(shown, "domain"), error, shown)


def _ask(name: str, operation: str, secret: str = "", years: str = "") -> bytes:
    period = f'<domain:period unit="y">{years}</domain:period>' if years else ""
    proof = f"<domain:authInfo>{say.text('domain:pw', secret)}</domain:authInfo>" if secret else ""
    return say.named("domain", "transfer", name, period + proof, op=operation)


@case("epp-19")
async def transfer(rst: Rst) -> None:
    """Once approved the sponsor, the expiry and the secret are new."""
    name = f"rst-19.{rst.zone}"
    await _offered(rst, name)
    before = await _expiry(rst, rst.a, name)
    await rst.accept(rst.a, _ask(name, "approve"))
    shown = await rst.accept(rst.b, say.named("domain", "info", name))
    rst.expect(value_of(shown, "domain:clID") == "registrar-b", "EPP_TRANSFER_NOT_PROCESSED", shown)
    error = "EPP_TRANSFER_INFO_RESPONSE_MISSING_OR_INVALID_RGP_STATUS"
    rst.expect("transferPeriod" in graces(shown), error, shown)
    is_right = await _expiry(rst, rst.b, name) == before.replace(year=before.year + 1)
    rst.expect(is_right, "EPP_TRANSFER_INFO_RESPONSE_UNEXPECTED_EXPIRY_DATE", shown)
    await rst.refuse(rst.a, _ask(name, "request", STRONG), "EPP_TRANSFER_INFO_RESPONSE_AUTHINFO_NOT_RESET", 2202)


@case("epp-20")
async def rejected(rst: Rst) -> None:
    """After a rejection everything is as before."""
    name = f"rst-20.{rst.zone}"
    await _offered(rst, name)
    await rst.accept(rst.a, _ask(name, "reject"))
    shown = await rst.accept(rst.a, say.named("domain", "info", name))
    is_right = value_of(shown, "domain:clID") == "registrar-a" and "pendingTransfer" not in statuses(shown, "domain")
    rst.expect(is_right, "EPP_TRANSFER_SERVER_PROCESSED_REJECTED_TRANSFER", shown)


@case("epp-21")
async def delete(rst: Rst) -> None:
    """A domain deleted in its add grace is gone, and what it used can go too."""
    await rst.accept(rst.a, say.contact_create("rst-21"))
    await rst.accept(rst.a, say.host_create("ns1.epp-21.rst.icann"))
    name, links = f"rst-21.{rst.zone}", (("admin", "rst-21"), ("tech", "rst-21"))
    document = say.domain_create(name, hosts=("ns1.epp-21.rst.icann",), registrant="rst-21", contacts=links)
    await rst.accept(rst.a, document)
    code, _ = await rst.ask(rst.a, say.named("domain", "delete", name))
    rst.expect(code == 1000, "EPP_UNEXPECTED_COMMAND_FAILURE", f"{code}")
    error = "EPP_DOMAIN_DELETE_INFO_RESPONSE_OBJECT_STILL_EXISTS"
    await rst.refuse(rst.a, say.named("domain", "info", name), error, 2303)
    for kind, one in (("contact", "rst-21"), ("host", "ns1.epp-21.rst.icann")):
        await rst.accept(rst.a, say.named(kind, "delete", one))
        await rst.refuse(rst.a, say.named(kind, "info", one), "EPP_UNEXPECTED_COMMAND_SUCCESS", 2303)


@case("idn-01")
async def labels(rst: Rst) -> None:
    """ICANN's labels for Chinese: what cannot be allocated is refused, each primary is taken, and then every variant is blocked."""
    text = shared_path("conformance/idn/rst-labels-zh.yaml").read_text(encoding="utf-8")
    allocatable, _, unallocatable = text.partition("unallocatableLabels:")
    for label in re.findall(r"- (xn--\S+)", unallocatable):
        await rst.refuse(rst.a, say.domain_create(f"{label}.{rst.idn_zone}"), "IDN_SERVER_ACCEPTS_INVALID_LABEL")
    for block in re.split(r"\n    - label: ", allocatable)[1:]:
        primary, *variants = re.findall(r"xn--[a-z0-9-]+", block)
        await rst.accept(
            rst.a, say.domain_create(f"{primary.upper()}.{rst.idn_zone}"), "IDN_SERVER_REJECTS_VALID_LABEL"
        )
        for variant in variants:
            document = say.domain_create(f"{variant}.{rst.idn_zone}")
            await rst.refuse(rst.a, document, "IDN_VARIANT_LABEL_NOT_BLOCKED")
            theirs = say.domain_create(f"{variant}.{rst.idn_zone}", **LINKS_B)  # type: ignore[arg-type]  # keywords
            error = "IDN_VARIANT_SERVER_ACCEPTS_VARIANT_CREATE_FROM_INCORRECT_REGISTRAR"
            await rst.refuse(rst.b, theirs, error)


@case("idn-02")
async def only_idn(rst: Rst) -> None:
    """A zone of Chinese names takes no ASCII label."""
    document = say.domain_create(f"rst-idn-02-free.{rst.idn_zone}")
    await rst.refuse(rst.a, document, "IDN_SERVER_ACCEPTS_INVALID_LABEL")
