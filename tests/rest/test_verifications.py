"""``/api/v1/verifications``: codes over HTTP."""

import asyncio
import base64

import pytest
from lxml import etree

from registry.flows.act import Caller
from registry.flows.runner import Runner
from registry.flows.verification.presented import read_codes
from registry.flows.verification.revoke import RevokeCode, revoke_code
from registry.flows.verification.settle import SettleVerification, settle_verification
from registry.kernel.errors import Reason, Refusal
from registry.model.verification import PresentedCode
from registry.policy.codes import compose
from tests.kit.clock import FakeClock
from tests.rest.conftest import GONE, SCHOOL, STALE, TAX, Api, sign_in

PATH = "/api/v1/verifications"
A = Caller("registrar", "registrar-a")
REVIEWER = Caller("person", "reviewer-province")
pytestmark = pytest.mark.usefixtures("bodies")


def registrant(uscc: str, name: str) -> dict[str, str]:
    return {"type": "registrant", "uscc": uscc, "name": name}


def rules(body: dict[str, list[dict[str, str]]]) -> set[str]:
    return {finding["rule"] for finding in body["findings"]}


async def test_a_body_that_is_right_gets_a_code(a: Api, runner: Runner) -> None:
    """201 with the members of CONTRACT; the code can be presented by this registrar at once."""
    answer, body = await a.post(PATH, registrant(TAX, "国家税务总局"))
    assert answer.status == 201, body
    assert set(body) >= {"id", "type", "code", "encoded_signed_code", "expires_at"}
    assert body["type"] == "registrant"
    assert answer.headers["Location"] == f"{PATH}/{body['id']}"
    codes = (PresentedCode(body["encoded_signed_code"]),)
    verified = await runner.run(A, lambda act: read_codes(act, codes))
    assert (verified.uscc, verified.legal_name) == (TAX, "国家税务总局")


async def test_the_signed_document_names_its_type_and_code(a: Api) -> None:
    """What is in the base64 is what the answer says."""
    _, body = await a.post(PATH, {"type": "domain", "uscc": TAX, "name": "国家税务总局.政务"})
    code = etree.fromstring(base64.b64decode(body["encoded_signed_code"])).find("{*}code")
    assert code is not None
    assert (code.text, code.get("type")) == (body["code"], "domain")


async def test_an_alias_proves_the_body_and_the_legal_name_is_kept(a: Api) -> None:
    """The short name on file is one of the body's names; the code is bound to its legal name, and to the code in capitals."""
    answer, body = await a.post(PATH, registrant(TAX.lower(), "税务总局"))
    assert answer.status == 201, body
    assert (body["name"], body["uscc"]) == ("国家税务总局", TAX)


WRONG = (
    (TAX[:-1] + "0", "国家税务总局", "HOLDER.CODE_INVALID"),
    ("", "国家税务总局", "HOLDER.CODE_INVALID"),
    ("\0", "\0", "HOLDER.CODE_INVALID"),
    (compose("11", "100000", "99999999"), "某局", "HOLDER.UNKNOWN"),
    (GONE, "铁道部", "HOLDER.INACTIVE"),
    (TAX, "长沙市第一中学", "HOLDER.NAME_MISMATCH"),
    (TAX, "", "HOLDER.NAME_MISMATCH"),
    (TAX, "\0", "HOLDER.NAME_MISMATCH"),
)


async def test_a_body_that_is_not_right_is_refused_with_findings(a: Api) -> None:
    """422: a problem that holds the decision."""
    for uscc, name, rule in WRONG:
        answer, body = await a.post(PATH, registrant(uscc, name))
        assert answer.status == 422, body
        assert answer.content_type == "application/problem+json"
        assert rules(body) == {rule}
        assert (body["decision"], body["reason"], body["status"]) == ("refuse", "name_refused", 422)
        assert body["message"]["zh"]


async def test_a_refused_decision_is_kept(a: Api, runner: Runner) -> None:
    """Years later somebody asks why."""
    await a.post(PATH, registrant(GONE, "铁道部"))
    row = await runner.db.fetchrow("select * from decision order by id desc limit 1")
    assert row is not None
    assert (row["asked_by"], row["decision"], row["uscc"]) == ("registrar:registrar-a", "refuse", GONE)


async def test_a_body_whose_papers_are_stale_waits_for_a_reviewer(a: Api, runner: Runner) -> None:
    """202 with an application; a reviewer's yes leads to a code that is found under the application's id."""
    answer, body = await a.post(PATH, registrant(STALE, "北京古籍研究院"))
    assert answer.status == 202, body
    assert "HOLDER.STALE" in rules(body)
    application = body["application_id"]
    _, found = await a.get(f"{PATH}/{application}")
    assert (found["state"], found["type"]) == ("submitted", "registrant")
    assert "code" not in found

    yes = SettleVerification(application, is_approved=True)
    await runner.run(REVIEWER, lambda act: settle_verification(act, yes))
    _, found = await a.get(f"{PATH}/{application}")
    assert (found["state"], found["id"]) == ("issued", application)
    codes = (PresentedCode(found["encoded_signed_code"]),)
    assert (await runner.run(A, lambda act: read_codes(act, codes))).legal_name == "北京古籍研究院"


async def test_a_reviewer_who_says_no_tells_why(a: Api, runner: Runner) -> None:
    """The state is refused, the registrar hears the reason in its queue, and it cannot be decided twice."""
    _, body = await a.post(PATH, registrant(STALE, "北京古籍研究院"))
    no = SettleVerification(body["id"], is_approved=False, reason="证书过期")
    assert await runner.run(REVIEWER, lambda act: settle_verification(act, no)) is None
    assert (await a.get(f"{PATH}/{body['id']}"))[1]["state"] == "refused"
    message = await runner.db.fetchrow("select * from poll_message where registrar_id = 'registrar-a'")
    assert message is not None
    assert "证书过期" in message["text_zh"]
    for order, reason in ((no, Reason.STATUS_FORBIDS), (SettleVerification("X", is_approved=True), Reason.NOT_FOUND)):
        with pytest.raises(Refusal) as caught:
            await runner.run(REVIEWER, lambda act, order=order: settle_verification(act, order))
        assert caught.value.reason is reason


async def test_a_name_that_is_right_gets_a_code(a: Api, runner: Runner) -> None:
    """Type domain: the whole name decision; the code is bound to the A-label."""
    answer, body = await a.post(PATH, {"type": "domain", "uscc": TAX, "name": "国家税务总局。政务"})
    assert answer.status == 201, body
    assert body["name"].endswith(".xn--zfr164b")
    codes = (PresentedCode(body["encoded_signed_code"]),)
    verified = await runner.run(A, lambda act: read_codes(act, codes))
    assert (verified.uscc, verified.legal_name, verified.names) == (TAX, "", {body["name"]})


async def test_a_name_that_is_not_right_is_refused(a: Api) -> None:
    """Another body's name, a name that is none, another zone."""
    for name in ("国家税务总局.政务", "", "a b.政务", "x.com", "\0.政务"):
        answer, body = await a.post(PATH, {"type": "domain", "uscc": SCHOOL, "name": name})
        assert (answer.status, body["decision"]) == (422, "refuse"), name
        assert body["findings"]


async def test_only_its_registrar_sees_a_code(a: Api, b: Api, runner: Runner, clock: FakeClock) -> None:
    """404 for everybody else; the state follows revocation and expiry, and then there is nothing left to present."""
    _, body = await a.post(PATH, registrant(TAX, "国家税务总局"))
    where = f"{PATH}/{body['id']}"
    assert (await a.get(where))[1]["encoded_signed_code"] == body["encoded_signed_code"]
    assert (await b.get(where))[0].status == 404
    assert (await a.get(f"{PATH}/1-UNKNOWN"))[0].status == 404
    await runner.run(A, lambda act: revoke_code(act, RevokeCode(body["code"], "")))
    assert (await a.get(where))[1] == {"id": body["id"], "type": "registrant", "state": "revoked"}
    _, body = await a.post(PATH, registrant(TAX, "国家税务总局"))
    await clock.move(days=30)
    later = await sign_in(a.client, a.account)
    assert (await later.get(f"{PATH}/{body['id']}"))[1]["state"] == "expired"


async def test_unknown_types_and_fields_are_refused(a: Api) -> None:
    """400 with the place."""
    answer, body = await a.post(PATH, {"type": "real-name", "uscc": TAX, "name": "国家税务总局"})
    assert (answer.status, body["where"]) == (400, "type")
    answer, _ = await a.post(PATH, {**registrant(TAX, "国家税务总局"), "registrar": "registrar-b"})
    assert answer.status == 400


async def test_a_request_that_is_sent_again_is_answered_again(a: Api, b: Api, runner: Runner) -> None:
    """Same key, same request: the same code and no second one; another request under the key is refused."""
    key = {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"'}
    first = await a.post(PATH, registrant(TAX, "国家税务总局"), headers=key)
    again = await a.post(PATH, registrant(TAX, "国家税务总局"), headers=key)
    assert (again[0].status, again[1]) == (201, first[1])
    assert again[0].headers["Location"] == first[0].headers["Location"]
    assert await runner.db.fetchval("select count(*) from verification_code") == 1
    other, body = await a.post(PATH, registrant(SCHOOL, "长沙市第一中学"), headers=key)
    assert (other.status, body["where"]) == (422, "Idempotency-Key")
    stranger, body = await b.post(PATH, registrant(TAX, "国家税务总局"), headers=key)
    assert stranger.status == 201
    assert body["code"] != first[1]["code"]
    answer, _ = await a.post(PATH, registrant(TAX, "国家税务总局"), headers={"Idempotency-Key": "有"})
    assert answer.status == 400


async def test_the_same_key_at_the_same_time_acts_once(a: Api, runner: Runner) -> None:
    """Ten at once: one code, ten equal answers."""
    key = {"Idempotency-Key": "one"}
    answers = await asyncio.gather(*(a.post(PATH, registrant(TAX, "国家税务总局"), headers=key) for _ in range(10)))
    assert {body["code"] for _, body in answers} == {answers[0][1]["code"]}
    assert await runner.db.fetchval("select count(*) from verification_code") == 1
