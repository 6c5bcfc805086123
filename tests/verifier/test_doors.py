"""The verifier as programs and visitors meet it, over HTTP."""

import base64
import json
import re
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from aiohttp import ClientResponse
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.feed import announce
from registry.kernel.names import to_a
from tests.kit.clock import FakeClock
from tests.verifier.test_issue import ATTESTED, Zone
from tests.verifier.test_marks import unpack
from tests.verifier.world import TSINGHUA, YANGJIANG, fill
from tests.web.site import Site, serving
from verifier.marks.change import change_mark
from verifier.marks.issue import MarkOrder, issue_mark
from verifier.marks.states import MarkAct
from verifier.marks.store import Mark
from verifier.web.form_tokens import SLOW_SECONDS, is_work


@dataclass(frozen=True)
class Stage:
    """A running site with one marked body."""

    site: Site
    db: Database
    clock: FakeClock
    mark: Mark

    async def verify(self, url: str, **more: str) -> dict[str, Any]:
        """The JSON answer."""
        answer = await self.site.client.get("/api/v1/verify", params={"url": url, **more})
        assert answer.status == 200
        told: dict[str, Any] = await answer.json()
        return told

    async def text(self, path: str, **headers: str) -> str:
        """A page."""
        answer = await self.site.client.get(path, headers=headers)
        return await answer.text()


@pytest.fixture
async def stage(db: Database, clock: FakeClock, config: Config) -> AsyncIterator[Stage]:
    """清华大学 with a mark for its site."""
    await fill(db)
    async with serving(db, clock, config) as site:
        mark = await issue_mark(db, ATTESTED, clock, site.config, Zone())
        yield Stage(site, db, clock, mark)


async def test_the_answer_has_the_shape_of_the_contract(stage: Stage) -> None:
    """A genuine site comes with its address, its body, its mark and the time; any page may ask."""
    answer = await stage.site.client.get("/api/v1/verify", params={"url": "https://清华大学.公益/"})
    told = await answer.json()
    assert told["verdict"] == "genuine"
    assert told["official_url"] == f"https://{to_a('清华大学.公益')}/"
    assert (told["body"]["name"], told["body"]["uscc"]) == ("清华大学", TSINGHUA.uscc)
    assert (told["mark"]["id"], told["mark"]["state"]) == (stage.mark.id, "valid")
    assert told["checked_at"] == "2026-06-01T01:00:00.000Z"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


ASKED = [
    ("清华大学。公益", "genuine"),
    ("https://清华大学.公益.evil.com/", "impersonation"),
    ("https://清毕大学.com/", "impersonation"),
    ("https://没有注册.公益/", "not_official"),
    ("https://北京大学.公益/", "unknown"),
    ("https://example.com/", "unknown"),
    ("胡说 八道", "unknown"),
    ("清华大学", "unknown"),
]


async def test_the_api_and_the_page_say_the_same(stage: Stage) -> None:
    """Each verdict is told by the API and shown by the page."""
    words = {
        "genuine": "是真的官方网站",
        "impersonation": "仿冒网站",
        "not_official": "不是官方网站",
        "unknown": "无法确认",
    }
    for url, verdict in ASKED:
        assert (await stage.verify(url))["verdict"] == verdict
        page = await stage.site.client.get("/verify", params={"u": url})
        assert page.status == 200
        assert words[verdict] in await page.text()


async def test_a_badge_that_was_seen_elsewhere_is_judged(stage: Stage) -> None:
    """An asker who saw the mark on another host is told that the host impersonates its owner."""
    assert (await stage.verify("https://example.com/", mark=stage.mark.id))["verdict"] == "impersonation"
    assert (await stage.verify("https://清华大学.公益/", mark=stage.mark.id))["verdict"] == "genuine"


BROKEN: list[tuple[dict[str, str], int, str]] = [
    ({}, 400, "parameter_missing"),
    ({"url": " "}, 400, "parameter_missing"),
    ({"url": "x" * 2049}, 413, "too_large"),
    ({"url": "https://example.com/", "mark": "ABC"}, 422, "value_invalid"),
]


async def test_a_broken_question_is_told_what_is_wrong(stage: Stage) -> None:
    """A question without an address, too long, or with a number that is none, is refused in words."""
    for params, status, reason in BROKEN:
        answer = await stage.site.client.get("/api/v1/verify", params=params)
        assert answer.status == status
        assert (await answer.json(content_type=None))["reason"] == reason


async def test_a_name_registered_a_second_ago_is_known(stage: Stage) -> None:
    """The index of names follows the change feed: a new name is protected and a deleted one is forgotten within a second."""
    assert (await stage.verify("https://正名测试中心官网.com/"))["verdict"] == "unknown"
    name = to_a("正名测试中心.公益")
    await stage.db.execute(
        """insert into domain (roid, name, u_label, tld, tld_set, table_id, index_label, registrar_id, uscc, created_at, created_by, expires_at)
           select 'DX-CONAC', $1, '正名测试中心', tld, tld_set, table_id, '正名测试中心', registrar_id, uscc, created_at, created_by, expires_at
           from domain where uscc = $2""",
        name,
        TSINGHUA.uscc,
    )
    async with stage.db.transaction() as conn:
        await conn.execute("insert into bundle_name values ($1, '正名测试中心.公益', 'DX-CONAC', 'registered')", name)
        await announce(conn, stage.clock.now(), "domain.created", "DX-CONAC", {})
    await stage.clock.move(seconds=1)
    assert (await stage.verify("https://正名测试中心官网.com/"))["verdict"] == "impersonation"
    async with stage.db.transaction() as conn:
        await conn.execute("update domain set deleted_at = $1 where roid = 'DX-CONAC'", stage.clock.now())
        await announce(conn, stage.clock.now(), "domain.deleted", "DX-CONAC", {"name": name})
    await stage.clock.move(seconds=1)
    assert (await stage.verify("https://正名测试中心官网.com/"))["verdict"] == "unknown"


async def status_of(stage: Stage) -> int:
    """The mark's value in the published list, decoded by hand with the published key."""
    client = stage.site.client
    (key,) = (await (await client.get("/.well-known/jwks.json")).json(content_type=None))["keys"]
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4)))
    answer = await client.get(f"/status/{stage.mark.status_list}")
    assert answer.content_type == "application/statuslist+jwt"
    _, payload = unpack(await answer.text(), public)
    assert payload["sub"] == f"{stage.site.url}/status/{stage.mark.status_list}"
    text = payload["status_list"]["lst"]
    raw = zlib.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    place, shift = divmod(stage.mark.status_slot * 2, 8)
    return (raw[place] >> shift) & 3


async def import_status(stage: Stage, status: str) -> None:
    """What an import of the establishment database does to the body, and says."""
    async with stage.db.transaction() as conn:
        await conn.execute("update body set status = $2, run = 7 where uscc = $1", TSINGHUA.uscc, status)
        await announce(conn, stage.clock.now(), "establishment.imported", "7", {})


async def test_all_channels_say_the_same_after_each_change(stage: Stage) -> None:
    """API, page, badge, credential and status list agree through suspension, resumption, the body's end and revocation."""

    async def channels() -> tuple[str, str, bool, int, int]:
        await stage.clock.move(seconds=1)
        verdict = (await stage.verify("https://清华大学.公益/"))["verdict"]
        page = await stage.text(f"/v/{stage.mark.id}")
        badge = await stage.text(f"/badge/{stage.mark.id}")
        words = next(w for w in ("标识有效", "标识已暂停", "标识已撤销") if w in badge)
        credential = await stage.site.client.get(f"/v/{stage.mark.id}/credential")
        return verdict, words, words in page, credential.status, await status_of(stage)

    async def change(act: MarkAct) -> None:
        await change_mark(stage.db, stage.mark.id, act, "核查", "person:operator", stage.clock)

    assert await channels() == ("genuine", "标识有效", True, 200, 0)
    await change(MarkAct.SUSPEND)
    assert await channels() == ("suspended", "标识已暂停", True, 409, 2)
    await change(MarkAct.RESUME)
    assert await channels() == ("genuine", "标识有效", True, 200, 0)
    await import_status(stage, "abolished")
    assert await channels() == ("suspended", "标识已暂停", True, 409, 2)
    await import_status(stage, "normal")
    await change(MarkAct.REVOKE)
    assert await channels() == ("not_official", "标识已撤销", True, 409, 1)


async def test_anybody_can_check_a_mark_without_us(stage: Stage) -> None:
    """Key, credential and list, fetched as a stranger would and decoded by hand, prove that the mark is of this host and valid."""
    client = stage.site.client
    (key,) = (await (await client.get("/.well-known/jwks.json")).json(content_type=None))["keys"]
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4)))
    answer = await client.get(f"/v/{stage.mark.id}/credential")
    header, payload = unpack(await answer.text(), public)
    assert header["kid"] == key["kid"]
    assert to_a("清华大学.公益") in payload["hosts"]
    assert payload["status"]["status_list"] == {
        "idx": stage.mark.status_slot,
        "uri": f"{stage.site.url}/status/{stage.mark.status_list}",
    }
    assert await status_of(stage) == 0
    assert (await client.get("/status/99")).status == 404
    assert (await client.get("/status/0")).status == 404


async def test_the_page_of_a_mark_tells_a_visitor_who_came_from_elsewhere(stage: Stage) -> None:
    """From a strange host (by the browser or by the link) the page warns and names that host; from its own it confirms; else it says compare."""
    path, here = f"/v/{stage.mark.id}", to_a("清华大学.公益")
    plain = await stage.text(path)
    assert "地址栏" in plain
    assert "不是这个标识的主人" not in plain
    assert "与标识相符" in await stage.text(path, Referer=f"https://{here}/a")
    for warned in (
        await stage.text(path, Referer="https://evil.example/x"),
        await stage.text(f"{path}?from=evil.example"),
    ):
        assert "不是这个标识的主人" in warned
        assert "evil.example" in warned
        assert f'href="https://{here}/"' in warned
    assert "与标识相符" not in await stage.text(f"{path}?from={here}")
    assert "不是这个标识的主人" not in await stage.text(path, Referer=f"{stage.site.url}/verify")


async def test_a_number_is_understood_as_people_write_it(stage: Stage) -> None:
    """Lower case and hyphens lead to the same page; an unknown number warns of a fake badge; markup in it is escaped."""
    number = stage.mark.id
    typed = f"{number[:9]}-{number[9:18]}-{number[18:]}".lower()
    assert "清华大学" in await stage.text(f"/v/{typed}")
    wrong = await stage.site.client.get("/v/" + "0" * 26 + "1")
    assert wrong.status == 404
    assert "那里的标识是假的" in await wrong.text()
    assert "<b>" not in await stage.text("/v/<b>x")


async def test_a_badge_is_drawn_only_on_its_hosts(stage: Stage) -> None:
    """The badge names its hosts as the only frame ancestors, loads nothing, sets nothing, and is no picture."""
    answer = await stage.site.client.get(f"/badge/{stage.mark.id}")
    policy = answer.headers["Content-Security-Policy"]
    hosts = " ".join(f"https://{host}" for host in stage.mark.hosts)
    assert policy.endswith(f"frame-ancestors {hosts}")
    assert policy.startswith("default-src 'none'")
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert answer.content_type == "text/html"
    text = await answer.text()
    assert text.lstrip().startswith("<!doctype html>")
    assert "<script" not in text
    assert "/static/" not in text


async def test_a_mark_with_a_port_is_framed_at_that_port(stage: Stage) -> None:
    """A site at an unusual port is named with it."""
    mark = await issue_mark(
        stage.db,
        MarkOrder(YANGJIANG.uscc, f"https://{YANGJIANG.holds}:8443", attested="x"),
        stage.clock,
        stage.site.config,
        Zone(),
    )
    answer = await stage.site.client.get(f"/badge/{mark.id}")
    assert answer.headers["Content-Security-Policy"].endswith(f"frame-ancestors https://{to_a(YANGJIANG.holds)}:8443")
    assert "look-red" in await answer.text()


async def send(stage: Stage, fields: dict[str, str], *, work: bool = True, **headers: str) -> ClientResponse:
    """File a report as a browser does: load the form, do its work (or wait, as without scripts), send it."""
    token = re.findall(r'name="token" value="([^"]+)"', await stage.text("/report"))[0]
    done = next(str(n) for n in count() if is_work(token, str(n))) if work else ""
    if not work:
        await stage.clock.move(seconds=SLOW_SECONDS)
    data = {"token": token, "work": done, **fields}
    return await stage.site.client.post("/report", data=data, headers=headers, allow_redirects=False)


REPORT = {"address": "https://清华大学.公益.evil.com/login", "words": "冒充清华大学收费", "contact": "a@example.com"}


async def test_a_citizen_reports_a_fake(stage: Stage) -> None:
    """A report is kept with its host, and the citizen gets thanks and a number on a page that can be loaded again."""
    answer = await send(stage, REPORT)
    assert answer.status == 303
    thanks = await stage.text(answer.headers["Location"])
    assert "谢谢" in thanks
    row = await stage.db.fetchrow("select * from verifier.report")
    assert row is not None
    assert row["host"] == f"{to_a('清华大学.公益')}.evil.com"
    assert (row["words"], row["contact"], row["state"], row["at"]) == (
        REPORT["words"],
        REPORT["contact"],
        "open",
        stage.clock.now(),
    )
    assert answer.headers["Location"].endswith(row["id"])
    assert "https://x.example/&lt;b&gt;" in await stage.text("/report?address=https://x.example/<b>")


FAULTY: list[dict[str, str]] = [
    {},
    {"address": ""},
    {"address": "没有地址"},
    {"address": "https://a.example/", "words": "字" * 2001},
    {"address": "https://a.example/", "contact": "x" * 201},
]
NO_FORMS = [b"\xff\xfe=\x00", b"address=%00%ff&words=%", b"a" * 3000]


async def test_a_report_with_a_fault_shows_the_form_again(stage: Stage) -> None:
    """What is wrong is said beside the field, what was typed is still there, nothing is kept; bytes that are no form are no fault of ours."""
    for data in FAULTY:
        answer = await stage.site.client.post("/report", data=data, allow_redirects=False)
        assert answer.status == 422
        text = await answer.text()
        assert 'aria-invalid="true"' in text
        assert data.get("words", "")[:10] in text
    for body in NO_FORMS:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await stage.site.client.post("/report", data=body, headers=headers, allow_redirects=False)
        assert answer.status in {400, 422}
    assert await stage.db.fetchval("select count(*) from verifier.report") == 0


async def test_reports_cannot_be_filed_by_machines(stage: Stage) -> None:
    """The sixth report in a minute is put off, one that fell into the trap is thanked and forgotten, one from another site is refused."""
    trapped = await send(stage, {**REPORT, "homepage": "x"})
    assert trapped.status == 303
    assert await stage.db.fetchval("select count(*) from verifier.report") == 0
    foreign = await stage.site.client.post(
        "/report", data=REPORT, headers={"Origin": "https://evil.example"}, allow_redirects=False
    )
    assert foreign.status == 403
    for _ in range(4):
        assert (await send(stage, REPORT)).status == 303
    late = await send(stage, REPORT)
    assert late.status == 429
    assert late.headers["Retry-After"] == "61"
    await stage.clock.move(seconds=61)
    assert (await send(stage, REPORT)).status == 303
    assert await stage.db.fetchval("select count(*) from verifier.report") == 5


async def test_a_form_without_its_token_is_shown_again(stage: Stage) -> None:
    """A form without a token, with one that was used, or sent in the second it was loaded without work is not lost: it is shown once more."""
    bare = await stage.site.client.post("/report", data=REPORT, allow_redirects=False)
    assert bare.status == 422
    assert REPORT["words"] in await bare.text()
    token = re.findall(r'name="token" value="([^"]+)"', await stage.text("/report"))[0]
    hasty = await stage.site.client.post("/report", data={**REPORT, "token": token}, allow_redirects=False)
    assert hasty.status == 422
    assert "请稍等几秒" in await hasty.text()
    await stage.clock.move(seconds=SLOW_SECONDS)
    assert (
        await stage.site.client.post("/report", data={**REPORT, "token": token}, allow_redirects=False)
    ).status == 303
    again = await stage.site.client.post("/report", data={**REPORT, "token": token}, allow_redirects=False)
    assert again.status == 422
    assert await stage.db.fetchval("select count(*) from verifier.report") == 1


async def test_without_scripts_a_citizen_is_served_as_well(stage: Stage) -> None:
    """Two reports without work are taken at once from one place, the third after five minutes."""
    statuses = [(await send(stage, REPORT, work=False)).status for _ in range(3)]
    assert statuses == [303, 303, 429]
    await stage.clock.move(seconds=300)
    assert (await send(stage, REPORT, work=False)).status == 303


async def test_a_file_in_a_form_is_no_text(stage: Stage) -> None:
    """A multipart upload in place of the address is answered like an empty one."""
    import aiohttp

    form = aiohttp.FormData()
    form.add_field("address", b"x" * 100, filename="a.txt")
    answer = await stage.site.client.post("/report", data=form, allow_redirects=False)
    assert answer.status == 422


async def test_a_lost_database_is_said_and_nothing_else(stage: Stage) -> None:
    """When the database is away the API answers 503 with a reason, not a fault."""
    await stage.db.close()
    answer = await stage.site.client.get("/api/v1/verify", params={"url": "https://清华大学.公益/"})
    assert answer.status == 503
    assert json.loads(await answer.text())["reason"] == "unavailable"
    assert (await stage.site.client.get("/")).status == 200
