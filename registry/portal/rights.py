"""Who may go where in the portal: the one table of every route, the roles that it is open to, and how far they see there.

The guard serves no route that has no row here, and holds every request against its row; the flows behind hold the same
bounds once more, because the command line comes to them by another way.
"""

from dataclasses import dataclass
from enum import StrEnum

from registry.kernel.errors import Fault
from registry.model.person import REVIEWERS, Role


class Scope(StrEnum):
    """``VISITOR`` nobody must be signed in; ``ROLE`` the role is enough; ``APPLICATION`` the application named in the address
    must be within reach as well: reviewers by region and level, agencies by their body, operators and auditors all; ``INSTITUTION`` the
    act of an institution likewise.
    """

    VISITOR = "visitor"
    ROLE = "role"
    APPLICATION = "application"
    INSTITUTION = "institution"


EVERYBODY = frozenset(Role)
AGENCY = frozenset({Role.AGENCY})
READERS = REVIEWERS | {Role.AGENCY, Role.OPERATOR, Role.AUDITOR}
OPERATOR = frozenset({Role.OPERATOR})
OFFICER = frozenset({Role.SECURITY_OFFICER})
AUDITOR = frozenset({Role.AUDITOR})
REGISTRAR = frozenset({Role.REGISTRAR})


@dataclass(frozen=True, slots=True)
class Right:
    """One row. ``path`` is the route's pattern, as the router has it; ``takes_files`` whether its form may bring one."""

    method: str
    path: str
    roles: frozenset[Role]
    scope: Scope = Scope.ROLE
    takes_files: bool = False


RIGHTS = (
    Right("GET", "/portal", EVERYBODY, Scope.VISITOR),
    Right("GET", "/portal/sign-in", EVERYBODY, Scope.VISITOR),
    Right("POST", "/portal/sign-in", EVERYBODY, Scope.VISITOR),
    Right("POST", "/portal/sign-out", EVERYBODY),
    Right("GET", "/portal/", EVERYBODY),
    Right("GET", "/portal/notices", EVERYBODY),
    Right("POST", "/portal/notices/read", EVERYBODY),
    Right("GET", "/portal/notices/addresses", EVERYBODY),
    Right("POST", "/portal/notices/addresses", EVERYBODY),
    Right("GET", "/portal/notices/{notice}", EVERYBODY),
    Right("GET", "/portal/deliveries", OPERATOR),
    Right("POST", "/portal/deliveries/{delivery}/retry", OPERATOR),
    Right("GET", "/portal/registrar", REGISTRAR),
    Right("POST", "/portal/registrar", REGISTRAR),
    Right("GET", "/portal/registrar/report", REGISTRAR),
    Right("GET", "/portal/registrars", OPERATOR),
    Right("POST", "/portal/registrars", OPERATOR),
    Right("GET", "/portal/commands", REGISTRAR | OPERATOR | AUDITOR),
    Right("GET", "/portal/rehearsal", REGISTRAR | OPERATOR),
    Right("POST", "/portal/rehearsal", REGISTRAR | OPERATOR),
    Right("GET", "/portal/apply", AGENCY),
    Right("POST", "/portal/apply", AGENCY),
    Right("GET", "/portal/names/{name}", AGENCY),
    Right("POST", "/portal/names/{name}/delegation", AGENCY),
    Right("POST", "/portal/names/{name}/renewal", AGENCY),
    Right("POST", "/portal/names/{name}/recheck", AGENCY),
    Right("GET", "/portal/changes", REVIEWERS),
    Right("POST", "/portal/changes/{change}", REVIEWERS | AGENCY),
    Right("GET", "/portal/body-tasks", READERS),
    Right("GET", "/portal/body-tasks/{task}", READERS),
    Right("POST", "/portal/body-tasks/{task}/proposal", REVIEWERS),
    Right("POST", "/portal/body-tasks/{task}/approval", REVIEWERS),
    Right("POST", "/portal/body-tasks/{task}/override", OPERATOR),
    Right("GET", "/portal/figures", READERS - AGENCY),
    Right("GET", "/portal/dns", OPERATOR | AUDITOR),
    Right("GET", "/portal/bodies", READERS - AGENCY),
    Right("GET", "/portal/bodies/{uscc}", READERS),
    Right("GET", "/portal/queue", REVIEWERS),
    Right("POST", "/portal/queue", REVIEWERS),
    Right("GET", "/portal/absence", REVIEWERS),
    Right("POST", "/portal/absence", REVIEWERS),
    Right("GET", "/portal/applications/{id}", READERS, Scope.APPLICATION),
    Right("POST", "/portal/applications/{id}/decision", REVIEWERS, Scope.APPLICATION),
    Right("POST", "/portal/applications/{id}/withdrawal", AGENCY, Scope.APPLICATION),
    Right("POST", "/portal/applications/{id}/return", REVIEWERS, Scope.APPLICATION),
    Right("POST", "/portal/applications/{id}/answer", AGENCY, Scope.APPLICATION),
    Right("POST", "/portal/applications/{id}/decline", REVIEWERS, Scope.APPLICATION),
    Right("POST", "/portal/applications/{id}/claim", REVIEWERS, Scope.APPLICATION),
    Right("POST", "/portal/applications/{id}/message", REVIEWERS | AGENCY, Scope.APPLICATION),
    Right("POST", "/portal/applications/{id}/appeal", AGENCY, Scope.APPLICATION),
    Right("POST", "/portal/applications/{id}/documents", AGENCY, Scope.APPLICATION, takes_files=True),
    Right("POST", "/portal/applications/{id}/responsible", AGENCY, Scope.APPLICATION),
    Right("POST", "/portal/applications/{id}/confirmation", AGENCY, Scope.APPLICATION),
    Right("GET", "/portal/applications/{id}/letter", READERS, Scope.APPLICATION),
    Right("GET", "/portal/letter-templates", frozenset({Role.REVIEWER_CENTRAL})),
    Right("POST", "/portal/letter-templates/{kind}", frozenset({Role.REVIEWER_CENTRAL})),
    Right("GET", "/portal/applications/{id}/dispute", REVIEWERS, Scope.APPLICATION),
    Right("POST", "/portal/applications/{id}/dispute", REVIEWERS, Scope.APPLICATION),
    Right("GET", "/portal/institution", AGENCY),
    Right("POST", "/portal/institution/liquidation", AGENCY),
    Right("GET", "/portal/institutions", REVIEWERS),
    Right("GET", "/portal/institutions/new", REVIEWERS | AGENCY),
    Right("POST", "/portal/institutions/new", REVIEWERS | AGENCY),
    Right("GET", "/portal/institutions/{act}", READERS, Scope.INSTITUTION),
    Right("POST", "/portal/institutions/{act}", REVIEWERS | AGENCY, Scope.INSTITUTION),
    Right("POST", "/portal/institutions/{act}/documents", REVIEWERS | AGENCY, Scope.INSTITUTION, takes_files=True),
    Right("GET", "/portal/documents/{document}", READERS),
    Right("POST", "/portal/documents/{document}/removal", REVIEWERS | AGENCY),
    Right("GET", "/portal/responsible/{case}", EVERYBODY, Scope.VISITOR),
    Right("POST", "/portal/responsible/{case}", EVERYBODY, Scope.VISITOR),
    Right("GET", "/portal/setup", EVERYBODY, Scope.VISITOR),
    Right("POST", "/portal/setup", EVERYBODY, Scope.VISITOR),
    Right("GET", "/portal/password", EVERYBODY),
    Right("POST", "/portal/password", EVERYBODY),
    Right("GET", "/portal/locks", OPERATOR | OFFICER),
    Right("POST", "/portal/locks", OPERATOR | OFFICER),
    Right("POST", "/portal/locks/{order}", OPERATOR | OFFICER),
    Right("GET", "/portal/comparisons", REVIEWERS | OPERATOR | AUDITOR),
    Right("POST", "/portal/comparisons", REVIEWERS | OPERATOR, takes_files=True),
    Right("GET", "/portal/comparisons/{comparison}", REVIEWERS | OPERATOR | AUDITOR),
    Right("GET", "/portal/comparisons/{comparison}/report", REVIEWERS | OPERATOR | AUDITOR),
    Right("GET", "/portal/comparisons/{comparison}/export", REVIEWERS | OPERATOR | AUDITOR),
    Right("GET", "/portal/comparisons/{comparison}/findings/{finding}", REVIEWERS | OPERATOR | AUDITOR),
    Right("POST", "/portal/comparisons/{comparison}/findings/{finding}", REVIEWERS),
    Right("GET", "/portal/corrections", REVIEWERS | OPERATOR | AUDITOR),
    Right("POST", "/portal/corrections/{task}", REVIEWERS),
    Right("GET", "/portal/accounts", OFFICER),
    Right("GET", "/portal/account-orders", OFFICER),
    Right("GET", "/portal/account-orders/new", OFFICER),
    Right("POST", "/portal/account-orders/new", OFFICER),
    Right("POST", "/portal/account-orders/{order}", OFFICER),
    Right("POST", "/portal/accounts/{username}/restoring", OFFICER),
    Right("GET", "/portal/accounts/{username}", OFFICER),
    Right("POST", "/portal/accounts/{username}/disabling", OFFICER),
    Right("GET", "/portal/disclosure", AGENCY | OPERATOR | AUDITOR),
    Right("POST", "/portal/disclosure", AGENCY | OPERATOR),
    Right("GET", "/portal/cases", OPERATOR | OFFICER | AUDITOR),
    Right("GET", "/portal/cases/{case}", OPERATOR | OFFICER | AUDITOR),
    Right("POST", "/portal/cases/{case}", OPERATOR | OFFICER),
    Right("GET", "/portal/cases/{case}/package", OPERATOR | OFFICER),
    Right("GET", "/portal/cases/{case}/evidence/{number}", OPERATOR | OFFICER | AUDITOR),
    Right("GET", "/portal/audit", AUDITOR),
    Right("POST", "/portal/audit/proof", AUDITOR),
)
_BY_ROUTE = {(right.method, right.path): right for right in RIGHTS}


def right_of(method: str, path: str) -> Right:
    """The row of a route. A route without one is a fault of ours, found when the routes are built."""
    right = _BY_ROUTE.get((method, path))
    if right is None:
        raise Fault(f"{method} {path} has no row in the table of rights")
    return right
