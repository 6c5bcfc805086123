"""A small register to look things up in, made by the flows that registrars use: two bodies, their names, a mark, a test name."""

import csv
from dataclasses import dataclass, replace
from pathlib import Path

from registry.establishment.importing import import_file
from registry.flows.act import Act, Caller
from registry.flows.contact.create import CreateContact, create_contact
from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.domain.update import UpdateDomain, update_domain
from registry.flows.host.create import AddressText, CreateHost, create_host
from registry.flows.registrar.create import CreateRegistrar, create_registrar
from registry.flows.runner import Runner
from registry.jobs.refresh_directory import refresh_directory
from registry.kernel.names import to_a
from registry.model.contact import Disclose, Phone, Postal
from registry.model.domain import DelegationSigner
from registry.policy.codes import compose
from verifier.checks.txt import DnsTxt
from verifier.marks.issue import MarkOrder, issue_mark

TSINGHUA = "12100000400000624D"
TAX = compose("11", "100000", "00001303")  # a valid code that is not the real one
YANGJIANG = "11441700007280420Y"
UNIVERSITY = to_a("清华大学.公益")
BUREAU = to_a("国家税务总局.政务")
BUREAU_OLD = to_a("國家稅務總局.政务")
TEST = "zz--main-1234"
PLAIN = f"rst-registered.{TEST}"
# Personal data of the contacts: none of it may appear in any answer (test_nothing_hidden_leaks).
SECRETS = (
    "张晓明", "Zhang Xiaoming", "秘密部门", "Hidden Unit", "成府路 31 号", "31 Chengfu Road", "海淀测试", "Haidian-Hidden",
    "100191", "62770334", "62770335", "47118294", "zhang.xiaoming@hidden.example",
    "李技术", "Li Jishu", "62779999", "li.jishu@hidden.example",
)  # fmt: skip
DS = DelegationSigner(12345, 13, 2, bytes(range(32)))
ADMIN = Caller("person", "operator", may_override=True)
A, B = Caller("registrar", "registrar-a"), Caller("registrar", "registrar-b")
_BODY = {
    "uscc": TAX, "name": "国家税务总局", "kind": "11", "administrative": "1", "region": "100000", "level": "central",
    "authority": "中央机构编制委员会办公室", "address": "北京市海淀区羊坊店西路5号", "phone": "010-63417114", "status": "normal",
    "established_on": "2018-06-15", "short_names": "税务总局", "former_names": "国家税务局",
}  # fmt: skip
_TLD = """
insert into tld (name, unicode, tld_set, table_id, verification, idn_only, contact_model, created_at)
values ($1, $1, $1, 'zh-2022-05-31-93149ffa', 'none', false, 'maximum', $2)"""


@dataclass(frozen=True, slots=True)
class World:
    """What was made. ``mark`` is the number of the mark of the university's site."""

    runner: Runner
    mark: str


async def build(runner: Runner) -> World:
    """Everything, in the order that the register wants."""
    real = Path("registry/establishment/real_bodies.csv")
    await import_file(runner.db, real, snapshot=False, actor="job:test", clock=runner.clock)
    await import_file(runner.db, _own_file(runner), snapshot=False, actor="job:test", clock=runner.clock)
    await runner.db.execute(_TLD, TEST, runner.clock.now())
    await runner.run(ADMIN, lambda act: _registrar(act, "registrar-a", "演示注册服务机构甲", 9995))
    await runner.run(A, _contacts)
    await runner.run(A, _names)
    order = MarkOrder(
        TSINGHUA, f"https://www.{UNIVERSITY}/", name="清华大学门户网站", attested="test", actor="person:operator"
    )
    mark = await issue_mark(runner.db, order, runner.clock, runner.config, DnsTxt())
    await refresh_directory(runner)
    return World(runner, mark.id)


def _own_file(runner: Runner) -> Path:
    path = runner.config.data / "bodies.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(_BODY))
        writer.writeheader()
        writer.writerow(_BODY)
    return path


async def _registrar(act: Act, name: str, title: str, iana_id: int) -> None:
    order = CreateRegistrar(
        name, title, "pass-word-123", iana_id, email=f"abuse@{name}.example", phone="+86.1062000000",
        url=f"https://{name}.example/", address="北京市西城区1号",
    )  # fmt: skip
    await create_registrar(act, order)


async def _contacts(act: Act) -> None:
    latin = Postal("Zhang Xiaoming", "Haidian-Hidden", "CN", "Hidden Unit", ("31 Chengfu Road",), "Beijing", "100191")
    chinese = replace(
        latin, name="张晓明", org="秘密部门", street=("成府路 31 号",), city="海淀测试", province="北京市"
    )
    person = CreateContact(
        "c-person", {"loc": chinese, "int": latin}, "zhang.xiaoming@hidden.example",
        Phone("+86.1062770334", "47118294"), Phone("+86.1062770335", ""),
    )  # fmt: skip
    await create_contact(act, person)
    technician = replace(chinese, name="李技术", org="")
    await create_contact(
        act, CreateContact("c-tech", {"loc": technician}, "li.jishu@hidden.example", Phone("+86.1062779999"))
    )
    open_desk = Postal("值班台", "北京市", "CN", "网络中心", ("学院路 1 号",), "北京市", "100000")
    await create_contact(
        act,
        CreateContact(
            "c-open", {"loc": open_desk}, "noc@open.example", Phone("+86.1012345678"),
            disclose=Disclose(True, frozenset({"name:loc", "voice", "email"})),
        ),
    )  # fmt: skip


async def _names(act: Act) -> None:
    contacts = frozenset({("admin", "c-person"), ("tech", "c-tech"), ("billing", "c-person")})
    fields = {"registrant": "c-person", "contacts": contacts}
    await create_domain(act, CreateDomain(UNIVERSITY, 2, uscc=TSINGHUA, **fields))
    await create_host(
        act, CreateHost(f"ns1.{UNIVERSITY}", (AddressText("208.77.190.193"), AddressText("2602:800::5", "v6")))
    )
    await create_host(act, CreateHost("ns2.provider.example"))
    hosts = (f"ns1.{UNIVERSITY}", "ns2.provider.example")
    await update_domain(act, UpdateDomain(UNIVERSITY, add_hosts=hosts, add_signers=(DS,)))
    await create_domain(act, CreateDomain(BUREAU, 1, uscc=TAX, **fields))
    await create_domain(act, CreateDomain(PLAIN, 1, registrant="c-person", contacts=frozenset({("tech", "c-open")})))
