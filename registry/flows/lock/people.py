"""Who moves registry locks: operators and security officers, and always two of them."""

from registry.kernel.errors import Reason, Refusal
from registry.model.person import Person, Role

KEEPERS = frozenset({Role.OPERATOR, Role.SECURITY_OFFICER})


def require_keeper(by: Person) -> None:
    """Refuse (``NOT_PERMITTED``) everybody else."""
    if by.role not in KEEPERS:
        raise Refusal(
            Reason.NOT_PERMITTED,
            "只有系统管理员和安全保密管理员可以办理注册局锁定",
            "only operators and security officers move a registry lock",
            where="person",
            value=by.username,
        )


def require_other(by: Person, first: str, number: int) -> None:
    """Refuse (``NOT_PERMITTED``) the person who proposed: a lock is two people's."""
    if by.username == first:
        raise Refusal(
            Reason.NOT_PERMITTED,
            "提议人不能确认自己的提议，请由另一人确认",
            "nobody confirms his own proposal; another person must",
            where="order",
            value=str(number),
        )


def subject_of(number: int) -> str:
    """An order as history, audit and feed name it."""
    return f"lock-order-{number}"
