"""contact:update (RFC 5733 section 3.2.5)."""

from dataclasses import replace
from typing import Any

from registry.epp.contact.fields import read_disclose, read_phone, read_postal
from registry.epp.fields import read_secret, read_statuses
from registry.epp.request import Asked
from registry.epp.xml_node import Node
from registry.flows.act import Act
from registry.flows.contact.info import InfoContact, info_contact
from registry.flows.contact.update import UpdateContact, update_contact
from registry.kernel.errors import Reason, Refusal
from registry.model.contact import Postal


def read_contact_update(asked: Asked) -> UpdateContact:
    """The order; ``PARAMETER_MISSING`` when the command changes nothing at all. Forms may be partial, see :func:`change_contact`."""
    node = asked.node
    changed = node.child("chg")
    order = UpdateContact(
        node.text("id"),
        read_statuses(node.child("add")),
        read_statuses(node.child("rem")),
        **(_changes(changed) if changed is not None else {}),
    )
    if order == UpdateContact(order.id):
        raise Refusal(Reason.PARAMETER_MISSING, "命令没有要求任何变更", "the command asks for no change")
    return order


async def change_contact(act: Act, order: UpdateContact) -> None:
    """A ``chg`` may hold parts of a postal form (RFC 5733 section 3.2.5): what it leaves out stays as it is."""
    if order.postal is not None and any(_is_partial(form) for form in order.postal.values()):
        held = await info_contact(act, InfoContact(order.id))
        merged = {name: _merged(held.postal.get(name), form) for name, form in order.postal.items()}
        order = replace(order, postal=merged)
    await update_contact(act, order)


def _is_partial(form: Postal) -> bool:
    return not form.name or not form.city


def _merged(held: Postal | None, form: Postal) -> Postal:
    if held is None:
        return form
    with_address = form if form.city else replace(held, name=form.name, org=form.org)
    return replace(with_address, name=form.name or held.name, org=form.org or held.org)


def _changes(changed: Node) -> dict[str, Any]:
    return {
        "postal": read_postal(changed) or None,
        "voice": read_phone(changed, "voice"),
        "fax": read_phone(changed, "fax"),
        "email": changed.text("email") or None,
        "disclose": read_disclose(changed),
        "auth": read_secret(changed),
    }
