"""Searches over RDAP: who may, what is found, sorted and paged (RFC 8977), in part (RFC 8982), reversed (RFC 9536)."""

import json
from typing import Any
from urllib.parse import quote, urlparse

import pytest

from registry.flows.domain.create import CreateDomain, create_domain
from registry.flows.runner import Runner
from registry.kernel.web.bearers import Bearer
from tests.whois.conftest import Doors
from tests.whois.world import ADMIN, BUREAU, PLAIN, SECRETS, TEST, TSINGHUA, UNIVERSITY, A, _registrar
from whois.lookups import Lookups
from whois.rdap.asking import Question
from whois.rdap.desk import Desk, Reply
from whois.rdap.searching import PAGE_SIZE

REGISTRAR = Bearer("c1", "registrar-a", "", frozenset({"read"}))
CENTRE = Bearer("c2", "", "centre-430000", frozenset({"establishment.read"}))
NARROW = Bearer("c3", "registrar-a", "", frozenset({"verify"}))


async def reply(doors: Doors, bearer: Bearer | None, path: str) -> Reply:
    async def read(_: str) -> Bearer:
        assert bearer
        return bearer

    desk = Desk(doors.config, doors.clock, Lookups(doors.config, doors.db, doors.clock, "search"), read)
    return await desk.answer(
        Question("GET", f"/rdap/{quote(path, safe='/?=&*:,%')}", "x", authorization="Bearer t" if bearer else "")
    )


async def found(doors: Doors, bearer: Bearer, path: str) -> dict[str, Any]:
    answer = await reply(doors, bearer, path)
    assert answer.status == 200, answer.body
    body: dict[str, Any] = json.loads(answer.body)
    return body


def names(answer: dict[str, Any]) -> list[str]:
    return [one["ldhName"] for one in answer["domainSearchResults"]]


SEARCHES = (
    ("domains?name=清*.公益", [UNIVERSITY]), ("domains?name=清華*.公益", [UNIVERSITY]), ("domains?name=国家税务总局.政务", [BUREAU]),
    ("domains?name=rst*", [PLAIN]), ("domains?name=RST-registered.zz--main-1234", [PLAIN]), ("domains?name=nothing*", []),
    ("domains?nsLdhName=ns1.xn--*", [UNIVERSITY]), ("domains?nsIp=208.77.190.193", [UNIVERSITY]),
    (f"domains/reverse_search/entity?handle={TSINGHUA}", [UNIVERSITY]), ("domains/reverse_search/entity?fn=清华*&role=registrant", [UNIVERSITY]),
    ("domains/reverse_search/entity?fn=清华*&role=registrar", []), ("domains/reverse_search/entity?handle=9995&role=registrar&sort=name:d", None),
)  # fmt: skip


async def test_a_registrar_finds_its_names(doors: Doors) -> None:
    """Names by pattern in any script, by name server and by the body or registrar behind them."""
    for path, wanted in SEARCHES:
        answer = await found(doors, REGISTRAR, path)
        listed = names(answer)
        assert listed == (wanted if wanted is not None else sorted(listed, reverse=True)), path
        assert {"sorting", "paging", "subsetting"} <= set(answer["rdapConformance"])
    assert len(listed) == 3


async def test_hosts_and_entities_are_found(doors: Doors) -> None:
    """Hosts by name and address, registrars and bodies by name and code; contacts are not searched."""
    assert [
        one["ldhName"] for one in (await found(doors, REGISTRAR, "nameservers?name=ns2.*"))["nameserverSearchResults"]
    ] == ["ns2.provider.example"]
    hosts = await found(doors, REGISTRAR, "nameservers?ip=2602:800::5")
    assert [one["ldhName"] for one in hosts["nameserverSearchResults"]] == [f"ns1.{UNIVERSITY}"]
    assert [one["handle"] for one in (await found(doors, CENTRE, "entities?fn=清华*"))["entitySearchResults"]] == [
        TSINGHUA
    ]
    assert [one["handle"] for one in (await found(doors, CENTRE, "entities?handle=9995"))["entitySearchResults"]] == [
        "9995"
    ]
    assert (await found(doors, CENTRE, "entities?fn=张*"))["entitySearchResults"] == []


async def test_only_those_who_may_search(doors: Doors) -> None:
    """The public is refused with 401, a token without the scope with 403, a registrar finds nothing of another one's."""
    for path in (
        "domains?name=清*",
        "nameservers?name=ns*",
        "entities?fn=清*",
        "domains/reverse_search/entity?handle=9995",
    ):
        assert (await reply(doors, None, path)).status == 401
        assert (await reply(doors, NARROW, path)).status == 403
    await doors.world.runner.run(ADMIN, lambda act: _registrar(act, "registrar-b", "乙", 9996))
    other = Bearer("c4", "registrar-b", "", frozenset({"read"}))
    for path, _ in SEARCHES:
        assert names(await found(doors, other, path)) == []


async def test_a_search_matches_nothing_that_its_results_hide(doors: Doors) -> None:
    """An authority without a case sees what the public sees, and cannot fish for people by their address; a registrar may, among its own."""
    path = "domains/reverse_search/entity?email=zhang.xiaoming@hidden.example"
    assert (await reply(doors, CENTRE, path)).status == 403
    assert set(names(await found(doors, REGISTRAR, path))) == {UNIVERSITY, BUREAU, PLAIN}
    public = await reply(doors, CENTRE, "domains?name=rst*")
    assert not [secret for secret in SECRETS if secret in public.body.decode()]
    own = await reply(doors, REGISTRAR, "domains?name=rst*")
    assert "zhang.xiaoming@hidden.example" in own.body.decode()


async def many(runner: Runner) -> None:
    for number in range(PAGE_SIZE + 10):
        await runner.run(
            A,
            lambda act, number=number: create_domain(
                act, CreateDomain(f"page{number:03}.{TEST}", 1, registrant="c-person")
            ),
        )


async def test_results_are_paged_and_counted(doors: Doors) -> None:
    """A page, the number of all when it is asked for, and a link to the next one, to the end, none twice (RFC 8977)."""
    await many(doors.world.runner)
    answer = await found(doors, REGISTRAR, "domains?name=page*&count=true&sort=name:d&fieldSet=id")
    paging = answer["paging_metadata"]
    assert (paging["totalCount"], paging["pageSize"], paging["pageNumber"]) == (PAGE_SIZE + 10, PAGE_SIZE, 1)
    (link,) = paging["links"]
    assert link["rel"] == "next"
    target = urlparse(link["href"])
    rest = await found(doors, REGISTRAR, f"{target.path.removeprefix('/rdap/')}?{target.query}")
    assert "links" not in rest["paging_metadata"]
    assert rest["paging_metadata"]["pageNumber"] == 2
    listed = names(answer) + names(rest)
    assert listed == sorted(set(listed), reverse=True)
    assert len(listed) == PAGE_SIZE + 10
    assert set(answer["domainSearchResults"][0]) <= {"objectClassName", "handle", "ldhName", "unicodeName", "links"}
    sorting = answer["sorting_metadata"]
    assert sorting["currentSort"] == "name:d"
    assert {one["property"] for one in sorting["availableSorts"]} == {
        "name",
        "registrationDate",
        "expirationDate",
        "lastChangedDate",
    }


@pytest.mark.parametrize(
    "path",
    [
        "domains", "domains?name=", "domains?name=*", "domains?name=a*b", "domains?name=a*.b*", "domains?name=a&nsIp=192.0.2.1",
        "domains?nsIp=nonsense",
        "domains?name=a*&sort=colour", "domains?name=a*&cursor=nonsense", "domains?name=a*&cursor=b2Zmc2V0PTk5OTk5OQ", "domains?name=a*&fieldSet=x",
        "domains/reverse_search/entity?role=registrant", "domains/reverse_search/entity?fn=a&role=king", "domains/reverse_search/domain?fn=a",
        "nameservers/x", "entities?email=a", "domains?name=%00*",
    ],
)  # fmt: skip
async def test_a_broken_search_is_a_bad_request(doors: Doors, path: str) -> None:
    """What cannot be searched for is said, with what can."""
    answer = await reply(doors, REGISTRAR, path)
    assert answer.status in (400, 200), path
    if answer.status == 200:
        assert names(json.loads(answer.body)) == []


async def test_help_tells_searchers_what_they_can_reverse(doors: Doors) -> None:
    """RFC 9536, section 3: the properties, for those who may search."""
    answer = await found(doors, REGISTRAR, "help")
    assert {one["property"] for one in answer["reverse_search_properties"]} == {"fn", "handle", "email", "role"}
    mapped = await found(doors, REGISTRAR, "domains/reverse_search/entity?fn=清*&role=registrant")
    assert [one["property"] for one in mapped["reverse_search_properties_mapping"]] == ["fn", "role"]
    assert "reverse_search" in mapped["rdapConformance"]
