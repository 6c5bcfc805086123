import asyncio, json
from tests.kit.whois import whois
from tests.whois.world import *


async def test_x(doors):
    """x"""
    for q in (
        "清华大学.公益",
        BUREAU_OLD,
        "國家稅務總局。政務",
        "国家稅务总局.政务",
        "12100000400000624D",
        "nameserver ns1." + UNIVERSITY,
        "registrar 9995",
        "help",
        "没有.公益",
        PLAIN,
        "foo",
    ):
        print("#######", q)
        print(await asyncio.to_thread(whois, doors.port, q))
    for p in (
        f"domain/{UNIVERSITY}",
        "domain/國家稅務總局.政务",
        "domain/国家稅务总局.政务",
        f"nameserver/ns1.{UNIVERSITY}",
        "entity/9995",
        f"entity/{TSINGHUA}",
        "help",
        "domains?name=x",
        "ip/1.1.1.1",
        "domain/not-a-domain.invalid",
        f"domain/{PLAIN}",
        "domain/a b",
        "x",
    ):
        async with doors.client.get(f"{doors.url}/rdap/{p}") as r:
            print("####", p, r.status, dict(r.headers))
            print(json.dumps(json.loads(await r.text()), ensure_ascii=False, indent=1))
    assert 0


async def test_y(doors):
    """y"""
