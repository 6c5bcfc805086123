"""RDAP answers against ICANN's profile of February 2024 (RST cases rdap-01 to rdap-10), by the codes of ICANN's tool."""

import copy
import json
from collections.abc import Callable
from typing import Any

from tests.whois.conftest import Doors
from tests.whois.profile import Json, error_problems, evaluate, problems
from tests.whois.world import BUREAU, BUREAU_OLD, PLAIN, TAX, TSINGHUA, UNIVERSITY

# -12201 names a member that RFC 9083 does not know; "redacted" is such a one, and RST ignores the code.
CASES = [
    ("domain", f"domain/{UNIVERSITY}"),
    ("domain", f"domain/{BUREAU}"),
    ("domain", f"domain/{BUREAU_OLD}"),
    ("domain", f"domain/{PLAIN}"),
    ("domain", "domain/清华大学.公益"),
    ("nameserver", f"nameserver/ns1.{UNIVERSITY}"),
    ("nameserver", "nameserver/ns2.provider.example"),
    ("entity", "entity/9995"),
    ("party", "entity/C1-CONAC"),
    ("party", f"entity/{TSINGHUA}"),
    ("party", f"entity/{TAX}"),
    ("help", "help"),
]


async def fetched(doors: Doors, path: str) -> tuple[Json, str]:
    async with doors.client.get(f"{doors.url}/rdap/{path}") as answer:
        assert answer.status == 200, await answer.text()
        assert answer.content_type == "application/rdap+json"
        return json.loads(await answer.read()), str(answer.request_info.url)


async def test_every_answer_passes_the_profile(doors: Doors) -> None:
    """rdap-01 to rdap-04: no code of ICANN's tool is raised by any kind of answer."""
    for kind, path in CASES:
        answer, uri = await fetched(doors, path)
        assert problems(kind, answer, uri) == [], path


async def test_a_name_with_every_status_passes(doors: Doors) -> None:
    """A name on hold, in redemption and being transferred passes the profile as well."""
    await doors.db.execute(
        """update domain set statuses = '{clientHold,serverTransferProhibited}', deleted_at = now(), transferred_at = now(),
           transfer = '{"gaining": "registrar-b", "losing": "registrar-a", "requested_at": "2026-06-01T00:00:00+00:00",
                        "acts_at": "2026-06-06T00:00:00+00:00", "years": 1}' where name = $1""",
        UNIVERSITY,
    )
    answer, uri = await fetched(doors, f"domain/{UNIVERSITY}")
    assert problems("domain", answer, uri) == []
    assert {
        "client hold",
        "server transfer prohibited",
        "pending delete",
        "pending transfer",
        "redemption period",
    } <= set(answer["status"])


async def test_a_name_without_people_passes(doors: Doors) -> None:
    """A name that has neither registrant nor contacts nor servers passes, and nothing is said to be redacted."""
    await doors.db.execute(
        "delete from domain_contact using domain d where d.roid = domain_roid and d.name = $1", PLAIN
    )
    await doors.db.execute("update domain set registrant_id = null where name = $1", PLAIN)
    answer, uri = await fetched(doors, f"domain/{PLAIN}")
    assert problems("domain", answer, uri) == []
    assert "redacted" not in answer


def entity(answer: Json, role: str) -> Json:
    found: Json = next(one for one in answer["entities"] if role in one["roles"])
    return found


def card(answer: Json, role: str, name: str) -> list[Any]:
    found: list[Any] = next(member for member in entity(answer, role)["vcardArray"][1] if member[0] == name)
    return found


def set_adr(answer: Json, index: int, value: str) -> None:
    card(answer, "registrant", "adr")[3][index] = value


BREAKS: dict[int, Callable[[Json], Any]] = {
    -10503: lambda a: a["rdapConformance"].remove("rdap_level_0"),
    -10505: lambda a: entity(a, "registrar").update(rdapConformance=[]),
    -62000: lambda a: a["rdapConformance"].remove("icann_rdap_response_profile_1"),
    -61000: lambda a: a["rdapConformance"].remove("icann_rdap_technical_implementation_guide_1"),
    -62001: lambda a: a["rdapConformance"].remove("redacted"),
    -10612: lambda a: a["links"][0].pop("value"),
    -10613: lambda a: a["links"][0].pop("rel"),
    -23201: lambda a: [link.update(value="http://other.example/") for link in a["links"]],
    -46601: lambda a: a["notices"].pop(0),
    -46602: lambda a: a["notices"][0].update(description=["x"]),
    -46606: lambda a: a["notices"][0]["links"][0].update(value="http://other.example/"),
    -46701: lambda a: a["notices"].pop(1),
    -61200: lambda a: a["notices"].pop(2),
    -61202: lambda a: a["notices"][2]["links"][0].update(value="http://other.example/"),
    -47100: lambda a: a.update(status=[]),
    -11003: lambda a: a["status"].append(a["status"][0]),
    -46300: lambda a: a["events"].pop(0),
    -43100: lambda a: a["events"].pop(),
    -46800: lambda a: a.pop("secureDNS"),
    -46802: lambda a: a["secureDNS"].pop("dsData"),
    -47300: lambda a: a["entities"].pop(0),
    -47500: lambda a: entity(a, "registrar").pop("entities"),
    -47700: lambda a: entity(a, "registrar").pop("links"),
    -47702: lambda a: entity(a, "registrar")["links"][-1].update(value="http://insecure.example/"),
    -23300: lambda a: entity(a, "registrar").pop("publicIds"),
    -47402: lambda a: entity(a, "registrar").update(handle="registrar-a"),
    -46200: lambda a: a.update(handle="nonsense"),
    -62101: lambda a: card(a, "registrant", "adr")[1].clear(),
    -62100: lambda a: set_adr(a, 6, "China"),
    -20900: lambda a: card(a, "registrar", "tel")[1].clear(),
    -12320: lambda a: card(a, "registrar", "email").__setitem__(3, "no address"),
    -63405: lambda a: set_adr(a, 2, "清华园 1 号"),
    -63501: lambda a: a["redacted"].remove(next(one for one in a["redacted"] if one["name"].get("type") == "Registrant City")),
    -65400: lambda a: a["redacted"].remove(next(one for one in a["redacted"] if one["name"].get("type") == "Registrant Email")),
    -63700: lambda a: a["redacted"].remove(next(one for one in a["redacted"] if one["name"].get("type") == "Registrant Phone")),
    -65001: lambda a: a["redacted"].remove(next(one for one in a["redacted"] if one["name"].get("type") == "Tech Name")),
    -63302: lambda a: entity(a, "registrant")["vcardArray"][1].append(["email", {}, "text", "x@y.example"]),
    -63102: lambda a: entity(a, "registrant").pop("handle"),
    -12305: lambda a: card(a, "registrant", "fn")[1].update(language="zh"),
    -40100: lambda a: entity(a, "registrar").update(remarks=[{"description": ["<script>"]}]),
    -12201: lambda a: a.update(zhengming="x"),
}  # fmt: skip


async def test_the_checks_find_what_is_broken(doors: Doors) -> None:
    """Every code is raised when the answer is broken at its place, so the silence above means something."""
    whole, uri = await fetched(doors, f"domain/{UNIVERSITY}")
    for code, spoil in BREAKS.items():
        broken = copy.deepcopy(whole)
        spoil(broken)
        assert code in problems("domain", broken, uri), code


MISSING = (
    "domain/no-such-name-4711.xn--55qw42g", "domain/没有的.政务", "domain/not-a-domain.invalid", "domain/test.invalid",
    "domain/国家稅务总局.政务", f"nameserver/ns7.{UNIVERSITY}", "nameserver/ns1.nowhere.example", "entity/4711", "entity/C999-CONAC",
    "entity/91350100M000100Y43",
)  # fmt: skip


async def test_what_is_not_there_is_404(doors: Doors) -> None:
    """rdap-08 to rdap-10, -65300: an RDAP error object with 404, open to scripts of other sites."""
    for path in MISSING:
        async with doors.client.get(f"{doors.url}/rdap/{path}") as answer:
            assert answer.status == 404, path
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.content_type == "application/rdap+json"
            assert error_problems(json.loads(await answer.read()), 404) == []


async def test_head_is_get_without_a_body(doors: Doors) -> None:
    """rdap-05 to rdap-07, -20300: HEAD has the status and the headers of GET, and no body."""
    for _, path in CASES:
        async with doors.client.head(f"{doors.url}/rdap/{path}") as answer:
            assert answer.status == 200, path
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.content_type == "application/rdap+json"
            assert await answer.read() == b""


def test_the_path_reader_reads_paths() -> None:
    """The small JSONPath reader of these tests selects by name, index and equality."""
    root = {"a": [{"r": ["x"], "v": 1}, {"r": ["y"], "v": 2}]}
    assert list(evaluate(root, "$.a[?(@.r[0]=='y')].v")) == [2]
    assert list(evaluate(root, "$.a[1].r[0]")) == ["y"]
    assert list(evaluate(root, "$.b")) == []
