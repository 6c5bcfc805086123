"""domain:check (RFC 5731 section 3.1.1)."""

from collections.abc import Mapping

from registry.epp.answer import Answer
from registry.epp.checks import write_check
from registry.epp.domain.launching import is_claims_check, write_claims
from registry.epp.domain.tokens import read_token
from registry.epp.request import Asked
from registry.flows.domain.check import CheckDomains
from registry.model.answer import Availability


def read_domain_check(asked: Asked) -> CheckDomains:
    """The names in the order of the question."""
    return CheckDomains(() if is_claims_check(asked) else asked.node.texts("name"), read_token(asked))


def write_domain_check(asked: Asked, found: Mapping[str, Availability], language: str) -> Answer:
    """``domain:chkData``, or the claims of RFC 8334."""
    if is_claims_check(asked):
        return Answer(extensions=write_claims(asked))
    return write_check(asked, found, "name", language)
