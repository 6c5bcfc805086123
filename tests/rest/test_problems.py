"""Refusals over HTTP."""

import pytest
from aiohttp.test_utils import make_mocked_request

from registry.kernel.errors import Problem, Reason, Refusal, Text
from registry.rest.problems import MAX_ECHO, PROBLEMS, problem_body, wants_english
from tests.rest.conftest import Api


def test_every_reason_has_a_status() -> None:
    """The table is complete, in both languages, and every status is one of 4xx or 503."""
    assert set(PROBLEMS) == set(Reason)
    for meaning in PROBLEMS.values():
        assert 400 <= meaning.status < 500 or meaning.status == 503
        assert meaning.title.zh
        assert meaning.title.en.isascii()


def test_a_problem_has_the_members_of_rfc_9457_and_ours() -> None:
    """type, title, status, detail; reason, message, where, value, evidence, and the further problems."""
    more = Problem(Reason.VALUE_INVALID, Text("二", "two"), where="b", value="2")
    refusal = Refusal(Reason.NOT_FOUND, "一", "one", where="a", value="x" * 999, evidence={"k": 1}, problems=(more,))
    body = problem_body(refusal, "https://registry.example")
    assert body["type"] == "https://registry.example/api/problems#not_found"
    assert (body["status"], body["title"], body["detail"]) == (404, "没有找到", "一")
    assert body["message"] == {"zh": "一", "en": "one"}
    assert body["value"] == "x" * MAX_ECHO
    assert body["evidence"] == {"k": 1}
    assert body["problems"] == [
        {"reason": "value_invalid", "message": {"zh": "二", "en": "two"}, "where": "b", "value": "2"}
    ]
    assert problem_body(refusal, "", english=True)["detail"] == "one"


@pytest.mark.parametrize(
    ("header", "english"),
    [("", False), ("en", True), ("zh-CN,zh;q=0.9,en;q=0.8", False), ("en-GB,en;q=0.9,zh;q=0.5", True), ("fr", False)],
)
def test_the_language_follows_accept_language(header: str, english: bool) -> None:
    """Chinese unless English is named first."""
    request = make_mocked_request("GET", "/", headers={"Accept-Language": header})
    assert wants_english(request) is english


async def test_the_table_can_be_read_where_the_types_point(a: Api) -> None:
    """The ``type`` of a problem is a fragment of an address that answers with the table."""
    answer, body = await a.get("/api/problems")
    assert answer.status == 200
    assert {row["reason"] for row in body["problems"]} == {str(reason) for reason in Reason}


async def test_an_unknown_path_and_a_wrong_method_are_problems_too(a: Api) -> None:
    """Below /api/ a program always gets JSON."""
    for method, path, status in (("GET", "/api/v1/nothing", 404), ("DELETE", "/api/v1/domains", 405)):
        answer, body = await a.call(method, path)
        assert answer.status == status
        assert answer.content_type == "application/problem+json"
        assert body["status"] == status
