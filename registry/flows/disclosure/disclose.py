"""Hidden registration data shown to somebody who is entitled to it, and never without a trace.

Two are entitled beside the registrar of record, who has its own door: the body that holds the name, and a public authority that says on
which ground it asks. The authority does not sign in here. It writes; an operator of the registry checks the letter, enters authority,
ground and number of the letter, and passes on what he is shown. So what was shown, to whom and why stands in the register, in its audit
chain, and before its auditors, in the very transaction that reads the data: if that cannot be written, nothing is shown.
"""

from dataclasses import dataclass, field

from registry.flows.act import Act
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import map_people, to_a
from registry.model.contact import Contact
from registry.model.domain import Domain
from registry.model.person import Person, Role
from registry.store import contacts, disclosures, domains
from registry.store.disclosures import Disclosure

MAX_TEXT = 200  # characters of an authority, a ground, a number
MAX_NAME = 253
PAGE = 50
NEWEST = 2**62  # before which number the newest stand
MAY_DISCLOSE = frozenset({Role.OPERATOR})
MAY_OVERSEE = frozenset({Role.OPERATOR, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Disclose:
    """The three texts are an authority's; a holder who asks for what is his own leaves them empty."""

    name: str
    authority: str = ""
    ground: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What was shown: each contact with what it is to the name, the registrant first."""

    number: int
    domain: Domain
    people: tuple[tuple[str, Contact], ...] = field(repr=False)


async def disclose(act: Act, person: Person, order: Disclose) -> Disclosed:
    """Everything of the people of a name. Refuses with ``NOT_PERMITTED`` (neither the holder nor an operator), ``PARAMETER_MISSING`` (an authority, a
    ground or a letter that is not named), ``TOO_LARGE``, ``NAME_INVALID``, ``NOT_FOUND``.
    """
    if person.role not in MAY_DISCLOSE | {Role.AGENCY}:
        raise _not_yours()
    viewer = "holder" if person.role is Role.AGENCY else "authority"
    texts = ("", "", "") if viewer == "holder" else _grounds(order)
    found = await domains.find(act.conn, _name(order.name))
    if found is None:
        raise Refusal(
            Reason.NOT_FOUND, "没有这个名称", "no such name is registered", where="name", value=order.name[:100]
        )
    domain, _ = found
    if viewer == "holder" and domain.uscc != person.uscc:
        raise Refusal(
            Reason.NOT_FOUND, "本单位没有这个名称", "your body holds no such name", where="name", value=order.name[:100]
        )
    people = await _people(act, domain)
    row = Disclosure(
        0, act.now, domain.name, viewer, *texts, person.username, tuple(dict.fromkeys(one.roid for _, one in people))
    )
    number = await disclosures.add(act.conn, row, domain.roid)
    snapshot = {
        "name": domain.name, "roid": domain.roid, "viewer": viewer, "authority": texts[0], "ground": texts[1], "document": texts[2],
        "contacts": list(row.contacts),
    }  # fmt: skip
    await act.remember("disclosure.made", str(number), snapshot)
    return Disclosed(number, domain, people)


async def list_disclosures(act: Act, person: Person, before: int = NEWEST) -> list[Disclosure]:
    """What was disclosed to authorities, for operators and auditors; ``NOT_PERMITTED`` for others."""
    if person.role not in MAY_OVERSEE:
        raise _not_yours()
    return await disclosures.newest(act.conn, before, PAGE)


async def _people(act: Act, domain: Domain) -> tuple[tuple[str, Contact], ...]:
    roles = [("registrant", domain.registrant_id or ""), *sorted(domain.contacts)]
    found = [(role, await contacts.find(act.conn, contact_id)) for role, contact_id in roles if contact_id]
    return tuple((role, contact) for role, contact in found if contact)


def _grounds(order: Disclose) -> tuple[str, str, str]:
    texts = {"authority": order.authority.strip(), "ground": order.ground.strip(), "document": order.document.strip()}
    for where, text in texts.items():
        if not text:
            zh, en = (
                "请写明来函机关、法律依据和文号",
                "name the authority, its ground in law and the number of its letter",
            )
            raise Refusal(Reason.PARAMETER_MISSING, zh, en, where=where)
        if len(text) > MAX_TEXT:
            raise Refusal(Reason.TOO_LARGE, f"不能超过 {MAX_TEXT} 字", f"at most {MAX_TEXT} characters", where=where)
    return texts["authority"], texts["ground"], texts["document"]


def _name(text: str) -> str:
    try:
        return to_a(map_people(text[:MAX_NAME]).text.strip())
    except ValueError as error:
        raise Refusal(
            Reason.NAME_INVALID, "这不是合法的域名", "this is no name of the DNS", where="name", value=text[:100]
        ) from error


def _not_yours() -> Refusal:
    zh, en = "只有持有机构和注册局工作人员可以查看", "only the holder and the registry's own staff may see this"
    return Refusal(Reason.NOT_PERMITTED, zh, en, where="role")
