"""A registrar: who may send commands, and what it may do (RFC 5730 calls it the client).

Three things decide about a command, and each can only take away: the *state* of the registrar, the *rights* of the registrar, and the
rights of the user that logged in. Looking (check, info, poll request, transfer query) is never taken from anybody who may log in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from registry.kernel.errors import Text

Network = IPv4Network | IPv6Network


class RegistrarStatus(StrEnum):
    """``no-create`` makes nothing new and asks for no transfer; ``suspended`` looks and answers transfers; ``read-only`` only looks.

    ``pending`` (not admitted yet) and ``terminated`` may not log in.
    """

    PENDING = "pending"
    ACTIVE = "active"
    NO_CREATE = "no-create"
    READ_ONLY = "read-only"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


class UserStatus(StrEnum):
    """Of a login: ``suspended`` may come back, ``ended`` does not."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Right(StrEnum):
    """What can be given and taken: ``transfer`` is to ask for one, ``answer`` to approve, reject or cancel one."""

    CREATE = "create"
    UPDATE = "update"
    RENEW = "renew"
    TRANSFER = "transfer"
    ANSWER = "answer"
    DELETE = "delete"
    ACKNOWLEDGE = "acknowledge"


ALL_RIGHTS = frozenset(Right)
MAY_LOG_IN = frozenset(
    {RegistrarStatus.ACTIVE, RegistrarStatus.NO_CREATE, RegistrarStatus.READ_ONLY, RegistrarStatus.SUSPENDED}
)
RIGHTS_OF_STATUS: Mapping[RegistrarStatus, frozenset[Right]] = {
    RegistrarStatus.PENDING: frozenset(),
    RegistrarStatus.ACTIVE: ALL_RIGHTS,
    RegistrarStatus.NO_CREATE: ALL_RIGHTS - {Right.CREATE, Right.TRANSFER},
    RegistrarStatus.READ_ONLY: frozenset({Right.ACKNOWLEDGE}),
    RegistrarStatus.SUSPENDED: frozenset({Right.ANSWER, Right.ACKNOWLEDGE}),
    RegistrarStatus.TERMINATED: frozenset(),
}
# Sets that have a name of their own on the command line and in the portal.
PRESETS: Mapping[str, frozenset[Right]] = {
    "full": ALL_RIGHTS,
    "read-only": frozenset(),
    "no-delete": ALL_RIGHTS - {Right.DELETE},
    "no-transfer": ALL_RIGHTS - {Right.TRANSFER, Right.ANSWER},
    "no-create": ALL_RIGHTS - {Right.CREATE, Right.TRANSFER},
}
STATUS_WORDS: Mapping[str, Text] = {
    "pending": Text("待启用", "pending"),
    "active": Text("正常", "active"),
    "no-create": Text("禁止新增", "no creates"),
    "read-only": Text("只读", "read only"),
    "suspended": Text("暂停", "suspended"),
    "terminated": Text("终止", "terminated"),
    "ended": Text("已停用", "ended"),
}
RIGHT_WORDS: Mapping[Right, Text] = {
    Right.CREATE: Text("新建", "create"),
    Right.UPDATE: Text("修改", "update"),
    Right.RENEW: Text("续期", "renew"),
    Right.TRANSFER: Text("申请转入", "ask for transfers"),
    Right.ANSWER: Text("答复转移", "answer transfers"),
    Right.DELETE: Text("删除", "delete"),
    Right.ACKNOWLEDGE: Text("确认消息", "acknowledge messages"),
}
_BY_COMMAND: Mapping[tuple[str, str], Right] = {
    ("create", ""): Right.CREATE,
    ("update", ""): Right.UPDATE,
    ("renew", ""): Right.RENEW,
    ("delete", ""): Right.DELETE,
    ("transfer", "request"): Right.TRANSFER,
    ("transfer", "approve"): Right.ANSWER,
    ("transfer", "reject"): Right.ANSWER,
    ("transfer", "cancel"): Right.ANSWER,
    ("poll", "ack"): Right.ACKNOWLEDGE,
}


def right_for(verb: str, operation: str = "") -> Right | None:
    """The right that a command of EPP needs; None for one that only looks."""
    return _BY_COMMAND.get((verb, operation)) or _BY_COMMAND.get((verb, ""))


@dataclass(frozen=True, slots=True)
class Registrar:
    """``id`` is the EPP clID (3 to 16 characters); ``password_hash`` is argon2id and never printed."""

    id: str
    name: str
    iana_id: int | None
    status: RegistrarStatus
    password_hash: str

    def __repr__(self) -> str:
        return f"Registrar({self.id})"


@dataclass(frozen=True, slots=True)
class Limits:
    """``rate`` in commands a second with ``burst`` at once, None for none; ``sessions`` over all processes, None as configured."""

    rate: float | None = None
    burst: int | None = None
    sessions: int | None = None

    @property
    def room(self) -> int:
        """How many commands fit into the bucket: ``burst``, else those of one second."""
        return max(1, self.burst or int(self.rate or 1))


@dataclass(frozen=True, slots=True)
class Standing:
    """A login as it stands now. ``user_id`` is empty for the registrar's own login, which bears the registrar's id.

    ``key_ends`` is when the certificate of the key that was asked about ends, None when that key may not be used for this login;
    ``own_networks`` are the user's, ``networks`` the registrar's.
    """

    registrar: Registrar
    user_id: str
    user_status: UserStatus
    user_hash: str = field(repr=False)
    rights: frozenset[Right] = ALL_RIGHTS
    key_ends: datetime | None = None
    networks: tuple[Network, ...] = ()
    own_networks: tuple[Network, ...] = ()
    limits: Limits = Limits()
    own_limits: Limits = Limits()

    @property
    def id(self) -> str:
        """The registrar's."""
        return self.registrar.id

    @property
    def status(self) -> RegistrarStatus:
        """The registrar's."""
        return self.registrar.status

    @property
    def login_id(self) -> str:
        """What stood in ``clID`` at login."""
        return self.user_id or self.registrar.id

    @property
    def is_welcome(self) -> bool:
        """Whether this login may be used at all."""
        return self.registrar.status in MAY_LOG_IN and self.user_status is UserStatus.ACTIVE

    @property
    def password_hash(self) -> str:
        """Of the login's own password."""
        return self.user_hash if self.user_id else self.registrar.password_hash

    def may_come_from(self, address: str) -> bool:
        """Whether both lists let the address in; an empty list lets in everybody."""
        ip = plain_address(address)
        return all(not listed or is_within(ip, listed) for listed in (self.networks, self.own_networks))

    def may(self, right: Right | None) -> bool:
        """Whether state and rights allow it; None is to look."""
        return right is None or right in self.rights & RIGHTS_OF_STATUS[self.registrar.status]


def plain_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address, an IPv4 one that is written as IPv6 (``::ffff:192.0.2.1``) as itself; None when it is none."""
    try:
        ip = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return ip.ipv4_mapped or ip if isinstance(ip, IPv6Address) else ip


def is_within(ip: IPv4Address | IPv6Address | None, networks: tuple[Network, ...]) -> bool:
    """Whether one of the networks holds the address."""
    return ip is not None and any(ip.version == network.version and ip in network for network in networks)
