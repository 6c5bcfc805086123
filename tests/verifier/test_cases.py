"""A report, its case, the officer's work, the package; pictures and codes from strangers."""

import hashlib
import io
import re
import subprocess
import zipfile
from pathlib import Path

import aiohttp
import pytest
import segno
from PIL import Image

from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import to_a
from registry.kernel.working_days import end_of_working_day, working_days_since
from tests.kit.clock import START
from tests.verifier.test_doors import REPORT, Stage, send, stage
from verifier.images.child import MAX_PIXELS
from verifier.images.looking import MAX_BYTES
from verifier.reports.cases import ANSWER_DAYS, CLOSED, TRANSITIONS, CaseAct, CaseState, next_state
from verifier.reports.desk import CaseDesk
from verifier.web.form_tokens import is_work

__all__ = ["stage"]  # the fixture
ACTOR = "person:officer"


def png(text: str = "", size: int = 400) -> bytes:
    """A picture, with a code where there is a text for it."""
    image = Image.new("RGB", (size, size), "white")
    if text:
        code = io.BytesIO()
        segno.make(text).save(code, kind="png", scale=6)
        image.paste(Image.open(code).convert("RGB"), (20, 20))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def photograph() -> bytes:
    """A JPEG that says where and with what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x8825] = {1: "N", 2: (39.0, 54.0, 20.0)}
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def desk_of(stage: Stage) -> CaseDesk:
    """The officers' desk."""
    return CaseDesk(stage.db, stage.clock, stage.site.config)


async def reported(stage: Stage, **more: str) -> str:
    """A report from a browser with scripts; its number."""
    answer = await send(stage, {**REPORT, **more})
    assert answer.status == 303, await answer.text()
    return answer.headers["Location"].rpartition("=")[2]


async def with_picture(stage: Stage, content: bytes, path: str = "/report") -> aiohttp.ClientResponse:
    """A form with a picture."""
    form = aiohttp.FormData()
    if path == "/report":
        token = re.findall(r'name="token" value="([^"]+)"', await stage.text("/report"))[0]
        work = next(str(n) for n in range(1 << 24) if is_work(token, str(n)))
        for name, value in {**REPORT, "token": token, "work": work}.items():
            form.add_field(name, value)
    form.add_field("picture", io.BytesIO(content), filename="截图.png", content_type="image/png")
    return await stage.site.client.post(path, data=form, allow_redirects=False)


async def test_reports_of_one_host_are_one_case(stage: Stage) -> None:
    """Two citizens, two numbers, one file that begins with the verdict; another host is another file."""
    first, second = await reported(stage), await reported(stage, words="又见一次")
    await reported(stage, address="https://other.example/")
    assert first != second
    rows = await stage.db.fetch(
        "select case_id, count(*) as count from verifier.report group by case_id order by count"
    )
    assert [row["count"] for row in rows] == [1, 2]
    case = (await desk_of(stage).view(rows[1]["case_id"])).case
    assert (case.state, case.verdict, case.official) == (CaseState.OPEN, "impersonation", "清华大学")
    assert [step.kind for step in case.steps] == ["opened", "reported", "reported"]
    assert case.due_at == end_of_working_day(START, ANSWER_DAYS)


async def test_a_case_from_report_to_package(stage: Stage, tmp_path: Path) -> None:
    """Taken, confirmed, packed, closed; the citizen reads each step by his number; the package checks out with sha256sum and names nobody."""
    number = await reported(stage)
    assert (await with_picture(stage, png())).status == 303
    desk = desk_of(stage)
    ((case, is_overdue),) = (await desk.list("", is_all=False))[0]
    assert not is_overdue
    assert "待核查" in await stage.text(f"/report/progress?number={number}")
    with pytest.raises(Refusal) as early:
        await desk.package(case.id, ACTOR)
    assert early.value.reason is Reason.STATUS_FORBIDS
    await desk.handle(case.id, "take", "", ACTOR)
    await desk.handle(case.id, "confirm", "该网站冒充清华大学收费，已通知注册商。", ACTOR)
    assert "已通知注册商" in await stage.text(
        f"/report/progress?number={number[:4]}-{number[4:8]}-{number[8:].lower()}"
    )
    archive = zipfile.ZipFile(io.BytesIO(await desk.package(case.id, ACTOR)))
    archive.extractall(tmp_path)
    subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, check=True, capture_output=True)
    letter = (tmp_path / "letter.txt").read_text()
    assert f"https://{to_a('清华大学.公益')}/" in letter
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"a@example.com" not in everything
    assert len(list((tmp_path / "evidence").iterdir())) == 2
    await desk.handle(case.id, "close", "域名已停止解析", ACTOR)
    assert "假冒网站已处置" in await stage.text(f"/report/progress?number={number}")
    assert await stage.db.fetchval("select count(*) from verifier.report where contact <> ''") == 0
    acts = await stage.db.fetch("select act from audit_entry where subject = $1 order by id", case.id)
    assert [row["act"] for row in acts] == ["case.opened", "case.take", "case.confirm", "case.packed", "case.close"]
    assert (await desk.list("", is_all=False))[0] == []
    again = await reported(stage)
    assert "待核查" in await stage.text(f"/report/progress?number={again}")


async def test_what_an_officer_may_not_do_is_refused(stage: Stage) -> None:
    """No finding before somebody looked, none without words, no act that is none, no case that is not there."""
    await reported(stage)
    desk = desk_of(stage)
    ((case, _),) = (await desk.list("open", is_all=False))[0]
    for act, words, reason in (
        ("confirm", "x", Reason.STATUS_FORBIDS),
        ("note", " ", Reason.PARAMETER_MISSING),
        ("note", "字" * 2001, Reason.VALUE_OUT_OF_RANGE),
        ("burn", "x", Reason.VALUE_INVALID),
    ):
        with pytest.raises(Refusal) as refused:
            await desk.handle(case.id, act, words, ACTOR)
        assert refused.value.reason is reason
    for missing in (desk.view("NOTHING"), desk.evidence(case.id, 99)):
        with pytest.raises(Refusal) as refused:
            await missing
        assert refused.value.reason is Reason.NOT_FOUND


def test_every_state_leads_to_an_end() -> None:
    """From every state that is not closed an act leads on; from a closed one none does."""
    for state in CaseState:
        leaving = [after for (before, _), after in TRANSITIONS.items() if before is state and after is not state]
        assert bool(leaving) == (state not in CLOSED)
    with pytest.raises(Refusal):
        next_state(CaseState.REMOVED, CaseAct.NOTE)


async def test_an_answer_is_due_in_five_working_days(stage: Stage) -> None:
    """The file is overdue when the fifth working day has ended without an answer, and no longer once it is answered."""
    await reported(stage)
    desk = desk_of(stage)
    ((case, _),) = (await desk.list("", is_all=False))[0]
    assert working_days_since(case.opened_at, case.due_at) == ANSWER_DAYS + 1
    await stage.clock.move(seconds=(case.due_at - stage.clock.now()).total_seconds())
    assert (await desk.list("", is_all=False))[0][0][1]
    await desk.handle(case.id, "take", "", ACTOR)
    await desk.handle(case.id, "dismiss", "是该机构自己的网站", ACTOR)
    assert not (await desk.list("all", is_all=True))[0][0][1]


async def test_an_unknown_number_is_said_to_be_unknown(stage: Stage) -> None:
    """A number that nobody was given finds nothing, and what was typed is shown, not run."""
    answer = await stage.site.client.get("/report/progress?number=0000-0000-0000")
    assert answer.status == 404
    assert "没有这个编号" in await answer.text()
    assert "<b>" not in await stage.text("/report/progress?number=<b>x")
    assert (await stage.site.client.get("/report/received?number=<b>")).status == 404


async def test_a_picture_is_kept_without_what_it_tells_of_its_maker(stage: Stage) -> None:
    """A photograph is drawn anew: place and camera are gone; its hash as it came is kept beside the hash of what is kept."""
    raw = photograph()
    assert b"SecretCamera" in raw
    assert (await with_picture(stage, raw)).status == 303
    row = await stage.db.fetchrow("select * from verifier.case_evidence where kind = 'picture'")
    assert row is not None
    assert b"SecretCamera" not in row["content"]
    assert Image.open(io.BytesIO(row["content"])).getexif() == {}
    assert row["sha256"] == hashlib.sha256(row["content"]).digest()
    assert row["received"] == hashlib.sha256(raw).digest()


def bomb() -> bytes:
    """A PNG of few octets that claims more pixels than anybody has."""
    out = io.BytesIO()
    Image.new("1", (20000, MAX_PIXELS // 20000 + 1)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"MZ not a picture", png()[:60], b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", bomb()],
    ids=range(5),
)
async def test_what_is_no_picture_is_said_beside_the_field(stage: Stage, content: bytes) -> None:
    """Programs, broken files, other formats and bombs: the form is shown again with what was typed, and nothing is kept."""
    answer = await with_picture(stage, content)
    assert answer.status == 422
    text = await answer.text()
    assert 'id="p-picture"' in text
    assert REPORT["words"] in text
    assert await stage.db.fetchval("select count(*) from verifier.report") == 0


async def test_a_picture_beyond_the_bounds_is_not_read(stage: Stage) -> None:
    """What is larger than a picture may be is refused while it arrives."""
    answer = await with_picture(stage, b"\x89PNG" + b"0" * MAX_BYTES)
    assert answer.status == 413


async def test_a_code_is_looked_at_before_it_is_followed(stage: Stage) -> None:
    """A picture with a code is answered with where it leads and the verdict; without one, or without a picture, that is said."""
    genuine = await with_picture(stage, png("https://清华大学.公益/pay"), "/verify/scan")
    text = await genuine.text()
    assert "是真的官方网站" in text
    assert "https://清华大学.公益/pay" in text
    assert (
        "仿冒网站"
        in await (await with_picture(stage, png("https://清华大学.公益.evil.example/"), "/verify/scan")).text()
    )
    assert (await with_picture(stage, png(), "/verify/scan")).status == 422
    empty = await stage.site.client.post("/verify/scan", data={"x": "y"})
    assert empty.status == 422
    api = await with_picture(stage, png("https://example.com/"), "/api/v1/verify/scan")
    assert await api.json() == {"codes": ["https://example.com/"]}
    policy = (await stage.site.client.get("/verify/scan")).headers["Permissions-Policy"]
    assert "camera=(self)" in policy
    assert "microphone=()" in policy
