"""Five hundred addresses made by hand, and programs that ask the same: many at once, as a table, and without saying which."""

import csv
import hashlib
import io

import pytest

from registry.kernel.names import to_a
from tests.verifier import addresses
from tests.verifier.test_doors import Stage, stage
from tests.verifier.test_verdict import TABLE
from tests.verifier.world import ask
from verifier.address import _PLAIN, _parse_web, parse_address
from verifier.marks.change import change_mark
from verifier.marks.states import MarkAct
from verifier.verdict import Verdict

__all__ = ["stage"]  # the fixture

MADE = [
    *TABLE,
    *((typed, Verdict(verdict)) for verdict in Verdict for typed in addresses.lines(getattr(addresses, verdict.name))),
]
RIGHT = 0.99


def test_the_table_has_five_hundred_addresses() -> None:
    """At least five hundred different ones, and no verdict has fewer than a dozen."""
    assert len({typed for typed, _ in MADE}) == len(MADE) >= 500
    for verdict in Verdict:
        assert sum(given is verdict for _, given in MADE) >= 12


def test_no_impersonation_is_called_genuine() -> None:
    """Not one address that is not genuine is called so, nor any that is genuine called an impersonation."""
    assert [
        typed for typed, given in MADE if given is not Verdict.GENUINE and ask(typed).verdict is Verdict.GENUINE
    ] == []
    assert [
        typed for typed, given in MADE if given is Verdict.GENUINE and ask(typed).verdict is Verdict.IMPERSONATION
    ] == []


def test_nearly_every_verdict_is_the_right_one() -> None:
    """At least ninety-nine of a hundred are answered as a careful person would."""
    wrong = [(typed, given, ask(typed).verdict) for typed, given in MADE if ask(typed).verdict is not given]
    assert len(wrong) <= len(MADE) * (1 - RIGHT), wrong


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("https://公安部.政务/\u202eabc", "address.bidi"),
        ("https://公\u202e安部.政务/", "address.bidi"),
        ("https://公安部.政务\u2215a.example/", "address.slash_look_alike"),
        ("https://https://公安部.政务/", "address.scheme_twice"),
        ("https://b23.tv/abc", "address.short_link"),
    ],
)
def test_what_the_eye_cannot_see_is_said(typed: str, code: str) -> None:
    """Controls that turn text around, false slashes, a scheme for a host: each is named."""
    assert code in {finding.code for finding in ask(typed).findings}


def test_the_quick_way_reads_addresses_as_the_whole_way_does() -> None:
    """Whatever the quick reading of plain addresses takes, the whole one reads the same."""
    taken = 0
    for typed, _ in MADE:
        for form in (typed, typed.lower(), _wire(typed)):
            found = _PLAIN.fullmatch(form)
            if found and parse_address(form).kind != "none":
                scheme, rest = form.split(":", 1)
                assert parse_address(form) == _parse_web(form, scheme, rest)
                taken += 1
    assert taken > 200


def _wire(typed: str) -> str:
    address = parse_address(typed)
    return f"https://{address.host}/a" if address.host else typed


async def test_many_addresses_are_answered_at_once(stage: Stage) -> None:
    """A batch answers in the order of the question, each as a single question would be."""
    urls = ["https://清华大学.公益/", "https://清华大学.公益.evil.com/", "https://example.com/", ""]
    answer = await stage.site.client.post("/api/v1/verify/batch", json={"urls": urls})
    assert answer.status == 200
    told = (await answer.json())["answers"]
    assert [(one["url"], one["verdict"]) for one in told] == list(
        zip(urls, ["genuine", "impersonation", "unknown", "unknown"], strict=True)
    )
    assert told[0]["mark"] == (await stage.verify(urls[0]))["mark"]


async def test_a_table_is_answered_with_a_table(stage: Stage) -> None:
    """A CSV of addresses comes back as a CSV for spreadsheets, in which nothing runs."""
    table = "\ufeff网址,备注\r\nhttps://清华大学.公益/,甲\r\n=HYPERLINK(1),乙\r\n\r\n".encode()
    answer = await stage.site.client.post("/api/v1/verify/batch", data=table, headers={"Content-Type": "text/csv"})
    assert answer.content_type == "text/csv"
    header, first, second = csv.reader(io.StringIO((await answer.read()).decode("utf-8-sig")))
    assert header[:2] == ["url", "verdict"]
    assert first[:3] == ["https://清华大学.公益/", "genuine", f"https://{to_a('清华大学.公益')}/"]
    assert (second[0], second[1]) == ("'=HYPERLINK(1)", "unknown")


BROKEN = [
    (b"", 400, "syntax_invalid"),
    (b"[1]", 400, "syntax_invalid"),
    (b'{"urls": []}', 400, "parameter_missing"),
    (b'{"urls": [' + b",".join([b'"a"'] * 1001) + b"]}", 413, "too_large"),
    (b'{"urls": ["' + b"a" * 2049 + b'"]}', 413, "too_large"),
    (b"\xff\xfe", 400, "syntax_invalid"),
]


async def test_a_broken_batch_is_refused_in_words(stage: Stage) -> None:
    """What is no batch, empty or too long is refused with its reason; the eleventh at once is put off."""
    for body, status, reason in BROKEN:
        answer = await stage.site.client.post("/api/v1/verify/batch", data=body)
        assert (answer.status, (await answer.json(content_type=None))["reason"]) == (status, reason), body[:40]
    answers = [await stage.site.client.post("/api/v1/verify/batch", json={"urls": ["a"]}) for _ in range(11)]
    assert [answer.status for answer in answers] == [200] * 10 + [429]


async def test_a_state_is_told_by_the_prefix_of_a_hash(stage: Stage) -> None:
    """Four digits of a hash give every marked host under them with its state; the address itself is never sent."""
    digest = hashlib.sha256(to_a("清华大学.公益").encode()).hexdigest()

    async def state() -> str | None:
        await stage.clock.move(seconds=1)
        answer = await stage.site.client.get(f"/api/v1/verify/prefix/{digest[:4]}")
        told = await answer.json()
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert all(one["sha256"].startswith(digest[:4]) for one in told["hosts"])
        return next((one["state"] for one in told["hosts"] if one["sha256"] == digest), None)

    assert await state() == "valid"
    await change_mark(stage.db, stage.mark.id, MarkAct.SUSPEND, "核查", "person:operator", stage.clock)
    assert await state() == "suspended"
    await change_mark(stage.db, stage.mark.id, MarkAct.REVOKE, "核查", "person:operator", stage.clock)
    assert await state() == "revoked"
    other = "0000" if digest[:4] != "0000" else "ffff"
    assert (await (await stage.site.client.get(f"/api/v1/verify/prefix/{other}")).json())["hosts"] == []
    for wrong in ("abc", digest[:7], "zzzz"):
        assert (await stage.site.client.get(f"/api/v1/verify/prefix/{wrong}")).status == 422


async def test_a_place_that_asks_without_end_is_put_off(stage: Stage) -> None:
    """After five hundred questions at once a place waits its turn, and is told how long."""
    params = {"url": "https://example.com/"}
    statuses = [(await stage.site.client.get("/api/v1/verify", params=params)).status for _ in range(501)]
    assert statuses[499:] == [200, 429]
    await stage.clock.move(seconds=1)
    assert (await stage.site.client.get("/api/v1/verify", params=params)).status == 200
