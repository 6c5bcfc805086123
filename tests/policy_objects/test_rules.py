"""Rules over values: statuses, periods, delegation signers, and what time does to a domain."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import dns.dnssec
import dns.rdata
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.errors import Reason, Refusal
from registry.model.domain import DelegationKey, DelegationSigner, Domain, Grace, GraceKind, Transfer
from registry.model.life import add_years, as_of, is_purge_due, running
from registry.model.zone import Zone
from registry.policy.objects.period import check_years, extended
from registry.policy.objects.signer import ALGORITHMS, DIGEST_OCTETS, check_agreement, check_key, check_signer
from registry.policy.objects.status import DOMAIN_STATUSES, changed_statuses, check_unlocked

NOW = datetime(2026, 6, 1, 1, tzinfo=UTC)
ZONE = Zone("zz--main-1234", "zz--main-1234", "zz", "zh", "none", NOW)
DOMAIN = Domain(
    "D1-CONAC", "a.zz--main-1234", "a", ZONE.name, "registrar-a", NOW, "registrar-a", add_years(NOW, 1), "a", "zh", "zz"
)
DS = DelegationSigner(1, 13, 2, bytes(32))
ED448 = base64.b64encode(bytes(57)).decode()
statuses = st.frozensets(st.sampled_from(sorted(DOMAIN_STATUSES)))
instants = st.timedeltas(timedelta(), timedelta(days=12000)).map(lambda after: datetime(2026, 1, 1, tzinfo=UTC) + after)


def outcome(rule: Callable[..., Any], *args: object) -> tuple[Any, Reason | None]:
    """What a rule gives, or why it refuses."""
    try:
        return rule(*args), None
    except Refusal as refusal:
        return None, refusal.reason


@given(statuses, statuses, statuses)
def test_a_change_of_statuses_is_exact_or_refused(
    current: frozenset[str], add: frozenset[str], rem: frozenset[str]
) -> None:
    """What is added was not there, what is removed was, and nothing else moves; everything else is 2306."""
    may = not add & current and rem <= current
    after, reason = outcome(changed_statuses, current, add, rem, DOMAIN_STATUSES)
    assert reason is (None if may else Reason.POLICY_FORBIDS)
    assert after == ((current | add) - rem if may else None)


def test_a_status_that_is_named_twice_is_refused() -> None:
    """The same status twice in one list is an error, also when it could be set once."""
    with pytest.raises(Refusal, match="set already"):
        changed_statuses(frozenset(), ("clientHold", "clientHold"), (), DOMAIN_STATUSES)


def test_a_lock_opens_for_its_own_removal_only() -> None:
    """The client's lock yields to its removal, the server's to nothing."""
    check_unlocked({"clientHold"}, only_unlocks=False)
    check_unlocked({"clientUpdateProhibited"}, only_unlocks=True)
    for locked, unlocks in (({"clientUpdateProhibited"}, False), ({"serverUpdateProhibited"}, True)):
        with pytest.raises(Refusal) as caught:
            check_unlocked(locked, only_unlocks=unlocks)
        assert caught.value.reason is Reason.STATUS_FORBIDS


@given(st.integers(-3, 15), instants)
def test_a_period_never_reaches_over_ten_years(years: int, expires_at: datetime) -> None:
    """One to ten years, and no expiry more than ten years from now."""
    may = 1 <= years <= 10 and add_years(expires_at, years) <= add_years(NOW, 10)
    later, reason = outcome(extended, expires_at, years, NOW)
    assert reason is (None if may else Reason.VALUE_OUT_OF_RANGE)
    assert later == (add_years(expires_at, years) if may else None)
    assert outcome(check_years, years)[1] is (None if 1 <= years <= 10 else Reason.VALUE_OUT_OF_RANGE)


def test_a_leap_day_has_an_anniversary() -> None:
    """29 February becomes 28 February in a common year and stays in a leap year."""
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert add_years(leap, 1) == datetime(2029, 2, 28, 12, tzinfo=UTC)
    assert add_years(leap, 4) == datetime(2032, 2, 29, 12, tzinfo=UTC)


def test_every_listed_algorithm_and_digest_passes() -> None:
    """What a validator may be asked to use is accepted, Ed448 and SM2 with SM3 among it."""
    assert {13, 15, 16, 17} <= set(ALGORITHMS)
    for algorithm in ALGORITHMS:
        for digest_type, octets in DIGEST_OCTETS.items():
            check_signer(DelegationSigner(65535, algorithm, digest_type, bytes(octets)))


@pytest.mark.parametrize(
    "bad",
    [replace(DS, algorithm=n) for n in (-1, 0, 1, 3, 5, 7, 12, 123, 253, 256)]
    + [replace(DS, digest_type=n) for n in (-1, 0, 1, 3, 255)]
    + [replace(DS, digest=bytes(n)) for n in (0, 16, 31, 33)]
    + [replace(DS, key_tag=n) for n in (-1, 65536)],
)  # fmt: skip
def test_a_signer_that_no_validator_could_use_is_refused(bad: DelegationSigner) -> None:
    """Unknown and withdrawn algorithms, SHA-1, digests of the wrong length, key tags out of range."""
    with pytest.raises(Refusal) as caught:
        check_signer(bad)
    assert caught.value.reason is Reason.VALUE_OUT_OF_RANGE


def test_a_key_signing_key_passes() -> None:
    """Flags 257, protocol 3 and a key of its algorithm's length, as RST sends it for Ed448."""
    assert check_key(DelegationKey(257, 3, 16, ED448)) == bytes(57)
    assert len(check_key(DelegationKey(257, 3, 8, base64.b64encode(bytes(260)).decode()))) == 260


@pytest.mark.parametrize(
    "key",
    [DelegationKey(flags, 3, 16, ED448) for flags in (0, 1, 256, -1, 385)]
    + [DelegationKey(257, protocol, 16, ED448) for protocol in (1, 256, -1)]
    + [DelegationKey(257, 3, 123, ED448), DelegationKey(257, 3, 13, ED448), DelegationKey(257, 3, 16, "")]
    + [DelegationKey(257, 3, 16, "this is not a DNSKEY."), DelegationKey(257, 3, 8, "AwEAAQ==")],
)  # fmt: skip
def test_a_key_that_is_none_is_refused(key: DelegationKey) -> None:
    """The rows of RST epp-14: flags, protocol, algorithm, and what libxml2 takes for base64 although it is not."""
    with pytest.raises(Refusal) as caught:
        check_key(key)
    assert caught.value.reason is Reason.VALUE_OUT_OF_RANGE


@pytest.mark.parametrize("digest", ["SHA256", "SHA384"])
def test_a_signer_agrees_with_the_key_that_another_library_made_it_of(digest: str) -> None:
    """Key tag and digest are dnspython's, for the name in any case; of another name, another key or a changed tag they are refused."""
    key = dns.rdata.from_text("IN", "DNSKEY", f"257 3 16 {ED448}")
    made = dns.dnssec.make_ds("xn--abc-1.zz--main-1234.", key, digest)
    signer = DelegationSigner(made.key_tag, made.algorithm, made.digest_type, made.digest)
    ours = DelegationKey(257, 3, 16, ED448)
    check_agreement("XN--abc-1.ZZ--main-1234", signer, ours)
    other = base64.b64encode(bytes([1] * 57)).decode()
    for name, claimed, shown in (
        ("xn--abc-2.zz--main-1234", signer, ours),
        ("xn--abc-1.zz--main-1234", replace(signer, key_tag=signer.key_tag ^ 1), ours),
        ("xn--abc-1.zz--main-1234", signer, replace(ours, public_key=other)),
        ("xn--abc-1.zz--main-1234", replace(signer, algorithm=15), ours),
    ):
        with pytest.raises(Refusal) as caught:
            check_agreement(name, claimed, shown)
        assert caught.value.reason is Reason.POLICY_FORBIDS


@given(instants, instants)
def test_looking_twice_is_looking_once(first: datetime, second: datetime) -> None:
    """What time did up to an early instant, written down, changes nothing about what is true at a later one."""
    early, late = sorted((first, second))
    asked = replace(DOMAIN, transfer=Transfer("registrar-b", "registrar-a", NOW, NOW + timedelta(days=5), 2))
    for domain in (DOMAIN, asked, replace(DOMAIN, deleted_at=NOW + timedelta(days=9))):
        assert as_of(as_of(domain, early, ZONE), late, ZONE) == as_of(domain, late, ZONE)


@given(instants)
def test_a_living_name_never_lies_in_its_past(now: datetime) -> None:
    """However long nobody looked, a name that was not deleted expires in the future and keeps few grace periods."""
    domain = as_of(DOMAIN, now, ZONE)
    assert domain.expires_at > now
    assert domain.expires_at <= max(DOMAIN.expires_at, add_years(now, 1))
    assert len(running(domain.graces, now)) <= 1


def test_a_transfer_never_shortens_and_never_reaches_too_far() -> None:
    """A name that expires in nine and a half years gets no more than ten from a transfer."""
    far = replace(DOMAIN, expires_at=NOW + timedelta(days=3470), transfer=Transfer("b", "a", NOW, NOW, 3))
    assert as_of(far, NOW, ZONE).expires_at == add_years(NOW, 10)
    farther = replace(far, expires_at=NOW + timedelta(days=4000))
    assert as_of(farther, NOW, ZONE).expires_at == farther.expires_at


def test_a_deleted_name_is_due_when_both_periods_are_over() -> None:
    """Thirty days of redemption and five of pending delete, to the second; a deleted name is not renewed."""
    gone = replace(DOMAIN, deleted_at=NOW)
    due = NOW + timedelta(days=35)
    assert not is_purge_due(gone, due - timedelta(seconds=1), ZONE)
    assert is_purge_due(gone, due, ZONE)
    assert not is_purge_due(DOMAIN, due, ZONE)
    assert as_of(gone, add_years(NOW, 3), ZONE) == gone


def test_only_running_graces_are_kept() -> None:
    """A grace period ends at its instant, not after it."""
    grace = Grace(GraceKind.ADD, NOW, "registrar-a")
    assert running((grace,), NOW - timedelta(microseconds=1)) == (grace,)
    assert running((grace,), NOW) == ()
