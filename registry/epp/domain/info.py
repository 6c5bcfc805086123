"""domain:info (RFC 5731 section 3.1.2) with grace periods, DS records and the bundle."""

from typing import Literal, cast

from registry.epp.answer import Answer, Piece
from registry.epp.domain import tokens
from registry.epp.domain.bundles import write_bundle
from registry.epp.domain.codes import write_compliance
from registry.epp.domain.dnssec import write_signers
from registry.epp.domain.idn import write_unicode
from registry.epp.domain.launching import INFO, read_application, write_standing
from registry.epp.domain.tokens import write_token
from registry.epp.fields import read_secret, write_statuses, written_client
from registry.epp.markup import NOTHING, element, moment, optional, root, tag
from registry.epp.namespaces import DOMAIN, RGP
from registry.epp.request import Asked
from registry.epp.ttl import write_ttls
from registry.flows.domain.info import InfoDomain
from registry.flows.domain.pending import InfoPending
from registry.model.answer import DomainView, PendingView
from registry.model.application import Stage
from registry.model.domain import Domain
from registry.model.lock import LOCK_STATUSES, LOCK_WORDS

Hosts = Literal["all", "del", "sub", "none"]


def read_domain_info(asked: Asked) -> InfoDomain | InfoPending:
    """Which name, with what secret, and which hosts are wanted; or which application."""
    node = asked.node
    name = node.child("name")
    hosts = name.attribute("hosts", "all") if name is not None else "all"
    is_application, application_id = read_application(asked, INFO)
    if is_application:
        return InfoPending(node.text("name"), application_id)
    return InfoDomain(node.text("name"), read_secret(node), cast("Hosts", hosts), tokens.ASKED in asked.extensions)


def write_domain_info(asked: Asked, view: DomainView | PendingView, language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """``domain:infData``; authInfo is never in it, because only a hash of it is kept (RFC 9154)."""
    if isinstance(view, PendingView):
        return _write_pending(view)
    domain = view.domain
    data = root(
        "domain:infData",
        tag("domain:name", domain.name),
        tag("domain:roid", domain.roid),
        *write_statuses("domain", view.statuses, _reasons(view)),
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
            *write_compliance(asked, view.proof),
            *write_token(view.token),
            *write_ttls(asked, domain.ttls, view.ttl_policy),
        ),
    )


def _reasons(view: DomainView) -> dict[str, str]:
    """The words of the registry beside its statuses; the lock's beside those that only the lock gives."""
    locked = LOCK_STATUSES & (view.statuses - view.domain.statuses)
    return dict.fromkeys(locked, LOCK_WORDS.zh) | dict(view.domain.status_reasons)


def _write_pending(view: PendingView) -> Answer:
    """A name that waits for a reviewer (RFC 8334 section 3.2)."""
    waits = Stage(view.stage).is_waiting
    data = root(
        "domain:infData",
        tag("domain:name", view.name),
        tag("domain:roid", view.roid),
        element("domain:status", s="pendingCreate") if waits else NOTHING,
        optional("domain:registrant", view.registrant_id or ""),
        *(tag("domain:contact", contact, type=kind) for kind, contact in view.contacts),
        element("domain:ns", *(tag("domain:hostObj", host) for host in view.hosts)) if view.hosts else NOTHING,
        tag("domain:clID", view.registrar_id),
        tag("domain:crID", view.registrar_id),
        moment("domain:crDate", view.created_at),
    )
    return Answer(data=Piece(DOMAIN, data), extensions=write_standing(view.id, view.stage))


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
