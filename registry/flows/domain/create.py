"""domain:create (RFC 5731 section 3.2.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from registry.flows.act import Act
from registry.flows.domain.apply import apply_for
from registry.flows.domain.assign import Assignment, assign
from registry.flows.domain.holder import Holder, decide, holder_of
from registry.flows.domain.label import check_script, label_of, members_of, not_our_zone
from registry.flows.domain.referents import check_contacts, host_names, usable_servers
from registry.flows.registrar.permission import already_exists, may_not_create
from registry.flows.token.use import token_missing
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_bytes
from registry.kernel.names import split
from registry.model.answer import CreatedDomain
from registry.model.domain import DelegationKey, DelegationSigner
from registry.model.verification import PresentedCode
from registry.policy.idn.label import Label
from registry.policy.objects.period import extended
from registry.policy.objects.secret import AUTH_LIFE, SALT_OCTETS, check_strength, hashed
from registry.policy.objects.signer import check_agreement, check_signers
from registry.policy.objects.ttl import DOMAIN_TYPES, changed_ttls
from registry.policy.verification import GRACE
from registry.store import domains
from registry.store.domains import Ground


@dataclass(frozen=True, slots=True)
class CreateDomain:
    """``name`` is an A-label FQDN in any case. ``years`` None takes the zone's default.

    ``contacts`` are pairs (``admin`` | ``tech`` | ``billing``, contact id). ``uscc`` is the body for a caller that was
    verified by another way than ``codes``; EPP never
    fills it; REST does after the body's code was checked, because the contract lets a registrar's program name the body there.

    ``traditional`` is the traditional spelling that the applicant wants in the bundle (U-label); empty takes the one that the
    phrases suggest. EPP has no way to name it (RFC 9095), the other doors have.

    ``ttls`` maps NS and DS to seconds (RFC 9803), ``token`` is an allocation token (RFC 8495). ``signer_keys`` are keys that came with
    some of the ``signers``: they must agree, and are not kept.
    """

    name: str
    years: int | None = None
    hosts: tuple[str, ...] = ()
    registrant: str | None = None
    contacts: frozenset[tuple[str, str]] = frozenset()
    auth: str = field(default="", repr=False)
    signers: tuple[DelegationSigner, ...] = ()
    signer_keys: tuple[tuple[DelegationSigner, DelegationKey], ...] = ()
    codes: tuple[PresentedCode, ...] = ()
    uscc: str | None = None
    traditional: str = ""
    ttls: Mapping[str, int | None] = field(default_factory=dict)
    token: str = field(default="", repr=False)


async def create_domain(act: Act, order: CreateDomain) -> CreatedDomain:
    """Assign the name to the body that was verified, or put it before a reviewer (``is_pending``).

    Refuses with ``NAME_INVALID`` (label, zone), ``ALREADY_EXISTS`` (any spelling), ``VERIFICATION_MISSING``,
    ``VERIFICATION_INVALID``, ``NAME_REFUSED`` (with the findings), ``NOT_FOUND`` (contact, host), ``POLICY_FORBIDS`` (a
    host of ours without address; too many; weak secret), ``DATA_POLICY``, ``PARAMETER_MISSING`` (registrant),
    ``VALUE_OUT_OF_RANGE`` (period, DS, TTL), ``VALUE_INVALID``, ``NOT_PERMITTED`` (a suspended registrar; a name that is set aside without
    the allocation token for it, or a token that does not fit).
    """
    label = label_of(order.name)
    hosts = host_names(order.hosts)
    check_signers(order.signers)
    for signer, key in order.signer_keys:
        check_agreement(order.name, signer, key)
    check_strength(order.auth)
    ground = await _ground(act, order, label, hosts)
    assignment = _assignment(act, order, label, hosts, ground)
    holder = await holder_of(act, order.codes, order.uscc, ground.zone)
    if not ground.zone.is_official or _is_operated(act, holder):
        return await assign(act, _held_by(assignment, holder))
    if not holder.uscc:
        return await assign(act, _on_hold(act, assignment))
    await domains.hold_name(act.conn, label.index)
    name = f"{label.a}.{ground.zone.name}"
    _, number, needs_review = await decide(act, name, label.index, holder)
    if needs_review:
        return await apply_for(act, assignment, holder, number)
    return await assign(act, _held_by(assignment, holder, decision=number))


async def _ground(act: Act, order: CreateDomain, label: Label, hosts: tuple[str, ...]) -> Ground:
    wanted = {identifier for _, identifier in order.contacts} | ({order.registrant} if order.registrant else set())
    zone_name = split(order.name)[1].lower()
    ground = await domains.ground(act.conn, zone_name, act.caller.id, label.index, hosts, wanted, act.now)
    if ground is None:
        raise not_our_zone(order.name)
    if ground.registrar_status != "active":
        raise may_not_create(act)
    if ground.is_taken:
        raise already_exists("域名或其异体", "name or another spelling of it", where="name", value=order.name)
    if ground.is_set_aside and not order.token:
        raise token_missing()
    return ground


def _assignment(act: Act, order: CreateDomain, label: Label, hosts: tuple[str, ...], ground: Ground) -> Assignment:
    zone = ground.zone
    check_script(label, zone)
    check_contacts(order.registrant, order.contacts, ground.contacts, zone)
    if zone.contact_model == "maximum" and order.registrant is None and not order.uscc:
        zh, en = "这个后缀要求注册人联系人", "this zone wants a registrant"
        raise Refusal(Reason.PARAMETER_MISSING, zh, en, where="registrant")
    if order.traditional:
        members_of(
            label, zone, order.traditional
        )  # a choice that the table does not allow is refused before anybody decides
    years = zone.default_years if order.years is None else order.years
    return Assignment(
        label=label,
        zone=zone,
        roid_number=ground.roid_number,
        registrar_id=act.caller.id,
        expires_at=extended(act.now, years, act.now),
        years=years,
        uscc="",
        hosts=tuple(zip(hosts, usable_servers(hosts, ground.servers), strict=True)),
        registrant=order.registrant,
        contacts=order.contacts,
        signers=order.signers,
        auth_hash=hashed(order.auth, new_bytes(SALT_OCTETS)),
        auth_expires_at=act.now + AUTH_LIFE if order.auth else None,
        traditional=order.traditional,
        ttls=changed_ttls({}, order.ttls, DOMAIN_TYPES),
        token=order.token,
    )


def _is_operated(act: Act, holder: Holder) -> bool:
    """A name that the registry itself runs (``nic``, conformance objects): an operator's act for no body, never a registrar's."""
    return act.caller.may_override and not holder.uscc


def _held_by(assignment: Assignment, holder: Holder, *, decision: int | None = None) -> Assignment:
    proved = holder.verification | ({"decision": decision} if decision is not None else {})
    return replace(assignment, uscc=holder.uscc, verification=proved)


def _on_hold(act: Act, assignment: Assignment) -> Assignment:
    """A zone with a grace for verification: the name is kept out of the DNS until a body was proved."""
    due = (act.now + GRACE).isoformat()
    return replace(assignment, statuses=frozenset({"serverHold"}), verification={"due": due})
