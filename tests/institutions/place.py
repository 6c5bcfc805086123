"""A county with an institution to be: who founds it, who decides, and short ways to file and to register an act."""

from registry.flows.act import Caller
from registry.flows.document.inspect import inspect_file
from registry.flows.document.take import TakeDocument, take_document
from registry.flows.institution.accept import AcceptAct, accept_act
from registry.flows.institution.decide import DecideAct, decide_act
from registry.flows.institution.draft import DraftAct, draft_act
from registry.flows.institution.submit import SubmitAct, submit_act
from registry.flows.runner import Flow, Runner
from registry.model.body import Body
from registry.model.institution import ActKind, ActMove, ActStage
from registry.model.person import Person, Role
from registry.policy.codes import compose
from registry.policy.institutions import REQUIRED_PURPOSES

SPONSOR = Body(
    uscc=compose("11", "430121", "00000401"), name="长沙县文化旅游局", kind="11", administrative=True, region="430121", level="county"
)  # fmt: skip
CODE = compose("12", "430121", "00000402")
AGENCY = Person("sponsor", Role.AGENCY, "430121", SPONSOR.uscc, "举办单位经办人")
OWN = Person("hall", Role.AGENCY, "430121", CODE, "单位经办人")
FIRST = Person("first", Role.REVIEWER_COUNTY, "430121", "", "初审")
SECOND = Person("second", Role.REVIEWER_COUNTY, "430121", "", "核准")
ABROAD = Person("abroad", Role.REVIEWER_COUNTY, "440106", "", "天河")
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
FOUNDATION = {
    "uscc": CODE, "name": "长沙县图书馆", "address": "湖南省长沙县开元路2号", "purpose": "公共阅读服务", "legal_representative": "李四",
    "funding": "full", "capital": "100.00", "sponsor_uscc": SPONSOR.uscc, "authority": "长沙县事业单位登记管理局", "approval": "长县编〔2026〕3号",
}  # fmt: skip
REPORT = {
    "overview": "接待读者三万人次。", "assets_start": "100.00", "assets_end": "120.00", "income": "50.00", "expense": "45.00", "staff": "12",
}  # fmt: skip


async def do(runner: Runner, person: Person, flow: Flow[object]) -> object:
    """An act of this person."""
    return await runner.run(Caller("person", person.username), flow)


async def bring(runner: Runner, act_id: str, person: Person, kind: ActKind) -> None:
    """Every document that such an act needs."""
    for purpose in REQUIRED_PURPOSES[kind]:
        file = await inspect_file(runner.config, f"{purpose}.pdf", PDF)
        order = TakeDocument("institution", act_id, purpose, file)
        await do(runner, person, lambda act, one=order: take_document(act, person, one))  # type: ignore[misc]  # a default binds the loop's value


async def filed(
    runner: Runner, person: Person, kind: ActKind, uscc: str, fields: dict[str, str], year: int | None = None
) -> str:
    """An act that waits for reviewers."""
    act_id = str(await do(runner, person, lambda act: draft_act(act, person, DraftAct(kind, uscc, fields, year))))
    await bring(runner, act_id, person, kind)
    await do(runner, person, lambda act: submit_act(act, person, SubmitAct(act_id)))
    return act_id


async def registered(runner: Runner, act_id: str) -> None:
    """Accepted, where that is a step, and approved by as many people as are needed."""
    if await runner.db.fetchval("select kind from institution_act where id = $1", act_id) != ActKind.REPORT:
        await do(runner, FIRST, lambda act: accept_act(act, FIRST, AcceptAct(act_id)))
    order = DecideAct(act_id, ActMove.APPROVE, "材料齐全")
    for person in (FIRST, SECOND):
        if await stage_of(runner, act_id) != ActStage.REGISTERED:
            await do(runner, person, lambda act, by=person: decide_act(act, by, order))  # type: ignore[misc]  # a default binds the loop's value
    assert await stage_of(runner, act_id) == ActStage.REGISTERED


async def stage_of(runner: Runner, act_id: str) -> str:
    """Where it stands."""
    return str(await runner.db.fetchval("select stage from institution_act where id = $1", act_id))
