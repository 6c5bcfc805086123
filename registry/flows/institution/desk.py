"""What an institution's person finds: its registration, its certificate, its reports year by year, its acts."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.flows.act import Act
from registry.flows.institution.submit import items_of
from registry.flows.institution.terms import day_of, left
from registry.kernel.errors import Reason, Refusal
from registry.model.body import Body
from registry.model.institution import INSTITUTION_KIND, ReportState
from registry.model.person import Person
from registry.policy.institutions import Standing, missing_report, report_state
from registry.store import bodies, institution_records, institutions
from registry.store.institution_records import Certificate, Liquidation
from registry.store.institutions import InstitutionAct

SHOWN = 50  # acts
YEARS = 5  # of reports


@dataclass(frozen=True, slots=True)
class InstitutionDesk:
    """``body`` is None when the register does not know the code, ``is_institution`` False for other kinds. ``missing`` is the year whose
    report is overdue; ``days_left`` working days to apply for a cancellation.
    """

    body: Body | None
    is_institution: bool
    items: dict[str, str]
    certificate: Certificate | None
    reports: Sequence[tuple[int, ReportState]]
    missing: int | None
    liquidation: Liquidation | None
    days_left: int
    acts: Sequence[InstitutionAct]


async def read_institution_desk(act: Act, person: Person) -> InstitutionDesk:
    """The desk. Refuses with NOT_PERMITTED when the account belongs to no body."""
    if not person.uscc:
        zh, en = (
            "账户没有绑定单位，请联系安全保密管理员",
            "the account belongs to no body; please ask a security officer",
        )
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="person")
    body = await bodies.find_body(act.conn, person.uscc)
    standing = await standing_of(act, body) if body else Standing(is_alive=False)
    today = day_of(act.now)
    held = await institution_records.certificates(act.conn, person.uscc)
    liquidation = await institution_records.liquidation_of(act.conn, person.uscc)
    years = range(today.year, today.year - YEARS, -1)
    states = [(year, report_state(standing, year, today)) for year in years]
    return InstitutionDesk(
        body=body,
        is_institution=body is None or body.kind == INSTITUTION_KIND,
        items=dict((await items_of(act, person.uscc)).values),
        certificate=next((one for one in held if one.state == "valid"), None),
        reports=[one for one in states if one[1] is not ReportState.NOT_OWED],
        missing=missing_report(standing, today),
        liquidation=liquidation,
        days_left=left(act.now, liquidation.due_on) if liquidation else 0,
        acts=await institutions.of_body(act.conn, person.uscc, person.actor, SHOWN),
    )


async def standing_of(act: Act, body: Body) -> Standing:
    """How an institution stands with its reports, out of everything that is on file."""
    held = await institution_records.certificates(act.conn, body.uscc)
    received = await institutions.reports_received(act.conn, body.uscc)
    return Standing(
        is_alive=body.alive,
        established_on=body.established_on,
        certified_since=min((one.issued_on for one in held), default=None),
        reported=body.annual_report_year,
        received=frozenset(received),
    )
