"""A small register: who holds what, for tables of verdicts (in memory) and for the real pages (in the database)."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from registry.kernel.db import Database
from registry.kernel.names import TLDS, to_a
from verifier.address import Kind, parse_address
from verifier.marks.looks import Look
from verifier.marks.origin import registered_name
from verifier.marks.states import MarkState, effective_state
from verifier.marks.store import Mark, Name
from verifier.officials import Officials
from verifier.verdict import Facts, Judgement, judge

THEN = datetime(2026, 5, 1, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Body:
    """A body and the name that it holds."""

    uscc: str
    name: str
    holds: str
    kind: str = "12"
    status: str = "normal"


TSINGHUA = Body("12100000400000624D", "清华大学", "清华大学.公益")
PEKING = Body("12100000400002259P", "北京大学", "北京大学.公益")
TAX = Body("11100000000013338W", "国家税务总局", "国家税务总局.政务", "11")
YANGJIANG = Body("11441700007280420Y", "阳江市人民政府办公室", "阳江市人民政府办公室.政务", "11")
GRADUATE = Body("12440300455752807L", "清华大学深圳国际研究生院", "清华大学深圳国际研究生院.公益")
ABOLISHED = Body("11000000000000000A", "某市旧城改造局", "某市旧城改造局.政务", "11", "abolished")
FOUNDATION = Body("53100000500000000B", "中华慈善基金会", "中华慈善基金会.公益", "53")
BODIES = (TSINGHUA, PEKING, TAX, YANGJIANG, GRADUATE, ABOLISHED, FOUNDATION)

# Bodies that only the table of addresses knows.
MORE = (
    Body("11441700MB2C00001X", "阳江市教育局", "阳江市教育局.政务", "11"),
    Body("12100000400688111T", "北京协和医院", "北京协和医院.公益"),
    Body("13100000500019821U", "中国红十字会总会", "中国红十字会总会.公益", "13"),
    Body("11430104006126161Q", "长沙市岳麓区人民政府", "长沙市岳麓区人民政府.政务", "11"),
    Body("12430000444879003K", "湖南省博物馆", "湖南省博物馆.公益"),
    Body("12100000400000000C", "中央气象台", "中央气象台.公益"),
    Body("11100000000014496N", "国家知识产权局", "国家知识产权局.政务", "11"),
    Body("12440300455755555P", "深圳市住房公积金管理中心", "深圳市住房公积金管理中心.公益"),
    Body("12310000425006790W", "上海图书馆", "上海图书馆.公益"),
    Body("11500101009000000H", "重庆市万州区人民法院", "重庆市万州区人民法院.政务", "11"),
    Body("12440100455400000M", "广州市第一中学", "广州市第一中学.公益"),
    Body("11100000000013936Y", "公安部", "公安部.政务", "11"),
)

MARKED: dict[str, tuple[Body, MarkState, tuple[str, ...], Look]] = {
    "TSINGHUA": (TSINGHUA, MarkState.VALID, ("清华大学.公益", "www.清华大学.公益"), Look.BLUE),
    "TAX": (TAX, MarkState.SUSPENDED, ("国家税务总局.政务",), Look.RED),
    "YANGJIANG": (YANGJIANG, MarkState.VALID, ("www.阳江市人民政府办公室.政务",), Look.RED),
    "GRADUATE": (GRADUATE, MarkState.REVOKED, ("清华大学深圳国际研究生院.公益",), Look.BLUE),
    "ABOLISHED": (ABOLISHED, MarkState.VALID, ("某市旧城改造局.政务",), Look.RED),
    "EDUCATION": (MORE[0], MarkState.VALID, ("阳江市教育局.政务", "www.阳江市教育局.政务"), Look.RED),
    "HOSPITAL": (
        MORE[1],
        MarkState.VALID,
        ("北京协和医院.公益", "www.北京协和医院.公益", "挂号.北京协和医院.公益"),
        Look.BLUE,
    ),
    "REDCROSS": (MORE[2], MarkState.VALID, ("中国红十字会总会.公益",), Look.GREEN),
    "YUELU": (MORE[3], MarkState.VALID, ("www.长沙市岳麓区人民政府.政务",), Look.RED),
    "MUSEUM": (MORE[4], MarkState.VALID, ("湖南省博物馆.公益", "www.湖南省博物馆.公益"), Look.BLUE),
    "PATENT": (MORE[6], MarkState.VALID, ("国家知识产权局.政务", "www.国家知识产权局.政务"), Look.RED),
    "FUND": (MORE[7], MarkState.VALID, ("深圳市住房公积金管理中心.公益",), Look.BLUE),
    "LIBRARY": (MORE[8], MarkState.SUSPENDED, ("上海图书馆.公益", "www.上海图书馆.公益"), Look.BLUE),
    "SCHOOL": (MORE[10], MarkState.REVOKED, ("广州市第一中学.公益",), Look.BLUE),
    "POLICE": (MORE[11], MarkState.VALID, ("公安部.政务", "www.公安部.政务"), Look.RED),
}


def name_of(body: Body) -> Name:
    """What the register knows of the name that ``body`` holds."""
    valid = [hosts for holder, state, hosts, _ in MARKED.values() if holder is body and state is MarkState.VALID]
    a_form = to_a(body.holds)
    return Name(
        name=a_form,
        unicode=body.holds,
        registered=a_form,
        registered_unicode=body.holds,
        uscc=body.uscc,
        created_at=THEN,
        is_live=True,
        body_name=body.name,
        kind=body.kind,
        region="100000",
        level="central",
        body_status=body.status,
        is_body_alive=body.status == "normal",
        origin=f"https://{to_a(valid[0][0])}" if valid else "",
    )


def mark_of(key: str) -> Mark:
    """A mark of the small register."""
    body, stored, hosts, look = MARKED[key]
    alive = body.status == "normal"
    return Mark(
        id=key,
        uscc=body.uscc,
        look=look,
        state=effective_state(stored, is_body_alive=alive, is_name_held=True),
        stored=stored,
        is_body_alive=alive,
        is_name_held=True,
        status_list=1,
        status_slot=7,
        issued_at=THEN,
        changed_at=THEN,
        reason="",
        site_name=body.name,
        origin=f"https://{to_a(hosts[0])}",
        purpose="",
        hosts=tuple(sorted(to_a(host) for host in hosts)),
        body_name=body.name,
        kind=body.kind,
        region="100000",
        level="central",
        authority="",
        address="",
        body_status=body.status,
    )


NAMES = {to_a(body.holds): name_of(body) for body in (*BODIES, *MORE)}
MARKS = {host: mark_of(key) for key in MARKED for host in mark_of(key).hosts}
OFFICIALS = Officials()
for known in NAMES:
    OFFICIALS.add(known)


def ask(typed: str, shown: str = "") -> Judgement:
    """The verdict on ``typed`` in the small register, without a database."""
    address = parse_address(typed)
    named = OFFICIALS.named_in(f"{address.user} {address.rest}")
    facts = Facts(named=named, officials=NAMES)
    if address.kind in {Kind.WEB, Kind.WORD}:
        facts = replace(
            facts,
            mark=MARKS.get(address.host),
            name=NAMES.get(registered_name(address.host)),
            is_our_zone=address.host.rpartition(".")[2] in TLDS.values(),
            likes=OFFICIALS.likes(address.host_u if address.kind is Kind.WEB else f"{address.host_u}."),
            shown=mark_of(shown) if shown else None,
        )
    return judge(address, facts)


async def fill(db: Database) -> None:
    """Write bodies and names (no marks) into a database."""
    for unicode, name in TLDS.items():
        await db.execute(
            "insert into tld (name, unicode, tld_set, table_id, created_at) values ($1, $2, $1, 'zh', $3) on conflict do nothing",
            name,
            unicode,
            THEN,
        )
    await db.execute(
        "insert into registrar (id, name, password_hash, created_at) values ('registrar-a', '甲', '', $1) on conflict do nothing",
        THEN,
    )
    for number, body in enumerate(BODIES):
        await _add(db, number, body)


async def _add(db: Database, number: int, body: Body) -> None:
    await db.execute(
        """insert into body (uscc, name, kind, region, level, status, digest, imported_at, address)
           values ($1, $2, $3, '100000', 'central', $4, '', $5, '北京市海淀区双清路30号')""",
        body.uscc, body.name, body.kind, body.status, THEN,
    )  # fmt: skip
    label, tld = body.holds.split(".")
    roid = f"D{number}-CONAC"
    await db.execute(
        """insert into domain (roid, name, u_label, tld, tld_set, table_id, index_label, registrar_id, uscc, created_at, created_by, expires_at)
           values ($1, $2, $3, $4, $4, 'zh', $3, 'registrar-a', $5, $6, 'registrar-a', $7)""",
        roid, to_a(body.holds), label, TLDS[tld], body.uscc, THEN, THEN.replace(year=2027),
    )  # fmt: skip
    await db.execute(
        "insert into bundle_name (name, unicode, domain_roid, role) values ($1, $2, $3, 'registered')",
        to_a(body.holds),
        body.holds,
        roid,
    )
