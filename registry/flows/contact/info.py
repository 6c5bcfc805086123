"""contact:info (RFC 5733 section 3.1.2)."""

from dataclasses import dataclass, field

from registry.flows.act import Act
from registry.flows.registrar.permission import is_sponsor, not_found, require_sponsor
from registry.kernel.errors import Reason, Refusal
from registry.model.contact import Contact, contact_as_of
from registry.policy.objects.secret import matches
from registry.store import contacts


@dataclass(frozen=True, slots=True)
class InfoContact:
    """``auth`` is the authorization information in clear, None when none was sent."""

    id: str
    auth: str | None = field(default=None, repr=False)


async def info_contact(act: Act, order: InfoContact) -> Contact:
    """The contact, to its sponsor or with the right authorization information only.

    ``registry.model.contact.statuses_of`` gives its statuses. Refuses with ``NOT_FOUND``, ``AUTHINFO_WRONG`` (one was
    sent and it is wrong or over), ``NOT_PERMITTED``.
    """
    stored = await contacts.find(act.conn, order.id)
    if stored is None:
        raise not_found("联系人", "contact", where="id", value=order.id)
    contact = contact_as_of(stored, act.now)
    if is_sponsor(act, contact.registrar_id):
        return contact
    if not order.auth:
        require_sponsor(act, contact.registrar_id, where="id", value=order.id)
    else:
        check_contact_auth(act, contact, order.auth)
    return contact


def check_contact_auth(act: Act, contact: Contact, secret: str | None) -> None:
    """Refuse (``AUTHINFO_WRONG``) a secret that is wrong, expired or not set at all (RFC 9154 section 4.4)."""
    is_alive = contact.auth_expires_at is None or act.now < contact.auth_expires_at
    if not secret or not is_alive or not matches(secret, contact.auth_hash):
        raise Refusal(
            Reason.AUTHINFO_WRONG,
            "授权信息不正确、已过期或未设置",
            "the authorization information is wrong, expired or not set",
            where="authInfo",
            value=contact.id,
        )
