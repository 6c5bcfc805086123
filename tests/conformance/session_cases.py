"""epp-01 to epp-06 and epp-17: the port, the greeting, logins, checks, and the same answer at every port."""

import re
import socket
import ssl
import warnings
from dataclasses import replace
from datetime import datetime, timedelta

from registry.epp.server import EppServer
from registry.flows.runner import Runner
from registry.kernel.clock import SystemClock
from tests.conformance.driver import Rst, case
from tests.epp import phrases as say
from tests.epp.tls_world import Client, Door, login
from tests.epp.world import REGISTRARS

MAX_SKEW = timedelta(seconds=30)
SUCCESS = b'code="1000"'
MORE_OBJECTS = {
    "urn:ietf:params:xml:ns:epp:maintenance-1.0"
}  # an object mapping of IANA's registry that nobody has to offer
OBJECTS = {f"urn:ietf:params:xml:ns:{name}-1.0" for name in ("domain", "host", "contact")}
NEEDED = {"urn:ietf:params:xml:ns:secDNS-1.1", "urn:ietf:params:xml:ns:rgp-1.0", "urn:ietf:params:xml:ns:launch-1.0"}
RECOMMENDED = {
    "urn:ietf:params:xml:ns:epp:secure-authinfo-transfer-1.0",
    "urn:ietf:params:xml:ns:epp:unhandled-namespaces-1.0",
    "urn:ietf:params:xml:ns:epp:loginSec-1.0",
    "urn:ietf:params:xml:ns:changePoll-1.0",
}
# Of IANA's registry of EPP extensions; anything else in the greeting is an error of epp-02.
REGISTERED = NEEDED | RECOMMENDED | {
    "urn:ietf:params:xml:ns:idn-1.0", "urn:ietf:params:xml:ns:epp:b-dn", "urn:ietf:params:xml:ns:verificationCode-1.0",
    "urn:ietf:params:xml:ns:allocationToken-1.0", "urn:ietf:params:xml:ns:epp:ttl-1.0", "urn:ietf:params:xml:ns:epp:maintenance-1.0",
}  # fmt: skip
BAD_CIPHERS = ("AES128-SHA", "AES256-GCM-SHA384", "ECDHE-RSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA")


@case("epp-01")
async def connectivity(rst: Rst) -> None:
    """TLS 1.2 and 1.3 are taken, older ones and ciphers that RFC 9325 does not recommend are not; the chain is whole."""
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = rst.door.context("registrar-a")
        context.minimum_version = context.maximum_version = version
        error = "EPP_TLS_REQUIRED_PROTOCOL_NOT_SUPPORTED"
        rst.expect(await _connects(rst.door, context), error, version.name)
    old = _lax(rst.door)
    with warnings.catch_warnings():  # Python warns whoever wants what we want to see refused
        warnings.simplefilter("ignore")
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    rst.expect(not await _connects(rst.door, old), "EPP_TLS_FORBIDDEN_PROTOCOL_SUPPORTED", "TLS 1.1")
    for cipher in BAD_CIPHERS:
        context = _lax(rst.door)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(f"{cipher}:@SECLEVEL=0")
        rst.expect(not await _connects(rst.door, context), "EPP_TLS_BAD_CIPHER", cipher)


def _lax(door: Door) -> ssl.SSLContext:
    context = door.context("registrar-a")
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


async def _connects(door: Door, context: ssl.SSLContext) -> bool:
    try:
        client = await door.connect(context=context)
    except (OSError, ssl.SSLError, EOFError):
        return False
    await client.close()
    return True


@case("epp-02")
async def greeting(rst: Rst) -> None:
    """Who, when, version, languages, and only services that IANA lists, with all that ICANN wants."""
    client = await rst.door.connect()
    text = client.greeting.decode()
    rst.expect("<svID>" in text, "EPP_GREETING_SVID_INVALID", text)
    at = datetime.fromisoformat(_texts(text, "svDate")[0])
    rst.expect(abs(SystemClock().now() - at) <= MAX_SKEW, "EPP_GREETING_SVDATE_INVALID", f"{at}")
    rst.expect(_texts(text, "version") == ["1.0"], "EPP_GREETING_VERSION_INVALID", text)
    rst.expect("en" in _texts(text, "lang"), "EPP_GREETING_MISSING_EN_LANG", text)
    objects, extensions = set(_texts(text, "objURI")), set(_texts(text, "extURI"))
    rst.expect(objects >= OBJECTS, "EPP_GREETING_MISSING_OBJURI", f"{OBJECTS - objects}")
    known = OBJECTS | MORE_OBJECTS
    rst.expect(objects <= known, "EPP_GREETING_UNEXPECTED_OBJURI", f"{objects - known}")
    rst.expect(extensions >= NEEDED, "EPP_GREETING_MISSING_EXTURI", f"{NEEDED - extensions}")
    rst.expect(extensions <= REGISTERED, "EPP_GREETING_UNEXPECTED_EXTURI", f"{extensions - REGISTERED}")
    missing = RECOMMENDED - extensions
    rst.expect(not missing, "EPP_GREETING_RECOMMENDED_EXTENSION_MISSING", f"{missing}")


def _texts(text: str, element: str) -> list[str]:
    return re.findall(rf"<{element}>([^<]*)</{element}>", text)


@case("epp-03")
async def logins(rst: Rst) -> None:
    """An unknown id, a wrong password, a stranger's certificate, the other registrar's and none at all are refused; all three right enter."""
    right = login("registrar-a")
    attempts = [
        ("registrar-a", login("nobody-knows-me", "a-password-1")),
        ("registrar-a", login("registrar-a", "wrong-password")),
        ("stranger", right),
        ("registrar-b", right),
        ("", right),
    ]
    for certificate, document in attempts:
        entered = await _enters(rst.door, certificate, document)
        rst.expect(not entered, "EPP_LOGIN_UNEXPECTEDLY_SUCCEEDED", f"{certificate}: {document.decode()}")
    rst.expect(await _enters(rst.door, "registrar-a", right), "EPP_LOGIN_UNEXPECTEDLY_FAILED", "clid01")
    everything = full_login(rst.a.greeting.decode(), "registrar-a")
    rst.expect(await _enters(rst.door, "registrar-a", everything), "EPP_LOGIN_UNEXPECTEDLY_FAILED", "with loginSec")


def full_login(greeting: str, name: str) -> bytes:
    """A login with all services of the greeting and the password in the extension, as ICANN's client does it."""
    objects = "".join(f"<objURI>{uri}</objURI>" for uri in _texts(greeting, "objURI"))
    extensions = "".join(f"<extURI>{uri}</extURI>" for uri in _texts(greeting, "extURI"))
    return f"""<epp xmlns="{say.EPP}"><command><login><clID>{name}</clID><pw>[LOGIN-SECURITY]</pw>
      <options><version>1.0</version><lang>en</lang></options><svcs>{objects}<svcExtension>{extensions}</svcExtension></svcs></login>
      <extension><l:loginSec xmlns:l="urn:ietf:params:xml:ns:epp:loginSec-1.0"><l:pw>{REGISTRARS[name]}</l:pw></l:loginSec></extension>
      </command></epp>""".encode()


async def _enters(door: Door, certificate: str, document: bytes) -> bool:
    try:
        client = await door.connect(context=door.context(certificate))
        answer = await client.ask(document)
    except (OSError, ssl.SSLError, EOFError, TimeoutError):
        return False
    await client.close()
    return SUCCESS in answer


@case("epp-04")
async def domain_check(rst: Rst) -> None:
    """Invalid and registered names are not available, a free one is."""
    await _triad(rst, "domain", f"-!-.{rst.zone}", rst.other.upper(), f"Rst-04-Free.{rst.zone}")


@case("epp-05")
async def host_check(rst: Rst) -> None:
    """The same for hosts; a free host below a name that does not exist is available."""
    await _triad(rst, "host", "-!-.icann", f"NS1.{rst.other}", f"ns1.Rst-05-Free.{rst.zone}")


@case("epp-06")
async def contact_check(rst: Rst) -> None:
    """The same for contacts."""
    await _triad(rst, "contact", "x", "rst-contact-1", "rst-06-free")


async def _triad(rst: Rst, kind: str, invalid: str, registered: str, free: str) -> None:
    name = {"domain": "DOMAIN", "host": "HOST", "contact": "CONTACT_ID"}[kind]
    prefix = f"EPP_{kind.upper()}_CHECK"
    code, text = await rst.ask(rst.a, say.named(kind, "check", invalid))
    is_right = 'avail="0"' in text if code == 1000 else code in (2001, 2004, 2005)
    rst.expect(is_right, f"{prefix}_INVALID_{name}_INCORRECT_AVAIL", text)
    text = await rst.accept(rst.a, say.named(kind, "check", registered))
    rst.expect('avail="0"' in text, f"{prefix}_REGISTERED_{name}_INCORRECT_AVAIL", text)
    text = await rst.accept(rst.a, say.named(kind, "check", free))
    rst.expect('avail="1"' in text, f"{prefix}_VALID_{name}_INCORRECT_AVAIL", text)


@case("epp-17")
async def every_port(rst: Rst) -> None:
    """What one port created, another process's port shows at once, and the same."""
    runner = rst.door.runner
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        base = int(probe.getsockname()[1]) - 1
    second = EppServer(Runner(runner.db, runner.clock, replace(runner.config, port_base=base)))
    await second.start()
    other_door = Door(runner, second, rst.door.certificates)
    try:
        client: Client = await other_door.log_in("registrar-a")
        name = f"rst-17.{rst.zone}"
        await rst.accept(rst.a, say.domain_create(name))
        shown = [await rst.accept(one, say.named("domain", "info", name)) for one in (rst.a, client)]
        data = {text.partition("</resData>")[0] for text in shown}
        rst.expect(len(data) == 1, "EPP_SERVICE_PORT_NOT_CONSISTENT", name)
        await client.close()
    finally:
        await second.close()
