"""People who sign in to the portal, and what each role is for."""

from enum import StrEnum


class Role(StrEnum):
    """CONTRACT.md's roles; the last three are the separated powers of an operator's house (系统管理员、安全保密管理员、安全审计员)."""

    AGENCY = "agency"
    REVIEWER_COUNTY = "reviewer-county"
    REVIEWER_CITY = "reviewer-city"
    REVIEWER_PROVINCE = "reviewer-province"
    REVIEWER_CENTRAL = "reviewer-central"
    OPERATOR = "operator"
    SECURITY_OFFICER = "security-officer"
    AUDITOR = "auditor"
