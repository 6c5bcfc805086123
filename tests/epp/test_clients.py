"""Registrars' existing clients, unchanged, over real TLS: Debian's Net::EPP (Perl) and PyPI's pyepp."""

import asyncio
import os
from pathlib import Path

import pytest
from pyepp.contact import AddressData, Contact, ContactData, PostalInfoData
from pyepp.domain import DigestTypeEnum, DNSSECAlgorithm, Domain, DomainData, DSRecordData
from pyepp.epp import EppCommunicator
from pyepp.host import Host, HostData
from pyepp.poll import Poll

from registry.establishment.importing import import_file
from registry.kernel.names import to_a
from tests.epp.test_official_names import BODIES, REGISTRANT, issue
from tests.epp.tls_world import Door
from tests.epp.world import OPERATOR, World

PERL = Path(__file__).parent / "clients" / "registrar.pl"
SECRET = "k7Qw-mN42rX9pLs81tVbZ0"  # 128 bits, as RFC 9154 wants; the client's own default of 16 characters has 95
NAME = to_a("清华大学.公益")


@pytest.fixture
async def code(door: Door) -> str:
    """A registrant code for 清华大学, issued to registrar-a."""
    await import_file(door.runner.db, BODIES, snapshot=False, actor=OPERATOR.actor, clock=door.runner.clock)
    return await issue(World(door.runner), *REGISTRANT)


async def test_net_epp(door: Door, code: str) -> None:
    """A registrar's day with Debian's Net::EPP: contact, host, domains, the official 清华大学.公益, logout."""
    files = (door.certificates / name for name in ("registrar-a.pem", "registrar-a.key", "ca.pem"))
    process = await asyncio.create_subprocess_exec(
        "perl", str(PERL), str(door.port), *map(str, files), "registrar-a", "secret-of-a", NAME, code,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, (out.decode(), err.decode())
    assert out.decode().splitlines()[-1] == "logged out"


@pytest.mark.filterwarnings(
    "ignore:ssl.OP_NO:DeprecationWarning"
)  # the client sets options that Python wants to retire
async def test_pyepp(door: Door, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A registrar's day with pyepp, which verifies our certificate against the authorities of its machine."""
    monkeypatch.setenv("SSL_CERT_FILE", os.fspath(door.certificates / "ca.pem"))
    assert await asyncio.to_thread(day_with_pyepp, door, code) == 1500


def day_with_pyepp(door: Door, code: str) -> int:
    certificate, key = (os.fspath(door.certificates / f"registrar-a.{kind}") for kind in ("pem", "key"))
    epp = EppCommunicator("127.0.0.1", str(door.port), certificate, key)
    epp.connect()
    try:
        assert epp.login("registrar-a", "secret-of-a", ["verificationCode-1.0", "rgp-1.0"]).code == 1000
        objects(epp)
        official(epp, code)
        assert Poll(epp).request().code == 1300
        return epp.logout().code
    finally:
        epp.disconnect()


def objects(epp: EppCommunicator) -> None:
    contact, host, domain = Contact(epp), Host(epp), Domain(epp)
    address = AddressData(street_1="双清路30号", city="北京", country_code="CN", postal_code="100084")
    person = ContactData(
        "py-1", "admin@example.cn", PostalInfoData("王建国", address=address), phone="+86.1062770334"
    )  # without a password: pyepp draws one of 16 letters and digits
    assert contact.create(person).code == 1000
    assert contact.info("py-1").result_data.postal_info.name == "王建国"
    assert host.create(HostData("ns1.example.icann")).code == 1000
    signer = DSRecordData(
        12345, DNSSECAlgorithm.ECDSA_CURVE_P_256_WITH_SHA_256.value, DigestTypeEnum.SHA_256.value, "AB" * 32
    )
    wanted = DomainData("py-name.zz--main-1234", 1, "py-1", admin="py-1", tech="py-1", host=["ns1.example.icann"])
    wanted.password, wanted.dns_sec = SECRET, [signer]
    assert domain.check(["py-name.zz--main-1234"]).code == 1000
    assert domain.create(wanted).code == 1000
    assert domain.info("py-name.zz--main-1234").result_data.registrant == "py-1"
    assert domain.delete("py-name.zz--main-1234").code == 1000


def official(epp: EppCommunicator, code: str) -> None:
    document = f"""<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><create>
      <d:create xmlns:d="urn:ietf:params:xml:ns:domain-1.0"><d:name>{NAME}</d:name><d:registrant>py-1</d:registrant>
      <d:authInfo><d:pw/></d:authInfo></d:create></create>
      <extension><v:encodedSignedCode xmlns:v="urn:ietf:params:xml:ns:verificationCode-1.0"><v:code>{code}</v:code>
      </v:encodedSignedCode></extension></command></epp>"""
    assert epp.execute(document).code == 1000
    assert Domain(epp).info(NAME).code == 1000
