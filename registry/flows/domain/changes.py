"""What an update adds and removes, checked against what is there."""

from collections.abc import Collection, Iterable

from registry.kernel.errors import Reason, Refusal
from registry.model.domain import DelegationSigner
from registry.policy.objects.signer import check_signers, written


def check_present(where: str, current: Collection[object], add: Iterable[object], rem: Iterable[object]) -> None:
    """Refuse (``POLICY_FORBIDS``) to add what is there and to remove what is not (RST epp-16)."""
    for one in add:
        if one in current:
            raise _forbidden(where, one, "域名已经有这一项", "the domain has this already")
    for one in rem:
        if one not in current:
            raise _forbidden(
                where, one, "域名没有这一项，不能去掉", "the domain does not have this, so it cannot be removed"
            )


def changed_signers(
    current: tuple[DelegationSigner, ...],
    add: tuple[DelegationSigner, ...],
    rem: tuple[DelegationSigner, ...],
    *,
    remove_all: bool,
) -> tuple[DelegationSigner, ...]:
    """The signers after a change; what is removed goes first (RFC 5910 section 5.2.5)."""
    for signer in rem:
        if signer not in current or rem.count(signer) > 1:
            raise _forbidden(
                "dsData", written(signer), "域名没有这条 DS 记录，不能去掉", "the domain has no such DS record"
            )
    kept = () if remove_all else tuple(signer for signer in current if signer not in rem)
    for signer in add:
        if signer in kept:
            raise _forbidden(
                "dsData", written(signer), "域名已经有这条 DS 记录", "the domain has this DS record already"
            )
    after = (*kept, *add)
    check_signers(after if add else ())
    return tuple(sorted(after, key=lambda one: (one.key_tag, one.algorithm, one.digest_type, one.digest)))


def _forbidden(where: str, one: object, zh: str, en: str) -> Refusal:
    value = ":".join(map(str, one)) if isinstance(one, tuple) else str(one)
    return Refusal(Reason.POLICY_FORBIDS, zh, en, where=where, value=value)
