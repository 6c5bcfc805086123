"""``/api/v1/domains``: registering over HTTP."""

import asyncio
from urllib.parse import quote

import pytest

from registry.flows.runner import Runner
from tests.rest.conftest import SCHOOL, STALE, TAX, Api

PATH = "/api/v1/domains"
pytestmark = pytest.mark.usefixtures("bodies")


async def registered(api: Api, name: str = "国家税务总局.政务", uscc: str = TAX) -> dict[str, object]:
    answer, body = await api.post(PATH, {"name": name, "uscc": uscc, "period": 2})
    assert answer.status == 201, body
    return dict(body)


async def test_a_name_that_passes_is_registered(a: Api) -> None:
    """201 with the domain, which can be looked at under its A-label and its U-form."""
    answer, body = await a.post(PATH, {"name": "国家税务总局。政务", "uscc": TAX.lower(), "period": 2})
    assert answer.status == 201, body
    assert (body["name"], body["uscc"], body["registrar"]) == ("国家税务总局.政务", TAX, "registrar-a")
    assert body["expires_at"].startswith("2028-06-01")
    assert answer.headers["Location"] == f"{PATH}/{body['a_label']}"
    for name in (body["a_label"], quote("国家税务总局.政务"), quote("国家税务总局。政务"), body["a_label"].upper()):
        answer, seen = await a.get(f"{PATH}/{name}")
        assert (answer.status, seen["a_label"]) == (200, body["a_label"])
    assert {"registered"} <= {member["role"] for member in body["bundle"]}


async def test_the_period_is_the_zones_default_when_absent(a: Api) -> None:
    """One year here."""
    answer, body = await a.post(PATH, {"name": "国家税务总局.政务", "uscc": TAX})
    assert answer.status == 201, body
    assert body["expires_at"].startswith("2027-06-01")


async def test_a_period_is_a_whole_number_of_years(a: Api) -> None:
    """One to ten; whatever else is a broken request."""
    for period in (0, 11, -1, "1", 1.5, True):
        answer, body = await a.post(PATH, {"name": "国家税务总局.政务", "uscc": TAX, "period": period})
        assert (answer.status, body["where"]) == (400, "period"), period


async def test_a_refused_name_tells_all_findings(a: Api, runner: Runner) -> None:
    """422 with the decision: another body's name, a broken label, a wrong code, a zone that is not ours."""
    odd = (
        ("国家税务总局.政务", SCHOOL),
        ("a b.政务", TAX),
        ("国家税务总局.政务", "1"),
        ("x.com", TAX),
        ("", ""),
        ("\0.政务", "\0"),
    )
    for name, uscc in odd:
        answer, body = await a.post(PATH, {"name": name, "uscc": uscc})
        assert answer.status == 422, (name, body)
        assert (body["decision"], answer.content_type) == ("refuse", "application/problem+json")
        assert body["findings"]
        assert body["message"]["zh"]
    assert await runner.db.fetchval("select count(*) from domain") == 0
    assert await runner.db.fetchval("select count(*) from decision where decision = 'refuse'") >= len(odd)


async def test_a_name_that_is_held_is_refused_with_its_finding(a: Api, b: Api) -> None:
    """In any spelling, for anybody: BUNDLE.TAKEN."""
    await registered(a)
    for api, name in ((a, "国家税务总局.政务"), (b, "国家税务总局.政务"), (b, "國家稅務總局.政务")):
        answer, body = await api.post(PATH, {"name": name, "uscc": TAX})
        assert answer.status == 422, body
        assert "BUNDLE.TAKEN" in {finding["rule"] for finding in body["findings"]}


async def test_two_spellings_at_once_make_one_domain(a: Api, b: Api, runner: Runner) -> None:
    """The database decides the race; the losers hear who holds it."""
    names = ("国家税务总局.政务", "國家稅務總局.政务") * 3
    answers = await asyncio.gather(
        *(api.post(PATH, {"name": name, "uscc": TAX}) for api, name in zip((a, b) * 3, names, strict=True))
    )
    assert sorted(answer.status for answer, _ in answers) == [201, 422, 422, 422, 422, 422]
    assert await runner.db.fetchval("select count(*) from domain") == 1


async def test_a_name_that_needs_a_reviewer_waits(a: Api, runner: Runner) -> None:
    """202 with an application; nothing stands in the register yet."""
    answer, body = await a.post(PATH, {"name": "北京古籍研究院.公益", "uscc": STALE})
    assert answer.status == 202, body
    assert body["state"] == "submitted"
    row = await runner.db.fetchrow("select * from application where id = $1", body["application_id"])
    assert row is not None
    assert (row["kind"], row["uscc"], row["registrar_id"]) == ("domain", STALE, "registrar-a")
    assert await runner.db.fetchval("select count(*) from domain") == 0


async def test_a_request_that_is_sent_again_registers_once(a: Api, runner: Runner) -> None:
    """The answer to the second is the answer to the first: 201, not "taken"."""
    key = {"Idempotency-Key": "first-name"}
    order = {"name": "国家税务总局.政务", "uscc": TAX}
    first = await a.post(PATH, order, headers=key)
    again = await a.post(PATH, order, headers=key)
    assert (again[0].status, again[1]) == (201, first[1])
    assert await runner.db.fetchval("select count(*) from domain") == 1


async def test_what_is_not_there_is_404_and_what_is_no_name_is_422(a: Api) -> None:
    """The path is read as people write names."""
    answer, body = await a.get(f"{PATH}/{quote('没有的名称.政务')}")
    assert (answer.status, body["reason"]) == (404, "not_found")
    answer, body = await a.get(f"{PATH}/{quote('a b')}")
    assert (answer.status, body["reason"]) == (422, "name_invalid")


async def test_name_servers_are_set_as_a_whole(a: Api) -> None:
    """Hosts are created as needed, replaced, and all taken away; a host below the name itself brings its addresses."""
    name = (await registered(a))["a_label"]
    where = f"{PATH}/{name}/nameservers"

    async def put(*servers: object) -> object:
        answer, body = await a.call("PUT", where, {"nameservers": list(servers)})
        assert answer.status == 200, body
        return body["nameservers"]

    assert await put({"name": "ns1.example.com"}, {"name": "NS2.example.com"}) == ["ns1.example.com", "ns2.example.com"]
    own = {"name": f"ns1.{name}", "addresses": ["192.0.2.1", "2001:db8::1"]}
    assert await put({"name": "ns2.example.com"}, own) == sorted(["ns2.example.com", f"ns1.{name}"])
    assert await put({"name": "ns2.example.com"}, {**own, "addresses": ["192.0.2.7"]})
    addresses = await _addresses(a, f"ns1.{name}")
    assert addresses == {"192.0.2.7"}
    assert await put() == []


async def _addresses(api: Api, host: str) -> set[str]:
    from registry.kernel.web.app import CONTEXT

    db = api.client.server.app[CONTEXT].db  # type: ignore[union-attr]  # a TestServer has an app
    return {str(one) for one in await db.fetchval("select addresses from host where name = $1", host)}


async def test_name_servers_that_cannot_be_are_refused_whole(a: Api, b: Api, runner: Runner) -> None:
    """A bad name or address, one listed twice, glue where none belongs, another registrar: nothing is changed."""
    name = (await registered(a))["a_label"]
    where = f"{PATH}/{name}/nameservers"
    good = {"name": "ns1.example.com"}
    for wrong in (
        {"name": "-"},
        {"name": f"ns1.{name}"},
        {"name": f"ns1.{name}", "addresses": ["300.1.1.1"]},
        {"name": f"ns1.{name}", "addresses": ["127.0.0.1"]},
        {"name": "ns2.example.com", "addresses": ["192.0.2.1"]},
        good,
    ):
        answer, body = await a.call("PUT", where, {"nameservers": [good, wrong]})
        assert 400 <= answer.status < 500, body
        assert body["message"]["zh"]
    answer, body = await b.call("PUT", where, {"nameservers": [good]})
    assert (answer.status, body["reason"]) == (403, "not_permitted")
    answer, _ = await a.call("PUT", where, {"nameservers": [{"name": f"ns{n}.example.com"} for n in range(14)]})
    assert answer.status == 400
    assert await runner.db.fetchval("select count(*) from host") == 0


async def test_others_see_less(a: Api, b: Api) -> None:
    """Name servers and DS records are for the sponsor (RFC 5731 section 3.1.2)."""
    name = (await registered(a))["a_label"]
    assert "nameservers" in (await a.get(f"{PATH}/{name}"))[1]
    seen = (await b.get(f"{PATH}/{name}"))[1]
    assert seen["registrar"] == "registrar-a"
    assert "nameservers" not in seen


async def test_the_traditional_spelling_can_be_chosen(a: Api) -> None:
    """A spelling that the table does not allow is refused with its reason, an allowed one goes with the name."""
    order = {"name": "国家税务总局.政务", "uscc": TAX}
    wrong, problem = await a.post(PATH, {**order, "traditional": "国家稅務總局"})
    assert (wrong.status, problem["where"]) == (422, "traditional")
    made, body = await a.post(PATH, {**order, "traditional": "國家稅務總局"})
    assert made.status == 201
    assert "國家稅務總局.政务" in {member["name"] for member in body["bundle"]}
