"""What an applicant and the reviewers are told of an application, each at the step that makes it so."""

from registry.flows.act import Act
from registry.flows.letter.issue import issue_letter
from registry.kernel.errors import Text
from registry.kernel.names import to_u
from registry.model.application import CORRECTION_DAYS, CORRECTIONS, STAGE_WORDS, Stage
from registry.model.notice import Notice, Recipient, Severity, reviewers_of
from registry.store import application_lists, applications
from registry.store.applications import Application


def link_of(application: Application) -> str:
    """The page of the case."""
    return f"/portal/applications/{application.id}"


def shown(application: Application) -> str:
    """The name as people read it."""
    try:
        return to_u(application.name)
    except ValueError:
        return application.name


async def tell_body(act: Act, application: Application, kind: str, said: Text, severity: Severity = "news") -> None:
    """To everybody who acts for the body that applied."""
    await _tell(act, Recipient("body", application.uscc), application, kind, said, severity)


async def tell_reviewers(act: Act, application: Application, level: str, kind: str, said: Text) -> None:
    """To the desk of the body's level and place."""
    await _tell(act, reviewers_of(level, application.region), application, kind, said, "action")


async def _tell(act: Act, to: Recipient, application: Application, kind: str, said: Text, severity: Severity) -> None:
    name, title = shown(application), TITLES[kind]
    subject = Text(f"“{name}”的申请：{title.zh}", f"Application for “{name}”: {title.en}")
    payload = {"application": application.id, "name": application.name}
    await act.notify(Notice(to, f"application.{kind}", subject, said, link_of(application), severity, payload))


async def tell_outcome(act: Act, application: Application, stage: Stage, reason: str) -> None:
    """The decision, with its reason and what can be done about it."""
    words = STAGE_WORDS[stage]
    because = (f"理由：{reason}。", f" Reason: {reason}.") if reason else ("", "")
    zh, en = (
        ("如有异议，可在六十日内申请一次复核。", " Within sixty days you may ask once for another look.")
        if stage in {Stage.REFUSED, Stage.DECLINED} and application.appeal_of is None
        else ("", "")
    )
    said = Text(
        f"申请 {application.id} {words.zh}。{because[0]}{zh}",
        f"Application {application.id}: {words.en}.{because[1]}{en}",
    )
    await issue_letter(act, application, stage, reason)
    await tell_body(act, application, stage.value, said, "action" if zh else "news")


async def tell_returned(act: Act, application: Application, asked: tuple[str, ...], reason: str) -> None:
    """What is to be corrected, and by when."""
    zh = "、".join(CORRECTIONS[one].zh for one in asked)
    en = ", ".join(CORRECTIONS[one].en for one in asked)
    said = Text(
        f"请补正：{zh}。{reason}。请在 {CORRECTION_DAYS} 个工作日内答复，逾期申请关闭。办理期限自此中止，答复后继续。",
        f"To be corrected: {en}. {reason}. Please answer within {CORRECTION_DAYS} working days, or the application is closed; "
        "its clock stands still until then.",
    )
    await tell_body(act, application, Stage.RETURNED.value, said, "action")


async def tell_rivals(act: Act, application: Application) -> None:
    """Nobody waits in ignorance: who wants the same name hears of it, and so does who has just asked for it."""
    rivals = await application_lists.rivals(act.conn, application.id, application.index_label, application.tld)
    if not rivals:
        return
    said = Text(
        "另有单位申请同一名称，各方申请将一并审定，结果和理由都会告知；此前名称不归任何一方。",
        "Another body wants the same name. The applications are decided together, and everybody is told the outcome with its reasons.",
    )
    for rival in rivals:
        found = await applications.find(act.conn, rival.id)
        if found is not None:
            await tell_body(act, found, "rival", said)
    await tell_body(act, application, "rival", said)


TITLES = {
    **{stage.value: words for stage, words in STAGE_WORDS.items()},
    "answered": Text("已补正", "corrected"),
    "message": Text("新留言", "a new message"),
    "rival": Text("另有单位申请同一名称", "another body wants the same name"),
    "appealed": Text("申请复核", "an appeal"),
    "failed": Text("开通失败", "the name could not be created"),
    "responsible": Text("责任人答复", "the responsible person answered"),
    "claimed": Text("已转交", "handed over"),
}
