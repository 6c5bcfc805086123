"""domain:info (RFC 5731 section 3.1.2) with grace periods, DS records and the bundle."""

from typing import Literal, cast

from registry.epp.answer import Answer, Piece
from registry.epp.domain.bundles import write_bundle
from registry.epp.domain.codes import write_compliance
from registry.epp.domain.dnssec import write_signers
from registry.epp.domain.idn import write_unicode
from registry.epp.fields import read_secret, written_client
from registry.epp.markup import NOTHING, element, moment, optional, root, tag
from registry.epp.namespaces import DOMAIN, RGP
from registry.epp.request import Asked
from registry.flows.domain.info import InfoDomain
from registry.model.answer import DomainView
from registry.model.domain import Domain

Hosts = Literal["all", "del", "sub", "none"]


def read_domain_info(asked: Asked) -> InfoDomain:
    """Which name, with what secret, and which hosts are wanted."""
    node = asked.node
    name = node.child("name")
    hosts = name.attribute("hosts", "all") if name is not None else "all"
    return InfoDomain(node.text("name"), read_secret(node), cast("Hosts", hosts))


def write_domain_info(asked: Asked, view: DomainView, language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """``domain:infData``; authInfo is never in it, because only a hash of it is kept (RFC 9154)."""
    domain = view.domain
    data = root(
        "domain:infData",
        tag("domain:name", domain.name),
        tag("domain:roid", domain.roid),
        *(element("domain:status", s=status) for status in sorted(view.statuses)),
        *_links(domain),
        *_history(domain),
    )
    return Answer(
        data=Piece(DOMAIN, data),
        extensions=(
            *write_signers(domain.signers),
            *_graces(view.rgp_statuses),
            *write_bundle(domain.members, "infData"),
            *write_unicode(domain),
            *write_compliance(asked, domain),
        ),
    )


def _links(domain: Domain) -> list[str]:
    hosts = [tag("domain:hostObj", name) for name in domain.hosts]
    return [
        optional("domain:registrant", domain.registrant_id or ""),
        *(tag("domain:contact", contact, type=kind) for kind, contact in sorted(domain.contacts)),
        element("domain:ns", *hosts) if hosts else NOTHING,
        *(tag("domain:host", name) for name in domain.subordinates),
    ]


def _history(domain: Domain) -> list[str]:
    return [
        tag("domain:clID", domain.registrar_id),
        tag("domain:crID", domain.created_by),
        moment("domain:crDate", domain.created_at),
        optional("domain:upID", written_client(domain.updated_by)),
        moment("domain:upDate", domain.updated_at),
        moment("domain:exDate", domain.expires_at),
        moment("domain:trDate", domain.transferred_at),
    ]


def _graces(statuses: tuple[str, ...]) -> tuple[Piece, ...]:
    if not statuses:
        return ()
    return (Piece(RGP, root("rgp:infData", *(element("rgp:rgpStatus", s=status) for status in statuses))),)
