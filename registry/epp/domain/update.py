"""domain:update (RFC 5731 section 3.2.5, RFC 5910 section 5.2.5)."""

from registry.epp.domain.codes import read_codes
from registry.epp.domain.dnssec import read_added, read_keys, read_removed
from registry.epp.domain.fields import read_contacts, read_hosts
from registry.epp.fields import read_secret, read_statuses
from registry.epp.request import Asked
from registry.epp.ttl import UPDATE, read_ttls
from registry.epp.xml_node import Node
from registry.flows.domain.update import UpdateDomain


def read_domain_update(asked: Asked) -> UpdateDomain:
    """The order. That it changes something is the flow's question."""
    node = asked.node
    added, removed, changed = node.child("add"), node.child("rem"), node.child("chg")
    removed_signers, removes_all = read_removed(asked)
    return UpdateDomain(
        name=node.text("name"),
        add_hosts=read_hosts(added),
        rem_hosts=read_hosts(removed),
        add_contacts=read_contacts(added),
        rem_contacts=read_contacts(removed),
        add_statuses=read_statuses(added),
        rem_statuses=read_statuses(removed),
        add_signers=read_added(asked),
        signer_keys=read_keys(asked),
        rem_signers=removed_signers,
        rem_all_signers=removes_all,
        registrant=changed.text("registrant") if changed is not None and changed.has("registrant") else None,
        auth=_changed_secret(changed),
        ttls=read_ttls(asked, UPDATE),
        codes=read_codes(asked),
    )


def _changed_secret(changed: Node | None) -> str | None:
    holder = changed.child("authInfo") if changed is not None else None
    if holder is not None and holder.has("null"):
        return ""
    return read_secret(changed)
