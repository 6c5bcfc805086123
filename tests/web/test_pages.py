"""The design system and the doors' last line: headers, errors, static files, the home page."""

import gzip
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web

from registry.kernel.config import Config
from registry.kernel.db import Database
from registry.kernel.errors import Fault, Problem, Reason, Refusal, Text
from registry.kernel.web.app import Context, build_app
from registry.kernel.web.errors import STATUS
from registry.kernel.web.limits import MAX_PLACES, Buckets, allow, place_of
from registry.portal.search import destination
from tests.kit.clock import FakeClock
from tests.verifier.world import BODIES, fill
from tests.web.site import serving


async def refuse(_: web.Request) -> web.Response:
    """A handler that says no, with markup in what it quotes."""
    problems = (Problem(Reason.VALUE_INVALID, Text("第二个错处", "a second fault")),)
    raise Refusal(
        Reason.NAME_REFUSED,
        "名称不符",
        "the name does not fit",
        where="name",
        value="<script>alert(1)</script>",
        problems=problems,
    )


async def break_down(_: web.Request) -> web.Response:
    """A handler with a fault that must stay inside."""
    raise RuntimeError("the secret is 4711")


async def set_cookie(_: web.Request) -> web.Response:
    """A handler that forgets the rule."""
    answer = web.Response(text="x")
    answer.set_cookie("id", "1")
    return answer


MORE = [
    web.get("/refuse", refuse),
    web.get("/api/refuse", refuse),
    web.get("/break", break_down),
    web.get("/cookie", set_cookie),
    web.get("/portal/cookie", set_cookie),
]


def test_every_reason_has_its_status() -> None:
    """No refusal is without an HTTP status, and none is told as a fault of ours but unavailability."""
    assert set(STATUS) == set(Reason)
    assert {reason for reason, status in STATUS.items() if status >= 500 and status != 501} == {Reason.UNAVAILABLE}


async def test_a_refusal_is_a_page_for_people_and_json_for_programs(
    db: Database, clock: FakeClock, config: Config
) -> None:
    """People read it in Chinese and English with what they sent escaped; programs get an RFC 9457 problem with the stable reason."""
    async with serving(db, clock, config, MORE) as site:
        answer = await site.client.get("/refuse", headers={"Accept": "text/html"})
        text = await answer.text()
        assert answer.status == 422
        assert all(words in text for words in ("名称不符", "The name does not fit", "第二个错处", "&lt;script&gt;"))
        assert "<script" not in text
        for path, accept in (("/refuse", "application/json"), ("/api/refuse", "*/*")):
            answer = await site.client.get(path, headers={"Accept": accept})
            assert answer.content_type == "application/problem+json"
            told = await answer.json(content_type=None)
            assert (told["status"], told["reason"], told["where"]) == (422, "name_refused", "name")
            assert told["message"] == {"zh": "名称不符", "en": "the name does not fit"}
            assert told["problems"][0]["message"]["en"] == "a second fault"


async def test_a_fault_shows_only_its_number(
    db: Database, clock: FakeClock, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    """A visitor sees a number; the log has the same number and the reason."""
    async with serving(db, clock, config, MORE) as site:
        page = await site.client.get("/break", headers={"Accept": "text/html"})
        text = await page.text()
        told = await (await site.client.get("/break", headers={"Accept": "application/json"})).json(content_type=None)
    assert page.status == 500
    assert "4711" not in text
    assert "Traceback" not in text
    assert "4711" not in json.dumps(told)
    logged = capsys.readouterr()
    assert told["fault_id"] in logged.out + logged.err
    assert "4711" in logged.out + logged.err


async def test_unknown_addresses_are_answered_in_our_words(db: Database, clock: FakeClock, config: Config) -> None:
    """A wrong address or method gets a page of ours, with the headers of every page."""
    async with serving(db, clock, config) as site:
        for method, path, status in (
            ("GET", "/no-such-page", 404),
            ("POST", "/", 405),
            ("GET", "/static/style.css", 404),
        ):
            answer = await site.client.request(method, path, headers={"Accept": "text/html"})
            assert answer.status == status
            assert "回到首页" in await answer.text()
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert status != 405 or "GET" in answer.headers["Allow"]


async def test_every_answer_carries_the_policy(db: Database, clock: FakeClock, config: Config) -> None:
    """Pages, errors, static files and JSON alike: nothing inline, framed by nobody, nothing sniffed, no cookie."""
    async with serving(db, clock, config, MORE) as site:
        home = await (await site.client.get("/")).text()
        style = re.findall(r"/static/style\.[0-9a-f]+\.css", home)[0]
        for path in (
            "/",
            "/verify",
            "/report",
            "/refuse",
            "/break",
            "/cookie",
            "/.well-known/jwks.json",
            "/status/1",
            style,
            "/nowhere",
        ):
            answer = await site.client.get(path)
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, path
            assert "frame-ancestors 'none'" in policy, path
            assert "unsafe" not in policy, path
            assert answer.headers["Referrer-Policy"], path
            assert "Set-Cookie" not in answer.headers, path
        assert "Set-Cookie" in (await site.client.get("/portal/cookie")).headers


async def test_static_files_are_kept_for_ever_under_their_hash(db: Database, clock: FakeClock, config: Config) -> None:
    """The name carries the content's hash, the answer is immutable, compressed for those who ask, plain for others."""
    async with serving(db, clock, config) as site:
        home = await (await site.client.get("/")).text()
        url = re.findall(r"/static/style\.[0-9a-f]{12}\.css", home)[0]
        plain = await site.client.get(url, headers={"Accept-Encoding": "identity"})
        packed = await site.client.get(url, headers={"Accept-Encoding": "gzip"}, auto_decompress=False)
        assert "immutable" in plain.headers["Cache-Control"]
        assert packed.headers["Content-Encoding"] == "gzip"
        body = await plain.read()
        assert gzip.decompress(await packed.read()) == body
        assert (await site.client.get("/static/../app.py")).status == 404
        icon = await site.client.get("/favicon.ico")
        assert icon.content_type == "image/svg+xml"


async def test_pages_are_small_and_load_nothing_from_elsewhere(db: Database, clock: FakeClock, config: Config) -> None:
    """With style and icon a page is under 100 kB, has no inline script or style, and names no outside address to load."""
    await fill(db)
    async with serving(db, clock, config) as site:
        for path in ("/", "/verify", "/verify?u=https://清华大学.公益.evil.com/", "/report", "/nowhere"):
            text = await (await site.client.get(path)).text()
            loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', text)
            size = len(text.encode()) + sum([len(await (await site.client.get(url)).read()) for url in loaded])
            assert size < 100_000, path
            assert not re.search(r'<script(?! src="/static/)|<style|\sstyle=|\son[a-z]+=', text), path
            assert not re.search(r'(?:src|<link[^>]+href)="https?:', text), path


async def test_the_home_page_counts_what_is_there(db: Database, clock: FakeClock, config: Config) -> None:
    """Names, bodies and marks are read from the database, and read again after half a minute."""
    async with serving(db, clock, config) as site:
        assert re.findall(r"<dd>([\d,]+)</dd>", await (await site.client.get("/")).text()) == ["0", "0", "0"]
        await fill(db)
        assert re.findall(r"<dd>([\d,]+)</dd>", await (await site.client.get("/")).text()) == ["0", "0", "0"]
        await clock.move(seconds=31)
        count = str(len(BODIES))
        assert re.findall(r"<dd>([\d,]+)</dd>", await (await site.client.get("/")).text()) == [count, count, "0"]


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("清华大学.公益", "/lookup"),
        ("清华大学。公益", "/lookup"),
        ("清华大学.公益.", "/lookup"),
        ("ｘｎ－－xkry9kk1bz66a.xn--55qw42g", "/lookup"),
        ("xn--xkry9kk1bz66a.xn--55qw42g", "/lookup"),
        ("rst-registered.zz--main-1234", "/lookup"),
        ("12100000400000624D", "/lookup"),
        ("12100000400000624d", "/lookup"),
        ("１２１００００0400000624D", "/lookup"),
        ("清华大学", "/lookup"),
        ("阳江市 人民政府", "/lookup"),
        ("https://清华大学.公益/", "/verify"),
        ("http://example.com", "/verify"),
        ("www.清华大学.公益", "/verify"),
        ("清华大学.公益/招生", "/verify"),
        ("清华大学.公益:8443", "/verify"),
        ("user@evil.com", "/verify"),
        ("www.tsinghua.edu.cn", "/verify"),
        ("example.com", "/verify"),
        ("清华大学.公益.evil.com", "/verify"),
        ("javascript:alert(1)", "/verify"),
        ("   ", "/"),
    ],
)
def test_the_one_box_understands_what_is_typed(typed: str, path: str) -> None:
    """Names, codes and words are looked up; addresses are checked."""
    assert destination(typed).partition("?")[0] == path


async def test_the_box_sends_on_without_changing_what_was_typed(db: Database, clock: FakeClock, config: Config) -> None:
    """``/search`` answers with a redirect on this site that carries the text as it was, whatever stands in it."""
    async with serving(db, clock, config) as site:
        answer = await site.client.get("/search", params={"q": "https://a&b=c#d/\r\nX: 1"}, allow_redirects=False)
        assert answer.status == 303
        location = urlsplit(answer.headers["Location"])
        assert (location.scheme, location.netloc, location.path) == ("", "", "/verify")
        assert parse_qs(location.query) == {"u": ["https://a&b=c#d/\r\nX: 1"]}
        assert (await site.client.get("/search", params={"q": "x" * 2049}, allow_redirects=False)).status == 413


def test_two_handlers_for_one_address_are_a_fault(db: Database, clock: FakeClock, config: Config) -> None:
    """Two packages cannot hide each other's pages."""
    with pytest.raises(Fault):
        build_app(Context(config, db, clock), [[web.get("/x", refuse)], [web.get("/x", break_down)]])


def test_a_place_may_ask_so_often_and_then_again() -> None:
    """A bucket lets a burst through, refuses the next with the seconds to wait, fills with time, and counts places apart."""
    buckets = Buckets(per_second=0.5, burst=2)
    allow(buckets, "192.0.2.1", 0)
    allow(buckets, "192.0.2.1", 0)
    with pytest.raises(Refusal) as caught:
        allow(buckets, "192.0.2.1", 0)
    assert caught.value.evidence == {"retry_after": 3}
    allow(buckets, "192.0.2.2", 0)
    allow(buckets, "192.0.2.1", 2)


def test_a_place_is_a_subscriber() -> None:
    """An IPv6 subscriber is one place, whatever addresses he uses; memory is bounded by the number of places."""
    assert place_of("2001:db8:0:1::1") == place_of("2001:db8:0:ff::2") != place_of("2001:db8:1::1")
    assert place_of(None) == place_of("unix") == "local"
    buckets = Buckets(per_second=1, burst=1)
    for number in range(MAX_PLACES + 100):
        buckets.wait(str(number), 0)
    assert len(buckets._places) == MAX_PLACES


def test_the_style_sheet_names_no_outside_file() -> None:
    """The style sheet imports nothing and points to nothing outside."""
    import registry.kernel.web as package

    css = (Path(package.__path__[0]) / "static" / "style.css").read_text("utf-8")
    assert "@import" not in css
    assert "url(" not in css
