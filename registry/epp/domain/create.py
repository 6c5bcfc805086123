"""domain:create (RFC 5731 section 3.2.1) with DS records, verification codes and the bundle in the answer."""

from registry.epp.answer import Answer, Piece
from registry.epp.domain.bundles import write_bundle
from registry.epp.domain.codes import read_codes
from registry.epp.domain.dnssec import read_created, read_keys
from registry.epp.domain.fields import read_contacts, read_hosts, read_years
from registry.epp.domain.idn import check_unicode
from registry.epp.domain.launching import check_phase, write_created
from registry.epp.domain.tokens import read_token
from registry.epp.fields import read_secret
from registry.epp.markup import moment, root, tag
from registry.epp.namespaces import DOMAIN
from registry.epp.request import Asked
from registry.epp.results import Code
from registry.epp.ttl import CREATE, read_ttls
from registry.flows.domain.create import CreateDomain
from registry.model.answer import CreatedDomain


def read_domain_create(asked: Asked) -> CreateDomain:
    """The order. What the registrar claims about the body is taken from verification codes only."""
    check_phase(asked)
    check_unicode(asked)
    node = asked.node
    return CreateDomain(
        name=node.text("name"),
        years=read_years(node),
        hosts=read_hosts(node),
        registrant=node.text("registrant") or None,
        contacts=read_contacts(node),
        auth=read_secret(node) or "",
        signers=read_created(asked),
        signer_keys=read_keys(asked),
        codes=read_codes(asked),
        ttls=read_ttls(asked, CREATE),
        token=read_token(asked),
    )


def write_domain_create(asked: Asked, created: CreatedDomain, language: str) -> Answer:  # noqa: ARG001  # one signature for all
    """1000 with the dates; 1001 when a reviewer must decide first."""
    data = root(
        "domain:creData",
        tag("domain:name", created.name),
        moment("domain:crDate", created.created_at),
        moment("domain:exDate", created.expires_at),
    )
    code = Code.PENDING if created.is_pending else Code.OK
    extensions = (*write_bundle(created.members, "creData"), *write_created(created.application_id))
    return Answer(code, Piece(DOMAIN, data), extensions)
