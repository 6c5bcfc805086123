"""Decision letters: given with the decision, on paper as PDF, checked by whoever holds one, made of templates that the centre edits."""

import re
import subprocess
from pathlib import Path

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.model.letter import BUILT_IN, FIELDS, KINDS, check_template, fill
from tests.portal.test_review import decide
from tests.portal.world import Portal, filed

REASON = "名称依据不足 <b>&{名称}"


async def refused(portal: Portal) -> str:
    """An application of the centre's agency that was refused."""
    case = await filed(portal.runner, "central")
    await decide(portal.runner, "reviewer-central", case, "refuse", REASON)
    return case


async def pdf_of(portal: Portal, case: str, who: str = "agency") -> bytes:
    """The letter as it is downloaded."""
    tab = await portal.as_(who)
    cookie = "; ".join(f"{key}={value}" for key, value in tab.cookies.items())
    async with tab.client.get(
        f"/portal/applications/{case}/letter", headers={"Cookie": cookie, "User-Agent": tab.agent}
    ) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/pdf"
        return await answer.read()


def text_of(pdf: bytes, folder: Path) -> str:
    """What poppler reads on the paper."""
    path = folder / "letter.pdf"
    path.write_bytes(pdf)
    run = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True, timeout=30)
    return "".join(run.stdout.decode().split())


async def test_a_refusal_comes_as_a_letter(portal: Portal, tmp_path: Path) -> None:
    """Number, body, name, reason as it was written and the remedy stand on the paper, as another program reads it; twice the same octets."""
    case = await refused(portal)
    pdf = await pdf_of(portal, case)
    text = text_of(pdf, tmp_path)
    for wanted in (
        "不予网上名称注册决定书",
        "ZM-2026-000001",
        "清华大学",
        "清华.公益",
        case,
        "名称依据不足<b>&{名称}",
        "六十日",
        "2026年6月1日",
        "refused",
    ):
        assert wanted in text, (wanted, text)
    assert await pdf_of(portal, case) == pdf
    assert await pdf_of(portal, case, "reviewer-central") == pdf
    abroad = await portal.as_("agency-abroad")
    assert (await abroad.get(f"/portal/applications/{case}/letter")).status == 404


async def test_numbers_follow_each_other(portal: Portal) -> None:
    """Every decision has one letter with the next number; what waits has none."""
    first = await refused(portal)
    second = await filed(portal.runner, "county")
    tab = await portal.as_("agency-county")
    assert (await tab.get(f"/portal/applications/{second}/letter")).status == 409
    await decide(portal.runner, "reviewer-county", second, "approve")
    assert (await tab.get(f"/portal/applications/{second}/letter")).status == 409
    await decide(portal.runner, "reviewer-city", second, "approve")
    rows = await portal.runner.db.fetch("select id, application_id, kind from decision_letter order by id")
    assert [tuple(row) for row in rows] == [
        ("ZM-2026-000001", first, "refused"),
        ("ZM-2026-000002", second, "approved"),
    ]


async def test_whoever_holds_a_letter_can_check_it(portal: Portal, tmp_path: Path) -> None:
    """With number and code, typed as they are printed, the registry shows the words that count; with another code it says no."""
    case = await refused(portal)
    text = text_of(await pdf_of(portal, case), tmp_path)
    code = re.search(r"校验码([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})", text)
    assert code
    tab = portal.tab()
    await tab.get(f"/letters?number=zm-2026-000001&code={code[1].lower()}")
    assert tab.status == 200
    assert "文书属实" in tab.text
    assert "名称依据不足 &lt;b&gt;&amp;{名称}" in tab.text
    for number, typed in (
        ("ZM-2026-000001", "AAAA-AAAA-AAAA-AAAA"),
        ("ZM-2026-000002", code[1]),
        ("x' or 1=1", code[1]),
        ("ZM-2026-000001", ""),
    ):
        await tab.get("/letters?number=" + number.replace(" ", "+") + "&code=" + typed)
        assert tab.status == 404
        assert "文书属实" not in tab.text
    assert (await tab.get("/letters")).status == 200


async def test_codes_are_not_guessed(portal: Portal) -> None:
    """After twenty questions from one address the door asks to wait."""
    tab = portal.tab()
    statuses = [(await tab.get("/letters?number=ZM-2026-000001&code=AAAA")).status for _ in range(25)]
    assert statuses[:20] == [404] * 20
    assert statuses[-1] == 429


async def test_a_letter_is_never_changed(portal: Portal) -> None:
    """Not even in the database."""
    await refused(portal)
    for statement in ("update decision_letter set text_zh = 'x'", "delete from decision_letter"):
        with pytest.raises(asyncpg.exceptions.RestrictViolationError):
            await portal.runner.db.execute(statement)


async def test_the_centre_edits_templates(portal: Portal, tmp_path: Path) -> None:
    """The next letter is made of the new version, the earlier one stays; a field that does not exist, and an edit over another's, are refused."""
    first = await refused(portal)
    tab = await portal.as_("reviewer-central")
    await tab.get("/portal/letter-templates")
    texts = {
        "title": "不予注册通知",
        "text_zh": "{单位}：\n\n{名称}不予注册：{理由}",
        "text_en": "{body}: {name}, {reason}",
    }
    await tab.post("/portal/letter-templates/refused", {**texts, "version": "0", "text_zh": "{没有的项目}"})
    assert tab.status == 422
    assert "没有“{没有的项目}”这一项" in tab.text
    await tab.post("/portal/letter-templates/refused", {**texts, "version": "0"})
    assert tab.status == 303
    await tab.get("/portal/letter-templates")
    assert "不予注册通知" in tab.text
    await tab.post("/portal/letter-templates/refused", {**texts, "version": "0", "title": "另一个"})
    assert tab.status == 409
    second = await filed(portal.runner, "central", "清华园.公益")
    await decide(portal.runner, "reviewer-central", second, "refuse", "不符")
    assert "不予网上名称注册决定书" in text_of(await pdf_of(portal, first), tmp_path)
    assert "不予注册通知" in text_of(await pdf_of(portal, second), tmp_path)
    city = await portal.as_("reviewer-city")
    assert (await city.get("/portal/letter-templates")).status == 403


@pytest.mark.parametrize("kind", KINDS)
def test_built_in_templates_pass_their_own_check(kind: str) -> None:
    """Each kind has one, and each names only fields that exist."""
    check_template(BUILT_IN[kind])


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), st.text(max_size=30)), st.text(max_size=80))
def test_values_are_filled_in_once(values: dict[str, str], around: str) -> None:
    """What looks like a field inside a value stays as it is, whatever stands around it; nothing is an error."""
    text = fill(around + "{理由}", {**values, "理由": "{名称}"})
    assert "{名称}" in text
