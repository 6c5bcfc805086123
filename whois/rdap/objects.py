"""Domains, name servers and entities as RDAP objects (RFC 9083, section 5): records in, JSON out (pure)."""

from ipaddress import ip_address
from typing import Any

from registry.kernel.names import to_u
from registry.published.records import (
    BodyDetail,
    BodyRecord,
    ContactRecord,
    DomainRecord,
    HostRecord,
    RegistrarRecord,
    ServerRecord,
)
from whois.disclosure import Party, Role, Shown, Viewer, contact_of, people_of
from whois.lines import instant
from whois.rdap.jcard import abuse_card, party_card, registrar_card
from whois.rdap.jscontact import party_jscard, registrar_jscard
from whois.rdap.members import Asker, Json, answer, domain_notices, events, link
from whois.rdap.redaction import redactions
from whois.rdap.statuses import rdap_statuses
from whois.words import BODY_STATUS

REGISTRAR_ID = "IANA Registrar ID"  # the type that the profile (2.4.3) wants
# What searches speak beside the standard (RFC 8977, 8982, 9536).
EXTENSIONS = ("sorting", "paging", "subsetting", "reverse_search")
REVERSE_PROPERTIES = "reverse_search_properties"
REVERSED = ("fn", "handle", "email", "role")
BODY_ID = "统一社会信用代码 Unified Social Credit Code (GB 32100)"


def domain_object(record: DomainRecord, asker: Asker) -> Json:
    """A domain, shown as the member of the bundle that was asked for; the other members are its variants."""
    domain, shown = record.domain, people_of(record, asker.viewer_of(record))
    body: Json = {
        "objectClassName": "domain",
        "handle": domain.roid,
        **_names(record.asked.name, record.asked.unicode),
        "status": rdap_statuses((*record.statuses(asker.now), *record.grace_statuses(asker.now))),
        "events": events(
            asker,
            ("registration", domain.created_at),
            ("expiration", domain.expires_at),
            ("last changed", domain.updated_at),
            ("transfer", domain.transferred_at),
        ),
        "secureDNS": _secure_dns(record),
        "nameservers": [_server(server, asker) for server in record.servers],
        "entities": [_registrar_entity(record.registrar, asker), *(_party_entity(one, asker) for one in shown.parties)],
        "links": [link(asker, "self", asker.href("domain", record.asked.name)), *_pages(record, asker)],
    }
    return answer(asker, {**body, **_variants(record), **_past(record), **_redacted(shown)}, domain_notices(asker))


def host_object(host: HostRecord, asker: Asker) -> Json:
    """A name server."""
    body: Json = {
        "objectClassName": "nameserver",
        "handle": host.roid,
        **_names(host.name, to_u(host.name)),
        **_addresses(host.addresses),
        "status": rdap_statuses(host.statuses(asker.now)),
        "events": events(asker, ("registration", host.created_at), ("last changed", host.updated_at)),
        "entities": [_sponsor(host.registrar, asker)],
        "links": [link(asker, "self", asker.href("nameserver", host.name))],
    }
    return answer(asker, body)


def registrar_object(registrar: RegistrarRecord, asker: Asker) -> Json:
    """A registrar by its handle (profile, 3.1)."""
    return answer(
        asker,
        {**_registrar_entity(registrar, asker), "events": events(asker, ("registration", registrar.created_at))},
    )


def contact_object(contact: ContactRecord, asker: Asker) -> Json:
    """A contact by its ROID, as far as it is shown."""
    viewer = asker.viewer(contact.registrar_id)
    party = contact_of(contact, viewer)
    entity = _party_entity(party, asker)
    entity["events"] = events(asker, ("registration", contact.created_at), ("last changed", contact.updated_at))
    if viewer is Viewer.PUBLIC:
        entity["remarks"] = [
            {"title": "REDACTED FOR PRIVACY", "description": ["个人信息不公开。", "Personal data is not shown."]}
        ]
    return answer(asker, entity)


def body_object(detail: BodyDetail, asker: Asker) -> Json:
    """A public body by its code, with links to its names."""
    body = detail.body
    names = [link(asker, "related", asker.href("domain", one.name)) for one in detail.domains]
    party = Party(role=Role.REGISTRANT, body=body, name=body.name, organization=body.name)
    return answer(
        asker,
        {
            "objectClassName": "entity",
            "handle": body.uscc,
            **_cards(asker, party_card(party), party_jscard(party, body.uscc)),
            "roles": [Role.REGISTRANT.value],
            "publicIds": [{"type": BODY_ID, "identifier": body.uscc}],
            "status": ["active" if body.alive else "removed"],
            "events": events(asker),
            "remarks": [{"description": _body_words(body)}],
            "links": [link(asker, "self", asker.href("entity", body.uscc)), *names],
        },
    )


def help_object(asker: Asker) -> Json:
    """What this service answers (RFC 9082, section 3.1.6)."""
    paths = (
        "domain/{name}",
        "nameserver/{name}",
        "entity/{IANA id | USCC | ROID}",
        "…?jscard=1  (RFC 9553)   …?fieldSet=id | brief | full  (RFC 8982)",
        "help",
        "bootstrap/dns.json",
        "domains?name= | nsLdhName= | nsIp=  (Bearer)",
        "domains/reverse_search/entity?fn= | handle= | email= & role=  (Bearer)",
        "nameservers?name= | ip=  (Bearer)",
        "entities?fn= | handle=  (Bearer)",
    )
    notice = {
        "title": "正名 Zhengming RDAP",
        "description": [
            "查询 .政务 与 .公益 的名称、域名服务器、注册服务机构和机构；中文与 xn-- 形式均可。",
            "Look-ups of names under .政务 and .公益, name servers, registrars and public bodies; U-labels and A-labels alike.",
            *(f"{asker.public_url}/rdap/{path}" for path in paths),
        ],
        "links": [link(asker, "about", asker.public_url + "/lookup", "text/html")],
    }
    body = answer(asker, _searches() if asker.bearer else {})
    if asker.bearer:
        body["rdapConformance"] = [*body["rdapConformance"], *EXTENSIONS]
    body["notices"] = [notice, *body["notices"]]
    return body


def _searches() -> Json:
    """What searches can be reversed by, told to those who may search (RFC 9536, section 3)."""
    resources = {"searchableResourceType": "domains", "relatedResourceType": "entity"}
    return {REVERSE_PROPERTIES: [{**resources, "property": one} for one in REVERSED]}


def _cards(asker: Asker, jcard: list[Any], jscard: Json) -> Json:
    return {"vcardArray": jcard, **({"jscard": jscard} if asker.jscard else {})}


def _names(name: str, unicode: str) -> Json:
    return {"ldhName": name} if name == unicode else {"ldhName": name, "unicodeName": unicode}


def _pages(record: DomainRecord, asker: Asker) -> list[Json]:
    return [link(asker, "alternate", f"{asker.public_url}/lookup?q={record.asked.name}", "text/html")]


def _past(record: DomainRecord) -> Json:
    """What its body was called before, and the bodies that held the name before it, as remarks (RFC 9083, section 4.3)."""
    remarks = []
    if record.former_names:
        remarks.append({"title": "曾用名 Former names of the registrant", "description": list(record.former_names)})
    if record.past_holders:
        held = [f"{one.name} {one.uscc} {instant(one.until)}".strip() for one in record.past_holders]
        remarks.append({"title": "曾持有机构 Previous registrants", "description": held})
    return {"remarks": remarks} if remarks else {}


def _secure_dns(record: DomainRecord) -> Json:
    signers = record.domain.signers
    if not signers:
        return {"delegationSigned": False}
    ds = [
        {
            "keyTag": one.key_tag,
            "algorithm": one.algorithm,
            "digestType": one.digest_type,
            "digest": one.digest.hex().upper(),
        }
        for one in signers
    ]
    return {"delegationSigned": True, "dsData": ds}


def _server(server: ServerRecord, asker: Asker) -> Json:
    return {
        "objectClassName": "nameserver",
        "handle": server.roid,
        **_names(server.name, to_u(server.name)),
        **_addresses(server.addresses),
        "links": [link(asker, "self", asker.href("nameserver", server.name))],
    }


def _addresses(addresses: tuple[str, ...]) -> Json:
    found: dict[str, list[str]] = {}
    for address in addresses:
        found.setdefault(f"v{ip_address(address).version}", []).append(address)
    return {"ipAddresses": found} if found else {}


def _sponsor(registrar: RegistrarRecord, asker: Asker) -> Json:
    """A registrar beside an object that is no domain: the profile (4.3) wants its handle and no public identifiers."""
    return {
        "objectClassName": "entity",
        "handle": registrar.handle,
        "roles": ["registrar"],
        **_cards(asker, registrar_card(registrar), registrar_jscard(registrar)),
        "links": [link(asker, "related", asker.href("entity", registrar.handle))],
    }


def _registrar_entity(registrar: RegistrarRecord, asker: Asker) -> Json:
    entity: Json = {
        "objectClassName": "entity",
        "handle": registrar.handle,
        "roles": ["registrar"],
        **_cards(asker, registrar_card(registrar), registrar_jscard(registrar)),
        "entities": [{"objectClassName": "entity", "roles": ["abuse"], "vcardArray": abuse_card(registrar)}],
        "links": [link(asker, "self", asker.href("entity", registrar.handle))],
    }
    if registrar.iana_id:
        entity["publicIds"] = [{"type": REGISTRAR_ID, "identifier": registrar.handle}]
    if registrar.url:
        # the profile (2.4.6) turns it round: the value is the registrar's own address
        about = {"value": registrar.url, "rel": "about", "href": registrar.url, "type": "text/html"}
        entity["links"] = [*entity["links"], about]
    return entity


def _party_entity(party: Party, asker: Asker) -> Json:
    uid = party.body.uscc if party.body else party.handle or party.role.value
    cards = _cards(asker, party_card(party), party_jscard(party, uid))
    entity: Json = {"objectClassName": "entity", "roles": [party.role.value], **cards}
    handle = party.body.uscc if party.body else party.handle
    if party.handle:
        entity["handle"] = party.handle
    if party.body:
        entity["publicIds"] = [{"type": BODY_ID, "identifier": party.body.uscc}]
        entity["remarks"] = [{"description": _body_words(party.body)}]
    if handle:
        entity["links"] = [link(asker, "related" if party.body else "self", asker.href("entity", handle))]
    return entity


def _body_words(body: BodyRecord) -> list[str]:
    """Kind, place, authority and life of a body, for which RDAP has no members."""
    status = BODY_STATUS[body.status]
    facts = (
        (f"类别：{body.kind_zh}", f"Kind: {body.kind_en}"),
        (f"所在地：{body.place_zh}", "") if body.place_zh else None,
        (f"登记机关：{body.authority}", "") if body.authority else None,
        (f"状态：{status.zh}", f"Status: {status.en}"),
    )
    return [" / ".join(filter(None, fact)) for fact in facts if fact]


def _variants(record: DomainRecord) -> Json:
    others = [member for member in record.domain.members if member.name != record.asked.name]
    if not others:
        return {}
    names = [{"ldhName": member.name, "unicodeName": member.unicode} for member in others]
    return {
        "variants": [
            {"relation": ["registered", "conjoined"], "idnTable": record.domain.table_id, "variantNames": names}
        ]
    }


def _redacted(shown: Shown) -> Json:
    found = redactions(shown)
    return {"redacted": found} if found else {}
