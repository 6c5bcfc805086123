"""The officers' desk for reported fakes, as they meet it."""

import io
import re
import zipfile

import pytest

from registry.kernel.clock import SystemClock
from tests.portal.world import Portal, Tab
from verifier.question import Questions
from verifier.reports.filing import Report, file_report


async def reported(portal: Portal, address: str = "https://长沙县文化馆.公益.evil.example/<b>") -> str:
    """A citizen's report; the number of its case."""
    judgement = await Questions(portal.runner.db, SystemClock()).ask(address)
    report = Report("冒充文化馆\n收费", "a@example.com", judgement)
    await file_report(portal.runner.db, report, portal.clock)
    return str(await portal.runner.db.fetchval("select id from verifier.case_file order by opened_at desc limit 1"))


@pytest.fixture
async def officer(portal: Portal) -> Tab:
    """A security officer, signed in."""
    return await portal.as_("security-officer")


async def test_an_officer_finds_takes_confirms_and_packs(portal: Portal, officer: Tab) -> None:
    """From the list to the file, through its acts, to the package; every act bears the officer's name."""
    case = await reported(portal)
    await officer.get("/portal/cases")
    assert f"/portal/cases/{case}" in officer.text
    await officer.get(f"/portal/cases/{case}")
    assert "a@example.com" in officer.text
    assert "<b>" not in officer.text
    for fields, state in (({"act": "take"}, "核查中"), ({"act": "confirm", "words": "查实"}, "已认定为假冒，处置中")):
        await officer.post(f"/portal/cases/{case}", fields)
        assert officer.status == 303
        await officer.get(f"/portal/cases/{case}")
        assert state in officer.text
    actors = await portal.runner.db.fetch(
        "select actor from verifier.case_step where case_id = $1 order by number", case
    )
    assert [row["actor"] for row in actors][-2:] == ["person:security-officer"] * 2
    await officer.get("/portal/cases?state=confirmed")
    assert case in officer.text


async def test_what_is_refused_is_said_on_the_file(portal: Portal, officer: Tab) -> None:
    """A finding before anybody looked, or without words, is refused in words, and what was typed stays."""
    case = await reported(portal)
    await officer.get(f"/portal/cases/{case}")
    await officer.post(f"/portal/cases/{case}", {"act": "confirm", "words": "打字"})
    assert officer.status == 409
    assert "打字" in officer.text
    await officer.post(f"/portal/cases/{case}", {"act": "note", "words": ""})
    assert officer.status == 400
    await officer.get("/portal/cases/NOTHING")
    assert officer.status == 404


async def test_an_auditor_reads_and_cannot_act_nor_see_who_reported(portal: Portal) -> None:
    """The auditor sees the file without the reporters' addresses and without a form."""
    case = await reported(portal)
    auditor = await portal.as_("auditor")
    await auditor.get(f"/portal/cases/{case}")
    assert auditor.status == 200
    assert "a@example.com" not in auditor.text
    assert not re.search(rf'action="/portal/cases/{case}"', auditor.text)
    await auditor.get(f"/portal/cases/{case}/evidence/1")
    assert auditor.status == 200
    await auditor.get(f"/portal/cases/{case}/package")
    assert auditor.status == 403


async def test_the_package_is_a_whole_archive(portal: Portal, officer: Tab) -> None:
    """What is downloaded is a zip archive with the letter, the facts and the sums."""
    case = await reported(portal)
    await officer.get(f"/portal/cases/{case}")
    await officer.post(f"/portal/cases/{case}", {"act": "take"})
    await officer.get(f"/portal/cases/{case}")
    await officer.post(f"/portal/cases/{case}", {"act": "confirm", "words": "查实"})
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in officer.cookies.items()),
        "User-Agent": officer.agent,
    }
    async with portal.client.get(f"/portal/cases/{case}/package", headers=headers) as answer:
        assert answer.status == 200
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        names = zipfile.ZipFile(io.BytesIO(await answer.read())).namelist()
    assert {"letter.txt", "case.json", "SHA256SUMS"} <= set(names)
