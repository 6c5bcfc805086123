"""contact:create (RFC 5733 section 3.2.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from registry.flows.act import Act
from registry.flows.registrar.permission import already_exists, may_not_create
from registry.kernel.db import UniqueViolation
from registry.kernel.errors import Reason, Refusal
from registry.kernel.ids import new_bytes
from registry.model.answer import CreatedContact
from registry.model.contact import Contact, Disclose, Phone, Postal
from registry.model.snapshot import contact_snapshot
from registry.policy.objects.identifier import check_identifier
from registry.policy.objects.postal import check_postal
from registry.policy.objects.reach import check_email, check_phone
from registry.policy.objects.secret import AUTH_LIFE, SALT_OCTETS, check_contact_strength, hashed
from registry.store import contacts


@dataclass(frozen=True, slots=True)
class CreateContact:
    """``postal`` maps ``int`` and/or ``loc``; ``auth`` is the secret in clear, empty for none (RFC 9154)."""

    id: str
    postal: Mapping[str, Postal]
    email: str
    voice: Phone | None = None
    fax: Phone | None = None
    disclose: Disclose | None = None
    auth: str = field(default="", repr=False)


async def create_contact(act: Act, order: CreateContact) -> CreatedContact:
    """Create it for the calling registrar.

    Refuses with ``SYNTAX_INVALID`` (id), ``PARAMETER_MISSING`` (no address), ``VALUE_INVALID`` (address, telephone,
    e-mail), ``POLICY_FORBIDS`` (weak secret), ``ALREADY_EXISTS``, ``NOT_PERMITTED`` (a suspended registrar).
    """
    _check(order)
    contact = Contact(
        roid="",
        id=order.id,
        registrar_id=act.caller.id,
        postal=dict(order.postal),
        email=order.email,
        created_at=act.now,
        created_by=act.caller.id,
        voice=order.voice or Phone(),
        fax=order.fax or Phone(),
        disclose=order.disclose,
        auth_hash=hashed(order.auth, new_bytes(SALT_OCTETS)),
        auth_expires_at=act.now + AUTH_LIFE if order.auth else None,
    )
    try:
        roid = await contacts.add(act.conn, contact, act.config.epp.roid_suffix)
    except UniqueViolation:
        raise already_exists("联系人", "contact", where="id", value=order.id) from None
    if roid is None:
        raise may_not_create(act)
    await act.remember("contact.created", roid, contact_snapshot(replace(contact, roid=roid)), detail={"id": order.id})
    return CreatedContact(order.id, roid, act.now)


def _check(order: CreateContact) -> None:
    check_identifier(order.id)
    if not order.postal:
        raise Refusal(
            Reason.PARAMETER_MISSING,
            "联系人至少要有一个地址（int 或 loc）",
            "a contact needs at least one address (int or loc)",
            where="postalInfo",
        )
    check_postal(order.postal)
    check_phone(order.voice, "voice")
    check_phone(order.fax, "fax")
    check_email(order.email)
    check_contact_strength(order.auth)
