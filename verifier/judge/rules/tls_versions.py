"""Judges versions and suites of TLS. Pure."""

from collections.abc import Iterator

from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

OLD = ("SSLv3", "TLSv1.0", "TLSv1.1")


def judge(_site: Site, _known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``tls_versions.*``."""
    facts = seen.facts
    spoken = {name for name, row in facts["versions"].items() if row["spoken"]}
    old = [name for name in OLD if name in spoken]
    if old:
        yield found("tls_versions.old", seen, versions=old)
    if not spoken & {"TLSv1.2", "TLSv1.3"}:
        yield found("tls_versions.no_modern", seen)
    elif "TLSv1.3" not in spoken:
        yield found("tls_versions.no_13", seen)
    if facts["weak"]:
        yield found("tls_versions.weak", seen, suites=facts["weak"])
    if facts["static_preferred"]:
        yield found("tls_versions.no_forward_secrecy", seen)
    if facts["compression"]:
        yield found("tls_versions.compression", seen)
    if not facts["secure_renegotiation"]:
        yield found("tls_versions.renegotiation", seen)
