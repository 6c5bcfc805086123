"""People who sign in to the portal, and what each role is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from registry.kernel.errors import Text


class Role(StrEnum):
    """CONTRACT.md's roles, and the people of registrars.

    The last three are the separated powers of an operator's house (系统管理员、安全保密管理员、安全审计员).
    """

    AGENCY = "agency"
    REGISTRAR = "registrar"
    REVIEWER_COUNTY = "reviewer-county"
    REVIEWER_CITY = "reviewer-city"
    REVIEWER_PROVINCE = "reviewer-province"
    REVIEWER_CENTRAL = "reviewer-central"
    OPERATOR = "operator"
    SECURITY_OFFICER = "security-officer"
    AUDITOR = "auditor"


REVIEWERS = frozenset({Role.REVIEWER_COUNTY, Role.REVIEWER_CITY, Role.REVIEWER_PROVINCE, Role.REVIEWER_CENTRAL})
ROLE_WORDS: Mapping[Role, Text] = {
    Role.AGENCY: Text("申请单位经办人", "agency"),
    Role.REGISTRAR: Text("注册服务机构经办人", "registrar"),
    Role.REVIEWER_COUNTY: Text("县级审核员", "county reviewer"),
    Role.REVIEWER_CITY: Text("市级审核员", "city reviewer"),
    Role.REVIEWER_PROVINCE: Text("省级审核员", "province reviewer"),
    Role.REVIEWER_CENTRAL: Text("中央审核员", "central reviewer"),
    Role.OPERATOR: Text("系统管理员", "operator"),
    Role.SECURITY_OFFICER: Text("安全保密管理员", "security officer"),
    Role.AUDITOR: Text("安全审计员", "auditor"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has an account. ``region`` bounds what a reviewer sees; ``uscc`` is the body that he belongs to.

    ``registrar`` is the registrar that a person of that role acts for.
    """

    username: str
    role: Role
    region: str = ""
    uscc: str = ""
    name: str = ""
    registrar: str = ""

    @property
    def actor(self) -> str:
        """As he stands in history and audit: ``person:wang``."""
        return f"person:{self.username}"
