"""How an RDAP answer may be asked for: on a condition, in part, with JSContact, by HEAD, from a browser, and how often."""

import json
from typing import Any

import pytest

from registry.flows.domain.update import UpdateDomain, update_domain
from registry.kernel.config import WhoisConfig
from registry.kernel.web.bearers import Bearer
from tests.whois.conftest import Doors
from tests.whois.profile import error_problems
from tests.whois.world import BUREAU, PLAIN, SECRETS, TSINGHUA, UNIVERSITY, A
from whois.lookups import Lookups
from whois.rdap.asking import Question
from whois.rdap.desk import Desk

JSCARD_TYPE = 'application/rdap+json;exts_list="rdap_level_0 jscard"'


async def ask(doors: Doors, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with doors.client.request(method, f"{doors.url}/rdap/{path}", headers=sent) as answer:
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, await answer.read()


async def test_what_has_not_changed_is_not_sent_again(doors: Doors) -> None:
    """A tag or a date that the client has already gets 304 without a body, from the register and from memory; a change gives a new tag."""
    status, first, _ = await ask(doors, f"domain/{PLAIN}")
    assert (status, first["etag"][:3], first["cache-control"]) == (200, 'W/"', "no-cache")
    for _ in range(2):
        status, headers, body = await ask(doors, f"domain/{PLAIN}", If_None_Match=f'"other", {first["etag"]}')
        assert (status, body, headers["etag"]) == (304, b"", first["etag"])
        assert (await ask(doors, f"domain/{PLAIN}", If_Modified_Since=first["last-modified"]))[0] == 304
        assert (await ask(doors, f"domain/{PLAIN}", If_None_Match='"other"', If_Modified_Since=first["last-modified"]))[
            0
        ] == 200
        assert (await ask(doors, f"domain/{PLAIN}", If_Modified_Since="no date"))[0] == 200
    await doors.clock.move(days=6)
    assert (await ask(doors, f"domain/{PLAIN}", If_None_Match=first["etag"]))[0] == 200, "the add period is over"
    _, second, _ = await ask(doors, f"domain/{PLAIN}")
    await doors.world.runner.run(A, lambda act: update_domain(act, UpdateDomain(PLAIN, add_statuses=("clientHold",))))
    await doors.sees()
    status, third, _ = await ask(doors, f"domain/{PLAIN}", If_None_Match=second["etag"])
    assert (status, len({first["etag"], second["etag"], third["etag"]})) == (200, 3)
    assert third["last-modified"] > second["last-modified"] or third["last-modified"] != second["last-modified"]


async def test_head_says_what_get_would(doors: Doors) -> None:
    """HEAD has the headers of GET, its length included, and no body."""
    for path in (f"domain/{UNIVERSITY}", "entity/9995", "help", "domain/nobody.example"):
        status, headers, body = await ask(doors, path)
        again, bare, nothing = await ask(doors, path, "HEAD")
        assert (again, nothing, bare["content-length"]) == (status, b"", str(len(body)))
        assert {**headers, "date": ""} == {**bare, "date": ""}


async def test_browsers_of_everybody_may_ask(doors: Doors) -> None:
    """Every answer, errors too, carries the header that lets scripts of any site read it; a preflight names what may be sent."""
    for path in (f"domain/{UNIVERSITY}", "domain/nobody.example", "domains?name=x", "bootstrap/dns.json"):
        _, headers, _ = await ask(doors, path, Origin="https://somebody.example")
        assert headers["access-control-allow-origin"] == "*"
    status, headers, _ = await ask(
        doors, f"domain/{UNIVERSITY}", "OPTIONS", Origin="https://somebody.example", Access_Control_Request_Method="GET"
    )
    assert (status, headers["access-control-allow-methods"]) == (204, "GET, HEAD, OPTIONS")


def cards(answer: dict[str, Any]) -> dict[str, Any]:
    return {role: entity.get("jscard") for entity in answer["entities"] for role in entity["roles"]}


async def test_jscontact_stands_beside_jcard(doors: Doors) -> None:
    """Asked for in the address or in the media type, each entity carries a JSContact card (RFC 9553) of the same content; otherwise none does."""
    plain = json.loads((await ask(doors, f"domain/{UNIVERSITY}"))[2])
    assert set(cards(plain).values()) == {None}
    for path, headers in ((f"domain/{UNIVERSITY}?jscard=1", {}), (f"domain/{UNIVERSITY}", {"Accept": JSCARD_TYPE})):
        _, _, body = await ask(doors, path, **headers)
        answer = json.loads(body)
        assert "jscard" in answer["rdapConformance"]
        card = cards(answer)["registrant"]
        assert (card["@type"], card["version"], card["kind"], card["name"]) == (
            "Card",
            "1.0",
            "org",
            {"full": "清华大学"},
        )
        assert card["uid"] == TSINGHUA
        assert card["addresses"]["addr"]["countryCode"] == "CN"
        assert cards(answer)["registrar"]["emails"]["email"]["address"] == "abuse@registrar-a.example"
        assert "name" not in cards(answer)["technical"]
        assert cards(answer)["technical"]["addresses"]["addr"]["components"] == [{"kind": "region", "value": "北京市"}]
        assert all("vcardArray" in entity for entity in answer["entities"])
        assert not [secret for secret in SECRETS if secret in body.decode()]
    assert json.loads((await ask(doors, f"domain/{UNIVERSITY}"))[2])["rdapConformance"] == plain["rdapConformance"]


async def test_answers_come_in_part(doors: Doors) -> None:
    """RFC 8982: the field sets id, brief and full; which there are is said with links; an unknown one is a bad request."""
    sizes = []
    for name in ("id", "brief", "full"):
        _, _, body = await ask(doors, f"domain/{BUREAU}?fieldSet={name}")
        answer = json.loads(body)
        assert "subsetting" in answer["rdapConformance"]
        assert answer["ldhName"] == BUREAU
        meta = answer["subsetting_metadata"]
        assert meta["currentFieldSet"] == name
        assert [one["name"] for one in meta["availableFieldSets"]] == ["id", "brief", "full"]
        assert all(link["rel"] == "alternate" for one in meta["availableFieldSets"] for link in one.get("links", ()))
        sizes.append(len(answer))
    assert sizes == sorted(set(sizes))
    status, _, body = await ask(doors, f"domain/{BUREAU}?fieldSet=everything")
    assert (status, error_problems(json.loads(body), 400)) == (400, [])


async def test_variants_are_those_of_the_bundle(doors: Doors) -> None:
    """The other spellings of a bundle stand in variants (RFC 9083, section 5.3), with the table that made them, whichever was asked for."""
    for asked in ("国家税务总局.政务", "國家稅務總局.政务"):
        answer = json.loads((await ask(doors, f"domain/{asked}"))[2])
        (variant,) = answer["variants"]
        names = {one["unicodeName"] for one in variant["variantNames"]} | {answer["unicodeName"]}
        assert names == {"国家税务总局.政务", "國家稅務總局.政务"}
        assert variant["idnTable"]
    assert "variants" not in json.loads((await ask(doors, f"domain/{PLAIN}"))[2])


async def test_whoever_asks_too_often_is_told_when_to_come_back(doors: Doors) -> None:
    """429 with Retry-After for an address and for the network around it; other networks, and those that are listed, go on."""
    lookups = Lookups(doors.config, doors.db, doors.clock, "limits")

    def desk(**limits: Any) -> Desk:
        settings = WhoisConfig(rdap_queries_per_minute=5, **limits)
        return Desk(type(doors.config)(**{**{name: getattr(doors.config, name) for name in doors.config.__dataclass_fields__}, "whois": settings}),
                    doors.clock, lookups)  # fmt: skip

    def question(address: str) -> Question:
        return Question("GET", "/rdap/help", "x", address=address)

    limited = desk()
    for _ in range(5):
        assert limited.at_once(question("192.0.2.1")) is None
    refused = limited.at_once(question("192.0.2.1"))
    assert refused is not None
    assert refused.status == 429
    assert int(dict(refused.headers)["Retry-After"]) > 0
    assert error_problems(json.loads(refused.body), 429) == []
    assert limited.at_once(question("198.51.100.1")) is None
    scraped = [limited.at_once(question(f"203.0.113.{number % 256}")) for number in range(200)]
    assert sum(one is None for one in scraped) == 40, "eight addresses' worth for a whole /24"
    for open_desk in (desk(unlimited_networks=["192.0.2.0/24"]), desk(queries_per_minute=0)):
        assert all(open_desk.at_once(question("192.0.2.1")) is None for _ in range(50))


async def test_a_registrar_sees_its_own_contacts_whole(doors: Doors) -> None:
    """The registrar of record, who shows his token, sees what he himself entered; nobody may keep that answer, and nobody else gets it."""

    async def own(_: str) -> Bearer:
        return Bearer("client", "registrar-a", "", frozenset({"read"}))

    async def other(_: str) -> Bearer:
        return Bearer("client", "registrar-b", "", frozenset({"read"}))

    lookups = Lookups(doors.config, doors.db, doors.clock, "own")
    question = Question("GET", f"/rdap/domain/{PLAIN}", "x", authorization="Bearer t", address="192.0.2.1")
    seen = await Desk(doors.config, doors.clock, lookups, own).answer(question)
    assert "zhang.xiaoming@hidden.example" in seen.body.decode()
    assert dict(seen.headers)["Cache-Control"] == "private, no-store"
    hidden = await Desk(doors.config, doors.clock, lookups, other).answer(question)
    assert not [secret for secret in SECRETS if secret in hidden.body.decode()]
    assert "zhang" not in (await ask(doors, f"domain/{PLAIN}"))[2].decode()


@pytest.mark.parametrize("header", ["Basic abc", "Bearer", "Bearer not.a.token"])
async def test_a_false_token_is_refused(doors: Doors, header: str) -> None:
    """401 with a challenge, as an RDAP error, before anything is looked up."""
    status, headers, body = await ask(doors, f"domain/{PLAIN}", Authorization=header)
    assert (status, headers["www-authenticate"].startswith("Bearer")) == (401, True)
    assert error_problems(json.loads(body), 401) == []
