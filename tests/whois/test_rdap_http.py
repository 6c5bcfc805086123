"""RDAP as HTTP: methods, headers, forms of a name, what is refused and how."""

import asyncio
import json
from typing import Any

import pytest

from registry.kernel.errors import Reason, Refusal
from tests.whois.conftest import Doors
from tests.whois.profile import error_problems
from tests.whois.world import BUREAU, BUREAU_OLD, PLAIN, TSINGHUA, UNIVERSITY
from whois.rdap.errors import STATUS, refusal_object
from whois.rdap.statuses import rdap_status


async def get(doors: Doors, path: str) -> tuple[int, dict[str, Any]]:
    async with doors.client.get(f"{doors.url}/rdap/{path}") as answer:
        return answer.status, json.loads(await answer.read())


async def raw(doors: Doors, head: bytes) -> bytes:
    """One request as bytes, for what no client sends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", doors.config.port("web"))
    writer.write(head)
    await writer.drain()
    found = await reader.read()
    writer.close()
    await writer.wait_closed()
    return found


async def test_a_name_is_asked_for_in_any_form(doors: Doors) -> None:
    """U-label and A-label, capitals, traditional, Chinese full stop and final dot all answer, as the member asked for."""
    for text in ("国家税务总局.政务", BUREAU, BUREAU.upper(), f"{BUREAU}.", "国家税务总局。政务"):
        status, answer = await get(doors, f"domain/{text}")
        assert (status, answer["ldhName"], answer["unicodeName"]) == (200, BUREAU, "国家税务总局.政务"), text
        assert answer["variants"][0]["variantNames"] == [{"ldhName": BUREAU_OLD, "unicodeName": "國家稅務總局.政务"}]
    for text in ("國家稅務總局.政务", BUREAU_OLD, "國家稅務總局.政務"):
        status, answer = await get(doors, f"domain/{text}")
        assert (status, answer["ldhName"], answer["unicodeName"]) == (200, BUREAU_OLD, "國家稅務總局.政务"), text
        assert answer["variants"][0]["variantNames"] == [{"ldhName": BUREAU, "unicodeName": "国家税务总局.政务"}]


async def test_the_body_is_shown_in_chinese(doors: Doors) -> None:
    """The registrant of an official name is the body: legal name, code, kind and place."""
    _, answer = await get(doors, f"domain/{UNIVERSITY}")
    registrant = next(one for one in answer["entities"] if "registrant" in one["roles"])
    assert ["fn", {}, "text", "清华大学"] in registrant["vcardArray"][1]
    assert registrant["publicIds"][0]["identifier"] == TSINGHUA
    assert "类别：事业单位 / Kind: public institutions" in registrant["remarks"][0]["description"]
    _, body = await get(doors, f"entity/{TSINGHUA}")
    assert [link["href"] for link in body["links"] if link["rel"] == "related"] == [
        f"{doors.url}/rdap/domain/{UNIVERSITY}"
    ]


async def test_dnssec_and_servers_are_shown(doors: Doors) -> None:
    """Signers, name servers and their glue stand in the answer."""
    _, answer = await get(doors, f"domain/{UNIVERSITY}")
    assert answer["secureDNS"]["dsData"][0]["keyTag"] == 12345
    assert answer["nameservers"][0]["ipAddresses"] == {"v4": ["208.77.190.193"], "v6": ["2602:800::5"]}
    _, answer = await get(doors, f"domain/{PLAIN}")
    assert answer["secureDNS"] == {"delegationSigned": False}


async def test_links_carry_the_uri_as_it_was_asked(doors: Doors) -> None:
    """The value of a link is the request URI letter by letter: host as the client wrote it, raw path, query."""
    for host, path in (
        ("localhost:1", f"/rdap/domain/{UNIVERSITY}?x=1"),
        ("registry.example", f"/rdap/domain/{UNIVERSITY.upper()}"),
    ):
        answer = await raw(doors, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        body = json.loads(answer.partition(b"\r\n\r\n")[2])
        assert {link["value"] for link in body["links"]} == {f"http://{host}{path}"}


async def test_a_forged_host_is_not_repeated(doors: Doors) -> None:
    """What is no host in the header Host is not echoed; our own address stands instead."""
    answer = await raw(doors, b'GET /rdap/help HTTP/1.1\r\nHost: a"<script>\r\nConnection: close\r\n\r\n')
    assert b"<script>" not in answer
    assert f"{doors.url}/rdap/help".encode() in answer


NOT_ANSWERED = (
    ("domains?name=清*.公益", 401), ("nameservers?ip=192.0.2.1", 401), ("entities?fn=x", 401), ("ip/192.0.2.0/24", 501), ("ips?x=1", 501),
    ("autnum/64496", 501), ("domain/a..b", 400), ("domain/-x.公益", 404), ("domain/a b.example", 400), ("domain/x_y.example", 400),
    ("nameserver/%00.example", 400), ("entity/12100000400000624E", 404), ("", 400), ("nothing/x", 400), ("domain/", 400),
    ("entity/%00", 404), ("domain/" + "x" * 300 + ".example", 400),
)  # fmt: skip


async def test_what_is_not_answered_is_an_rdap_error(doors: Doors) -> None:
    """Searches, foreign objects and malformed questions get an error object with words in both languages."""
    for path, status in NOT_ANSWERED:
        found, answer = await get(doors, path)
        assert found == status, path
        assert error_problems(answer, found) == []
        assert len(answer["description"]) == 2


async def test_other_methods_are_refused(doors: Doors) -> None:
    """Only GET and HEAD are taken; a preflight of a browser is answered."""
    async with doors.client.post(f"{doors.url}/rdap/domain/{UNIVERSITY}") as answer:
        assert answer.status == 405
        assert error_problems(json.loads(await answer.read()), 405) == []
    async with doors.client.options(f"{doors.url}/rdap/domain/{UNIVERSITY}") as answer:
        assert answer.status == 204
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_a_variant_says_whose_it_is(doors: Doors) -> None:
    """A blocked spelling is not found, and the error names the registered one."""
    status, answer = await get(doors, "domain/国家稅务总局.政务")
    assert status == 404
    assert all(BUREAU in words for words in answer["description"])
    assert "封锁" in answer["description"][0]


async def test_a_database_that_is_away_is_said(doors: Doors) -> None:
    """While the database is away RDAP says so with 503, in RDAP's own form."""
    await doors.db.close()
    status, answer = await get(doors, f"domain/{UNIVERSITY}")
    assert status == 503
    assert error_problems(answer, 503) == []


@pytest.mark.parametrize("reason", Reason)
def test_the_table_of_refusals_is_complete(reason: Reason) -> None:
    """Every reason has a status, and its error object is valid."""
    status, answer = refusal_object(Refusal(reason, "原因", "reason"))
    assert status is STATUS[reason]
    assert status >= 400
    assert error_problems(answer, int(status)) == []


@pytest.mark.parametrize(
    ("epp", "rdap"),
    [("ok", "active"), ("linked", "associated"), ("clientHold", "client hold"), ("autoRenewPeriod", "auto renew period"),
     ("pendingDelete", "pending delete"), ("inactive", "inactive"), ("serverDeleteProhibited", "server delete prohibited")],
)  # fmt: skip
def test_statuses_have_rdap_names(epp: str, rdap: str) -> None:
    """EPP statuses become the values of RFC 8056."""
    assert rdap_status(epp) == rdap
