"""Which applications a person may see at all. What lies beyond is not there: he learns nothing of it, not even that it exists."""

import re

from registry.flows.act import Act
from registry.kernel.errors import Reason, Refusal
from registry.model.jurisdiction import jurisdiction_of
from registry.model.person import REVIEWERS, Person, Role
from registry.store import application_lists, applications
from registry.store.application_lists import Bounds
from registry.store.applications import Application

_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_SEE_ALL = frozenset({Role.OPERATOR, Role.AUDITOR})


async def find_within(act: Act, person: Person, application_id: str, *, lock: bool = False) -> tuple[Application, str]:
    """The application and its body's level, locked until the act ends when asked. Refuses with NOT_FOUND."""
    is_id = _ID.fullmatch(application_id)
    found = await (applications.lock if lock else applications.find)(act.conn, application_id) if is_id else None
    if found is not None:
        level = await application_lists.level_of(act.conn, found.uscc)
        if _reaches(person, found, level):
            return found, level
    raise Refusal(
        Reason.NOT_FOUND,
        "没有这个申请",
        "there is no such application",
        where="application",
        value=application_id if is_id else "",
    )


async def level_of_body(act: Act, application: Application) -> str:
    """The level at which it is decided."""
    return await application_lists.level_of(act.conn, application.uscc)


def bounds_of(person: Person) -> Bounds | None:
    """What a reviewer's queue holds; None is the whole country. Refuses (NOT_PERMITTED) who has no jurisdiction."""
    own = jurisdiction_of(person)
    if own is None:
        raise Refusal(
            Reason.NOT_PERMITTED,
            "账户没有管辖区划，请联系安全保密管理员",
            "the account has no region; please ask a security officer",
            where="region",
            value=person.region,
        )
    return Bounds(own.low, own.high, own.levels) if own.prefix else None


def _reaches(person: Person, application: Application, level: str) -> bool:
    if person.role in REVIEWERS:
        own = jurisdiction_of(person)
        return own is not None and own.covers(application.region, level)
    if person.role is Role.AGENCY:
        return bool(person.uscc) and person.uscc == application.uscc
    return person.role in _SEE_ALL
