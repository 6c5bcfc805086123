"""Demo data (CONTRACT.md): certificates, registrars, people, bodies, a test zone and the objects that conformance drivers expect.

Written once: ``DATA/demo/accounts.json`` is the mark that it is complete. Passwords and secrets are drawn at random for each data directory;
a demo that listens on a network by mistake must not be open to everybody who read this file.
"""

import base64
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from registry import establishment
from registry.cli.certificates import private_authority
from registry.establishment.exporting import write_bodies
from registry.establishment.generate import demo_bodies
from registry.establishment.importing import import_file
from registry.flows.act import Act, Caller
from registry.flows.contact.create import CreateContact, create_contact
from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.host.create import AddressText, CreateHost, create_host
from registry.flows.person.create import CreatePerson, create_person
from registry.flows.registrar.api_client import CreateApiClient, create_api_client
from registry.flows.registrar.bind_certificate import BindCertificate, bind_certificate
from registry.flows.registrar.create import CreateRegistrar, create_registrar
from registry.flows.runner import Flow, Runner
from registry.kernel.clock import BEIJING, SystemClock
from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_bytes, new_token
from registry.kernel.names import to_a
from registry.kernel.tls import Pair, issue, key_pin, read_pair, write_secret
from registry.model.contact import Phone, Postal
from registry.model.person import Role

CALLER = Caller("job", "demo", may_override=True)
REGISTRARS = (
    ("registrar-a", "演示注册服务机构甲", 9995),
    ("registrar-b", "演示注册服务机构乙", 9996),
    ("registrar-c", "演示注册服务机构丙", 9997),
)
TEST_ZONE = "zz--main-1234"
REAL_BODIES = Path(establishment.__file__).parent / "real_bodies.csv"
# The .icann name servers and the glue address are ICANN's own choice for its test objects (RST v2.0).
RST_GLUE = "208.77.190.193"
RST_CONTACTS = ("rst-contact-1", "rst-contact-2")

_TEST_TLD = """
insert into tld (name, unicode, tld_set, table_id, verification, idn_only, contact_model, created_at)
values ($1, $1, $1, 'zh-2022-05-31-93149ffa', 'none', false, 'maximum', $2) on conflict do nothing"""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person of the demo: one a role."""

    role: Role
    name: str
    region: str = ""
    uscc: str = ""
    registrar: str = ""


PEOPLE = (
    DemoPerson(Role.AGENCY, "清华大学经办人", "110108", "12100000400000624D"),
    DemoPerson(Role.REVIEWER_COUNTY, "县级审核员", "430121"),
    DemoPerson(Role.REVIEWER_CITY, "市级审核员", "430100"),
    DemoPerson(Role.REVIEWER_PROVINCE, "省级审核员", "430000"),
    DemoPerson(Role.REVIEWER_CENTRAL, "中央审核员", "000000"),
    DemoPerson(Role.REGISTRAR, "演示机构甲经办人", registrar="registrar-a"),
    DemoPerson(Role.OPERATOR, "系统管理员"),
    DemoPerson(Role.SECURITY_OFFICER, "安全保密管理员"),
    DemoPerson(Role.AUDITOR, "安全审计员"),
)


async def fill(config: Config, db: Database) -> None:
    """Write the demo data unless it is there; whatever an interrupted start left is completed."""
    folder = config.data / "demo"
    if (folder / "accounts.json").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    runner = Runner(db, SystemClock(), config)
    drawn = _Secrets(folder / "passwords.partial")
    await _bodies(config, db)
    authority = private_authority(config)
    shutil.copyfile(config.secret("client-ca.pem"), folder / "ca.pem")
    registrars = [await _registrar(runner, authority, drawn, *one) for one in REGISTRARS]
    people = [await _person(runner, drawn, person) for person in PEOPLE]
    clients = [await _client(runner, registrar["id"]) for registrar in registrars]
    await db.execute(_TEST_TLD, TEST_ZONE, runner.clock.now())
    await _conformance_objects(runner)
    _write_shell_file(config, clients[0])
    accounts = {"registrars": registrars, "people": people, "api": clients}
    write_secret(folder / "accounts.json", json.dumps(accounts, ensure_ascii=False, indent=2).encode())
    drawn.forget()


class _Secrets:
    """Passwords drawn once and kept until the demo is complete, so that a second attempt tells the same ones."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._drawn: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}

    def of(self, name: str, draw: Callable[[], str]) -> str:
        if name not in self._drawn:
            self._drawn[name] = draw()
            write_secret(self._path, json.dumps(self._drawn).encode())
        return self._drawn[name]

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)


async def _once(runner: Runner, caller: Caller, flow: Flow[object]) -> None:
    """Run a flow; what an earlier attempt made is left as it is."""
    try:
        await runner.run(caller, flow)
    except Refusal as refusal:
        if refusal.reason is not Reason.ALREADY_EXISTS:
            raise


async def _bodies(config: Config, db: Database) -> None:
    made = config.data / "demo" / "bodies.csv"
    write_bodies(made, demo_bodies(SystemClock().now().astimezone(BEIJING).date()))
    for path in (made, REAL_BODIES):
        await import_file(db, path, snapshot=False, actor=CALLER.actor, clock=SystemClock())


async def _registrar(
    runner: Runner, authority: Pair, drawn: _Secrets, name: str, title: str, iana_id: int
) -> dict[str, Any]:
    folder = runner.config.data / "demo"
    password = drawn.of(name, lambda: new_token()[:16])  # RFC 5730 limits pw to 16 characters
    certificate_file, key_file = folder / f"{name}.pem", folder / f"{name}.key"
    if not certificate_file.exists() or not key_file.exists():
        issue(authority, name, runner.clock.now()).write(certificate_file, key_file)
    certificate = read_pair(certificate_file, key_file).certificate
    address = {"email": f"support@{name}.example", "phone": "+86.1000000000", "url": f"https://{name}.example/"}
    order = CreateRegistrar(name, title, password, iana_id, **address, address="北京市")
    await _once(runner, CALLER, partial(_create_registrar, order))
    subject, until = certificate.subject.rfc4514_string(), certificate.not_valid_after_utc
    bound = BindCertificate(name, key_pin(certificate), subject, until)
    await _once(runner, CALLER, lambda act: bind_certificate(act, bound))
    return {"id": name, "password": password, "cert": str(certificate_file), "key": str(key_file)}


async def _create_registrar(order: CreateRegistrar, act: Act) -> None:
    await create_registrar(act, order)


async def _person(runner: Runner, drawn: _Secrets, person: DemoPerson) -> dict[str, Any]:
    role = person.role.value
    password = drawn.of(role, lambda: new_token()[:20])
    totp_secret = drawn.of(f"{role}.totp", lambda: base64.b32encode(new_bytes(20)).decode())
    order = CreatePerson(
        role, person.name, person.role, password, totp_secret, person.region, person.uscc, person.registrar
    )
    await _once(runner, CALLER, lambda act: create_person(act, order))
    account = {"role": role, "username": role, "password": password}
    return {**account, "totp_secret": totp_secret, "region": person.region}


async def _client(runner: Runner, registrar_id: str) -> dict[str, Any]:
    made = await runner.run(CALLER, lambda act: create_api_client(act, CreateApiClient(registrar_id)))
    return {"client_id": made.client_id, "client_secret": made.secret, "registrar": registrar_id}


def _write_shell_file(config: Config, client: dict[str, Any]) -> None:
    """For the tour of the README: ``. DATA/demo/api.env``."""
    lines = {"WEB": config.public_url, "CLIENT_ID": client["client_id"], "CLIENT_SECRET": client["client_secret"]}
    text = "".join(f"{key}='{value}'\n" for key, value in lines.items())
    write_secret(config.data / "demo" / "api.env", text.encode())


async def _conformance_objects(runner: Runner) -> None:
    """What a Registry System Testing run expects to find: a third registrar's domain, host and contacts under each zone."""
    sponsor = Caller("registrar", "registrar-c", may_override=True)
    for contact_id in RST_CONTACTS:
        await _once(runner, sponsor, partial(_create_contact, contact_id))
    for zone, label in (("xn--zfr164b", "注册测试"), ("xn--55qw42g", "注册测试"), (TEST_ZONE, "rst-registered")):
        await _once(runner, sponsor, partial(_domain_with_host, f"{to_a(label)}.{zone}"))


async def _create_contact(contact_id: str, act: Act) -> None:
    await create_contact(act, _contact(contact_id))


def _contact(contact_id: str) -> CreateContact:
    postal = {
        "int": Postal("RST Contact", "Beijing", "CN", "Registry Operator", ("1 Test Road",), "Beijing", "100000"),
        "loc": Postal("测试联系人", "北京", "CN", "注册管理机构", ("测试路1号",), "北京", "100000"),
    }
    return CreateContact(contact_id, postal, "rst@registrar-c.example", Phone("+86.1012345678"))


async def _domain_with_host(name: str, act: Act) -> None:
    contacts = frozenset({("admin", RST_CONTACTS[0]), ("tech", RST_CONTACTS[1])})
    await create_domain(act, CreateDomain(name, registrant=RST_CONTACTS[0], contacts=contacts, uscc=None))
    await create_host(act, CreateHost(f"ns1.{name}", (AddressText(RST_GLUE),)))
