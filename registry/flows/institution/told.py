"""What the institution and the reviewers are told of an act, each at the step that makes it so."""

from registry.flows.act import Act
from registry.kernel.errors import Text
from registry.model.institution import KIND_WORDS, STAGE_WORDS, ActStage
from registry.model.notice import Notice, Recipient, Severity, reviewers_of
from registry.store import people
from registry.store.institutions import InstitutionAct

_OTHER_WORDS = {
    "overdue": Text("超过办理期限", "the term is over"),
    "due_soon": Text("办理期限将满", "the term ends soon"),
}


def link_of(found: InstitutionAct) -> str:
    """The page of the act."""
    return f"/portal/institutions/{found.id}"


def title_of(found: InstitutionAct) -> Text:
    """What it is: whose, which."""
    words = KIND_WORDS[found.kind_now]
    year = (f"{found.year} ", f" {found.year}") if found.year else ("", "")
    return Text(f"{found.body_name}：{year[0]}{words.zh}", f"{found.body_name}: {words.en}{year[1]}")


async def tell_institution(act: Act, found: InstitutionAct, kind: str, said: Text, severity: Severity = "news") -> None:
    """To everybody who acts for the body, and to who drew it up when that is another."""
    to = [Recipient("body", found.uscc)]
    author = await people.find(act.conn, found.created_by.removeprefix("person:"))
    if author is not None and author.person.uscc != found.uscc:
        to.append(Recipient("person", author.person.username))
    await act.notify(*(_notice(one, found, kind, said, severity) for one in to))


async def tell_desk(
    act: Act, found: InstitutionAct, kind: str, said: Text, severity: Severity = "action", once: str = ""
) -> None:
    """To the desk of the body's level and place."""
    await act.notify(_notice(reviewers_of(found.level, found.region), found, kind, said, severity, once))


def _notice(to: Recipient, found: InstitutionAct, kind: str, said: Text, severity: Severity, once: str = "") -> Notice:
    title = title_of(found)
    words = _OTHER_WORDS.get(kind) or STAGE_WORDS[ActStage(kind)]
    payload = {"act": found.id, "kind": found.kind, "uscc": found.uscc}
    subject = Text(f"{title.zh}：{words.zh}", f"{title.en}: {words.en}")
    return Notice(to, f"institution.{kind}", subject, said, link_of(found), severity, payload, once)
