"""``POST /api/v1/name-checks``: the decision over HTTP."""

import pytest

from tests.rest.conftest import GONE, SCHOOL, TAX, Api

PATH = "/api/v1/name-checks"


async def ask(api: Api, name: str, uscc: str, **more: str) -> dict[str, object]:
    answer, body = await api.post(PATH, {"name": name, "uscc": uscc, **more}, headers={"Authorization": ""})
    assert answer.status == 200, body
    return dict(body)


@pytest.mark.usefixtures("bodies")
async def test_the_answer_has_the_members_of_the_contract(a: Api) -> None:
    """CONTRACT, "The name decision": exactly these, for anybody, without a token."""
    body = await ask(a, "国家税务总局.政务", TAX)
    assert set(body) >= {"name", "a_label", "decision", "findings", "bundle", "suggestions", "policy_version"}
    assert (body["name"], body["decision"]) == ("国家税务总局.政务", "pass")
    assert str(body["a_label"]).endswith(".xn--zfr164b")
    assert set(body["bundle"]) == {"registered", "simplified", "traditional"}  # type: ignore[call-overload]  # JSON
    for finding in body["findings"]:  # type: ignore[attr-defined]  # JSON
        assert set(finding) >= {"rule", "outcome", "message", "evidence"}
        assert set(finding["message"]) == {"zh", "en"}


@pytest.mark.usefixtures("bodies")
async def test_a_refusal_is_an_answer_and_no_error(a: Api) -> None:
    """HTTP 200 for whatever is a question, however odd the name or the code."""
    odd = ("", ".", "政务", "a.b.c", "国\0家.政务", "😀.政务", "-.政务", "x" * 1000, "国家税务总局.com", "\u202e.政务")
    for name in odd:
        assert (await ask(a, name, TAX))["decision"] == "refuse", name
    for code in ("", "abc", "1" * 18, "\0", "😀", GONE):
        assert (await ask(a, "国家税务总局.政务", code))["decision"] == "refuse", code


@pytest.mark.usefixtures("bodies")
async def test_what_people_type_is_mapped(a: Api) -> None:
    """Full width, the Chinese full stop, a small letter in the code."""
    body = await ask(a, "国家税务总局。政务", TAX.lower())
    assert (body["name"], body["decision"]) == ("国家税务总局.政务", "pass")


@pytest.mark.usefixtures("bodies")
async def test_a_holder_name_is_compared(a: Api) -> None:
    """``holder_name`` that is not the body's refuses the name."""
    assert (await ask(a, "国家税务总局.政务", TAX, holder_name="国家税务总局"))["decision"] == "pass"
    body = await ask(a, "国家税务总局.政务", TAX, holder_name="长沙市第一中学")
    assert "HOLDER.NAME_MISMATCH" in {finding["rule"] for finding in body["findings"]}  # type: ignore[attr-defined]  # JSON


BROKEN = (
    ("{", ""),
    ("[]", ""),
    ('{"name": "x.政务"}', ""),
    ('{"name": 5, "uscc": ""}', "name"),
    ('{"name": "x", "uscc": null}', "uscc"),
    ('{"name": "x", "uscc": "", "holder": "y"}', ""),
    (f'{{"name": "{"x" * 2000}", "uscc": ""}}', "name"),
    ('{"name": "\\ud800", "uscc": ""}', ""),
    ("[" * 5000, ""),
    ("\xff", ""),
)


async def test_a_broken_request_is_400(a: Api) -> None:
    """Not JSON, a missing, unknown or mistyped field: a problem that names the place."""
    for body, where in BROKEN:
        sent = body.encode("latin-1", "replace")
        answer, told = await a.call("POST", PATH, data=sent, headers={"Content-Type": "application/json"})
        assert answer.status == 400, told
        assert answer.content_type == "application/problem+json"
        assert told["reason"] == "syntax_invalid"
        assert told.get("where", "") == where, body


async def test_only_json_is_read_and_only_so_much(a: Api) -> None:
    """Another media type is 400, a body over 64 KiB is 413 without being read."""
    answer, _ = await a.call("POST", PATH, data=b"{}", headers={"Content-Type": "text/plain"})
    assert answer.status == 400
    answer, told = await a.call("POST", PATH, data=b" " * 70000, headers={"Content-Type": "application/json"})
    assert (answer.status, told["reason"]) == (413, "too_large")


@pytest.mark.usefixtures("bodies")
async def test_the_language_of_the_details_follows_the_request(a: Api) -> None:
    """English when it is asked for first; both languages are in ``message`` in any case."""
    answer, told = await a.post(PATH, {}, headers={"Accept-Language": "en"})
    assert answer.status == 400
    assert told["title"] == "The request is malformed"


@pytest.mark.usefixtures("bodies")
async def test_another_bodys_name_is_refused(a: Api) -> None:
    """A school does not get the tax administration's name."""
    assert (await ask(a, "国家税务总局.政务", SCHOOL))["decision"] == "refuse"
