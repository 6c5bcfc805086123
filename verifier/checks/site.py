"""What is known about a watched site before anybody looks: from the register, from the mark, from its own declaration. Pure.

Whoever schedules visits builds one :class:`Site` from ``published.*`` and the verifier's own tables. Everything is plain JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ColumnKind(StrEnum):
    """The kinds of columns that the official indicators tell apart (domain-rules.md 5.2)."""

    NEWS = "news"  # 动态、要闻: two weeks
    NOTICE = "notice"  # 通知公告、政策文件: six months
    OTHER = "other"  # should be updated as well: six months, counted apart


class Declared(StrEnum):
    """The state that the body declared for its site."""

    RUNNING = "running"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the site: its list page."""

    url: str
    kind: ColumnKind
    title: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register holds for the name that the site lies under. ``ds``: ``"keytag algorithm digesttype digest"``."""

    name: str  # A-form
    holder_uscc: str
    statuses: tuple[str, ...] = ()
    expires_at: datetime | None = None
    nameservers: tuple[str, ...] = ()
    ds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """One watched site. ``hosts`` are all hosts (A-form) that its mark names; ``origin`` is ``https://host[:port]``."""

    id: str
    origin: str
    hosts: tuple[str, ...]
    body_name: str = ""
    uscc: str = ""
    region: str = ""  # GB/T 2260, six digits
    registered: Registered | None = None
    mark_id: str = ""
    mark_digest: str = ""  # SHA-256 (hexadecimal) of the issued token, as the site publishes it in its own zone
    mark_origin: str = ""  # where our badge is served from
    platform: str = ""  # sites of one shared platform (集约化平台) bear one name here
    networks: tuple[str, ...] = ()  # approved prefixes; none: any public address
    site_code: str = ""  # 政府网站标识码
    icp: str = ""
    columns: tuple[Column, ...] = ()
    known_outlinks: tuple[str, ...] = ()  # registrable domains that the site is known to link to
    known_scripts: tuple[str, ...] = ()  # hosts that it is known to load scripts, frames or forms from
    former_names: tuple[str, ...] = ()  # names that were official once: watched for ever
    declared: Declared = Declared.RUNNING
    personas_agreed: bool = (
        False  # whether the site accepted visits in other clothes (verifier.md 3.2, rules for fetching)
    )
    outward_services: bool = True  # without them the indicators of services are dropped (domain-rules.md 5.1)
    settings: Mapping[str, str] = field(default_factory=dict)
