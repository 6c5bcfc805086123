"""An empty form for an act about a body: what is asked, what is registered now, which years may be reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.institution.reach import covers
from registry.flows.institution.submit import items_of
from registry.flows.institution.terms import day_of
from registry.kernel.errors import Text
from registry.model.body import Body
from registry.model.institution import ActKind
from registry.model.person import Person, Role
from registry.policy.institutions import BLANKS, ITEMS, PURPOSES, REQUIRED_PURPOSES, Blank
from registry.store import bodies, institution_records

YEARS = 6  # that may be reported or reported late


@dataclass(frozen=True, slots=True)
class Sheet:
    """``registered`` are the items of today by key; ``prefilled`` what the register knows already; ``years`` the newest first."""

    kind: ActKind
    body: Body | None
    blanks: tuple[Blank, ...]
    registered: Mapping[str, str]
    prefilled: Mapping[str, str]
    purposes: Mapping[str, Text]
    required: tuple[str, ...]
    years: Sequence[int]


async def read_sheet(act: Act, person: Person, kind: ActKind, uscc: str) -> Sheet:
    """The form for the person's own body, or for one within a reviewer's reach; another one is not shown."""
    code = person.uscc if person.role is Role.AGENCY and kind is not ActKind.ESTABLISH else uscc.strip().upper()
    body = await bodies.find_body(act.conn, code) if code and kind is not ActKind.ESTABLISH else None
    if body is not None and not (person.uscc == body.uscc or covers(person, body.region, body.level)):
        body = None
    items = (await items_of(act, body.uscc)).values if body else {}
    prefilled: dict[str, str] = {}
    if body is not None and kind is ActKind.CANCEL:
        found = await institution_records.liquidation_of(act.conn, body.uscc)
        prefilled = {"started_on": str(found.started_on), "ended_on": str(found.ended_on or "")} if found else {}
    if kind is ActKind.ESTABLISH and person.role is Role.AGENCY and person.uscc:
        prefilled = {"sponsor_uscc": person.uscc}
    last = day_of(act.now).year - 1
    return Sheet(
        kind=kind,
        body=body,
        blanks=BLANKS[kind],
        registered={key: value for key, value in items.items() if key in ITEMS} if kind is ActKind.CHANGE else {},
        prefilled=prefilled,
        purposes=purposes_of(kind),
        required=REQUIRED_PURPOSES[kind],
        years=range(last, last - YEARS, -1),
    )


def purposes_of(kind: ActKind) -> Mapping[str, Text]:
    """What documents of such an act may prove, those that must be there first."""
    keys = (*REQUIRED_PURPOSES[kind], "other")
    return {key: PURPOSES[key] for key in keys}


def is_purpose(kind: ActKind, key: str) -> bool:
    """Whether a document of such an act may be brought for this."""
    return key in purposes_of(kind)
