"""Writing a new name into the register, once everything has been decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from registry.flows.act import Act
from registry.flows.domain.label import members_of
from registry.flows.registrar.permission import already_exists, not_found
from registry.flows.token.use import use_token
from registry.kernel.db import ForeignKeyViolation, UniqueViolation
from registry.model.answer import CreatedDomain
from registry.model.domain import DelegationSigner, Domain, Grace, GraceKind
from registry.model.snapshot import domain_detail, domain_snapshot
from registry.model.zone import Zone
from registry.policy.idn.label import Label
from registry.store import domains
from registry.store.domains import Links
from registry.store.tokens import Use


@dataclass(frozen=True, slots=True)
class Assignment:
    """``hosts`` are pairs of name and ROID; ``verification`` says what was proved, and by which decision."""

    label: Label
    zone: Zone
    roid_number: int
    registrar_id: str
    expires_at: datetime
    years: int
    uscc: str
    hosts: tuple[tuple[str, str], ...] = ()
    registrant: str | None = None
    contacts: frozenset[tuple[str, str]] = frozenset()
    signers: tuple[DelegationSigner, ...] = ()
    statuses: frozenset[str] = frozenset()
    auth_hash: str = field(default="", repr=False)
    auth_expires_at: datetime | None = None
    verification: dict[str, Any] = field(default_factory=dict)
    ttls: Mapping[str, int] = field(default_factory=dict)
    token: str = field(default="", repr=False)  # the allocation token that was shown; it is used up with the name
    token_at: datetime | None = None  # when it was shown, for a name that a reviewer decided about
    traditional: str = ""  # the spelling that was chosen; empty: the proposed one


async def assign(act: Act, assignment: Assignment) -> CreatedDomain:
    """Write the domain, its bundle and its links.

    ``ALREADY_EXISTS`` when the database finds another spelling of the name held, which also decides every race (design, law 3);
    ``NOT_FOUND`` when a contact or host went away meanwhile, ``NOT_PERMITTED`` for an allocation token that does not fit.
    """
    domain = _domain(act, assignment)
    if assignment.token:
        shown_at = assignment.token_at or act.now
        use = Use(
            assignment.token, "create", domain.registrar_id, domain.tld, domain.index_label, domain.roid, shown_at
        )
        await use_token(act, use)
    memory = act.memory("domain.created", domain.roid, domain_snapshot(domain), detail=domain_detail(domain))
    links = Links(tuple(roid for _, roid in assignment.hosts), tuple(sorted(assignment.contacts)), assignment.signers)
    try:
        await domains.add(act.conn, domain, links, memory)
    except UniqueViolation:
        raise already_exists(
            "域名或其异体", "name or another spelling of it", where="name", value=domain.name
        ) from None
    except ForeignKeyViolation:
        raise not_found("联系人或主机", "contact or host (any more)", where="name", value=domain.name) from None
    return CreatedDomain(domain.name, domain.roid, act.now, domain.expires_at, domain.members)


def _domain(act: Act, assignment: Assignment) -> Domain:
    a, zone = assignment, assignment.zone
    return Domain(
        roid=f"D{a.roid_number}-{act.config.epp.roid_suffix}",
        name=f"{a.label.a}.{zone.name}",
        u_label=a.label.u,
        tld=zone.name,
        registrar_id=a.registrar_id,
        created_at=act.now,
        created_by=a.registrar_id,
        expires_at=a.expires_at,
        index_label=a.label.index,
        table_id=zone.table_id,
        tld_set=zone.tld_set,
        members=members_of(a.label, zone, a.traditional),
        uscc=a.uscc,
        registrant_id=a.registrant,
        contacts=a.contacts,
        hosts=tuple(name for name, _ in a.hosts),
        signers=tuple(sorted(a.signers, key=lambda one: (one.key_tag, one.algorithm, one.digest_type, one.digest))),
        statuses=a.statuses,
        auth_hash=a.auth_hash,
        auth_expires_at=a.auth_expires_at,
        graces=(Grace(GraceKind.ADD, act.now + zone.add_grace, a.registrar_id, a.years),),
        ttls=a.ttls,
        verification=a.verification,
    )
