"""The red pages: found by place, kind, service, name, pinyin and initials; kept by a job; printable; as signed open data with daily changes."""

import base64
import csv
import gzip
import hashlib
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from registry.flows.domain.delete import DeleteDomain, delete_domain
from registry.jobs.publish_directory import KEPT_DAYS, publish_directory
from registry.jobs.refresh_directory import refresh_directory
from registry.policy.services import SERVICES, service_of
from registry.published import directory
from registry.published.directory import Filter
from tests.web.site import NARROW, browsing, violations
from tests.whois.conftest import Doors
from tests.whois.world import BUREAU, SECRETS, TAX, TSINGHUA, UNIVERSITY, A


async def found(doors: Doors, **wanted: str) -> list[str]:
    return [one.uscc for one in (await directory.listing(doors.db, Filter(**wanted))).lines]


async def test_bodies_are_found_by_every_way_in(doors: Doors) -> None:
    """By characters from the beginning and from the middle, by pinyin and initials, by kind, service and place; what does not fit is not listed."""
    assert await found(doors) == sorted([TSINGHUA, TAX], key=lambda code: ("100000", code))
    for word in ("清华", "清华大学", "qinghua", "Qing Hua", "qhdx", "华大"):
        assert await found(doors, word=word) == [TSINGHUA], word
    for word in ("国家税务总局", "税务", "guojiashuiwu", "gjsw"):
        assert await found(doors, word=word) == [TAX], word
    assert await found(doors, kind="12") == [TSINGHUA]
    assert await found(doors, service="tax") == [TAX]
    assert await found(doors, service="tax", word="qinghua") == []
    for nothing in (
        {"region": "430100"},
        {"word": "没有"},
        {"word": "xyzxyz"},
        {"word": "%"},
        {"word": "_"},
        {"service": "nothing"},
        {"kind": "%"},
    ):
        assert await found(doors, **nothing) == []


def test_services_are_read_off_names() -> None:
    """Each service has its words, keys are unique, and a name that says nothing stands under none."""
    assert len({one.key for one in SERVICES}) == len(SERVICES)
    for name, key in (
        ("长沙市公安局岳麓分局", "police"),
        ("清华大学", "school"),
        ("国家税务总局", "tax"),
        ("某某促进会", ""),
    ):
        assert service_of(name) == key


async def test_the_job_follows_the_register(doors: Doors) -> None:
    """A name that goes takes its body out of the listing, leaving a row that says so; a second run writes nothing."""
    runner = doors.world.runner
    assert await refresh_directory(runner) == 0
    await runner.db.execute("delete from domain_host; delete from host")
    await runner.run(A, lambda act: delete_domain(act, DeleteDomain(UNIVERSITY)))
    await doors.clock.move(days=1)
    assert await refresh_directory(runner) >= 1
    assert await found(doors) == [TAX]
    gone = await doors.db.fetchrow("select gone_at from directory_entry where uscc = $1", TSINGHUA)
    assert gone is not None
    assert gone["gone_at"] == doors.clock.now()
    assert sum((await directory.counts(doors.db)).values()) == 1
    assert await refresh_directory(runner) == 0


async def test_suggestions_come_as_json(doors: Doors) -> None:
    """While somebody types, a few bodies come with name, place and address; noise gets an empty list."""
    async with doors.client.get(f"{doors.url}/directory/suggest?q=qh") as answer:
        ((one),) = (await answer.json())["found"]
        assert (one["name"], one["domain"], one["href"]) == ("清华大学", "清华大学.公益", f"/lookup?q={TSINGHUA}")
    for noise in ("", "%00", "%F0%9F%98%80", "a" * 3000, "%27%22%3C"):
        async with doors.client.get(f"{doors.url}/directory/suggest?q={noise}") as answer:
            assert (answer.status, (await answer.json())["found"]) == (200, [])


async def test_typing_shows_suggestions_that_the_keyboard_chooses(doors: Doors) -> None:
    """In a browser the list opens below the box, arrows and Enter choose, axe finds nothing; without scripts the form finds the same."""
    async with browsing() as browser:
        page = await browser.new_page(viewport=NARROW)
        await page.goto(f"{doors.url}/directory")
        await page.type("#q", "qinghua")
        await page.wait_for_selector("#suggestions [role=option]")
        assert await violations(page) == []
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/lookup?q=*")
        assert "清华大学" in await page.inner_text("h1, .facts")
    async with doors.client.get(f"{doors.url}/directory?q=qinghua") as answer:
        assert "清华大学.公益" in await answer.text()


def lines(raw: bytes) -> list[Any]:
    return [json.loads(line) for line in gzip.decompress(raw).decode().splitlines()]


async def fetched(doors: Doors, path: str) -> bytes:
    async with doors.client.get(
        f"{doors.url}/directory/open/{path}", headers={"Accept-Encoding": "identity"}
    ) as answer:
        assert answer.status == 200, path
        return await answer.read()


async def test_open_data_is_whole_signed_and_says_what_changed(doors: Doors) -> None:
    """All bodies and the allow-list as JSON lines, CSV and text; a signature over a manifest that fits every file; the next day only what changed."""
    runner = doors.world.runner
    assert await publish_directory(runner) == 1
    assert await publish_directory(runner) == 0
    manifest = await fetched(doors, "latest/manifest.json")
    checked = json.loads(manifest)
    for file in checked["files"]:
        raw = await fetched(doors, f"latest/{file['name']}")
        assert not [secret for secret in SECRETS if secret in gzip.decompress(raw).decode()]
        assert (len(raw), hashlib.sha256(raw).hexdigest()) == (file["bytes"], file["sha256"])
    bodies = lines(await fetched(doors, "latest/bodies.jsonl.gz"))
    assert {one["uscc"] for one in bodies} == {TSINGHUA, TAX}
    table = list(csv.DictReader(io.StringIO(gzip.decompress(await fetched(doors, "latest/bodies.csv.gz")).decode())))
    assert [row["uscc"] for row in table] == [one["uscc"] for one in bodies]
    assert set(gzip.decompress(await fetched(doors, "latest/allow.txt.gz")).decode().split()) == {UNIVERSITY, BUREAU}
    assert {one["domain"] for one in lines(await fetched(doors, "latest/allow.jsonl.gz"))} == {UNIVERSITY, BUREAU}
    check_signature(
        manifest,
        (await fetched(doors, "latest/manifest.jws")).decode(),
        json.loads(await fetched(doors, "latest/keys.json")),
    )
    with pytest.raises((InvalidSignature, AssertionError)):
        check_signature(
            manifest + b" ",
            (await fetched(doors, "latest/manifest.jws")).decode(),
            json.loads(await fetched(doors, "latest/keys.json")),
        )
    await doors.clock.move(days=2)
    await publish_directory(runner)
    assert lines(await fetched(doors, "latest/changes.jsonl.gz")) == []
    await doors.db.execute("delete from bundle_name where name = $1", UNIVERSITY)
    await runner.db.execute("update domain set deleted_at = $1 where name = $2", doors.clock.now(), UNIVERSITY)
    await doors.sees()
    await doors.clock.move(days=1)
    await refresh_directory(runner)
    await publish_directory(runner)
    ((change),) = lines(await fetched(doors, "latest/changes.jsonl.gz"))
    assert (change["uscc"], change["state"]) == (TSINGHUA, "gone")


def check_signature(manifest: bytes, token: str, keys: dict[str, Any]) -> None:
    header, payload, signature = token.split(".")
    pad = [part + "=" * (-len(part) % 4) for part in (header, payload, signature)]
    (key,) = keys["keys"]
    assert json.loads(base64.urlsafe_b64decode(pad[0])) == {
        "alg": "EdDSA",
        "kid": key["kid"],
        "typ": "zhengming-directory-1",
    }
    assert base64.urlsafe_b64decode(pad[1]) == manifest
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "="))
    public.verify(base64.urlsafe_b64decode(pad[2]), f"{header}.{payload}".encode())


async def test_old_days_go_and_nothing_else_is_served(doors: Doors) -> None:
    """After a month and some days the oldest folder goes; paths that are no file of a day are not found."""
    root = Path(doors.config.data) / "open"
    for _ in range(KEPT_DAYS + 2):
        await publish_directory(doors.world.runner)
        await doors.clock.move(days=1)
    assert len(list(root.iterdir())) == KEPT_DAYS
    for path in (
        "latest/secret",
        "2026-01-01/manifest.json",
        f"{quote('..', safe='')}/keys.json",
        "latest/..%2f..%2fkeys%2ftoken.pem",
    ):
        async with doors.client.get(f"{doors.url}/directory/open/{path}") as answer:
            assert answer.status == 404, path


BULK = f"名称\n清华大学.公益\nhttps://www.清华大学.公益/x\n{TSINGHUA}\n没有的.公益\n=1+1\n国家稅务总局.政务\n"


async def test_many_are_asked_for_at_once(doors: Doors) -> None:
    """Typed, pasted or uploaded as CSV in UTF-8 or GB 18030: a table on the page, or a file whose cells no spreadsheet runs."""
    async with doors.client.post(f"{doors.url}/lookup/bulk", data={"names": BULK}) as answer:
        text = await answer.text()
        assert answer.status == 200
        assert text.count("清华大学.公益</td>") >= 2
    for encoding in ("utf-8", "gb18030"):
        from aiohttp import FormData

        form = FormData()
        form.add_field("file", BULK.encode(encoding), filename="names.csv", content_type="text/csv")
        form.add_field("as", "csv")
        async with doors.client.post(f"{doors.url}/lookup/bulk", data=form) as answer:
            rows = list(csv.DictReader(io.StringIO((await answer.read()).decode("utf-8-sig"))))
        assert answer.content_type == "text/csv"
        assert [row["holder"] for row in rows] == ["清华大学", "清华大学", "清华大学", "", "", "国家税务总局"]
        assert rows[4]["asked"] == "'=1+1"
        assert rows[3]["result"].startswith("未注册")


@pytest.mark.parametrize(
    "names", ["", "a.公益\n" * 1, "\n".join(f"n{number}.公益" for number in range(501)), "x" * 200_000, '"' * 99]
)
async def test_a_form_without_measure_is_refused_in_words(doors: Doors, names: str) -> None:
    """Nothing, too many, giants and broken CSV get a page that says so."""
    async with doors.client.post(f"{doors.url}/lookup/bulk", data={"names": names}) as answer:
        assert answer.status in (200, 422)
        assert "Traceback" not in await answer.text()
