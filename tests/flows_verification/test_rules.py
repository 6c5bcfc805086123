"""Which codes a zone wants, and until when."""

from datetime import UTC, datetime, timedelta

from registry.policy.verification import (
    GRACE,
    CodeType,
    Compliance,
    Standing,
    compliance,
    expires_at,
    lacking,
    may_create,
    missing,
    standing,
)

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def test_a_registrant_code_is_what_a_zone_wants() -> None:
    """Under ``required`` nothing is created without it, under ``grace`` it is due later, a test zone wants none."""
    assert lacking("required", ()) == (CodeType.REGISTRANT,)
    assert lacking("required", ("domain",)) == (CodeType.REGISTRANT,)
    assert lacking("required", ("registrant",)) == ()
    assert [may_create(profile, ()) for profile in ("required", "grace", "none")] == [False, True, True]
    assert may_create("required", ("registrant",))
    assert [one.due for one in missing("grace", (), NOW)] == [NOW + GRACE]


def test_compliance_follows_the_instant() -> None:
    """Pending until the deadline, not compliant from it on, compliant once the code is there."""
    assert compliance("none", (), NOW, NOW) is Compliance.NOT_APPLICABLE
    assert compliance("grace", (), NOW, NOW + GRACE - timedelta(seconds=1)) is Compliance.PENDING
    assert compliance("grace", (), NOW, NOW + GRACE) is Compliance.NON_COMPLIANT
    assert compliance("grace", ("registrant",), NOW, NOW + GRACE) is Compliance.COMPLIANT
    assert compliance("required", (), NOW, NOW) is Compliance.NON_COMPLIANT


def test_a_code_stands_between_its_instants_unless_revoked() -> None:
    """The first instant counts, the last does not; a revocation counts from its own instant."""
    end = expires_at(NOW, 30)
    assert end == NOW + timedelta(days=30)
    assert standing(NOW, end, None, NOW) is Standing.VALID
    assert standing(NOW, end, None, end - timedelta(microseconds=1)) is Standing.VALID
    assert standing(NOW, end, None, end) is Standing.EXPIRED
    assert standing(NOW, end, None, NOW - timedelta(seconds=1)) is Standing.NOT_YET
    assert standing(NOW, end, NOW + timedelta(days=1), NOW) is Standing.VALID
    assert standing(NOW, end, NOW + timedelta(days=1), NOW + timedelta(days=1)) is Standing.REVOKED
