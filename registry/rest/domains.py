"""``/api/v1/domains``: register a name, look at it, set its name servers."""

from ipaddress import ip_address
from typing import Annotated

import msgspec

from registry.flows.act import Act
from registry.flows.delegation.set_servers import Server, SetServers, set_servers
from registry.flows.domain.info import InfoDomain, info_domain
from registry.flows.host.addresses import AddressText
from registry.flows.idempotency.once import Outcome
from registry.flows.registration.register_name import Refused, Registered, RegisterName, Waiting, register_name
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import map_people, to_a, to_u
from registry.model.answer import DomainView
from registry.rest.door import Answer, Asked, Door, act_as_client, to_json
from registry.rest.name_checks import MAX_CODE, MAX_NAME
from registry.rest.reading import storable
from registry.rest.refusals import refused_name

PATH = "/api/v1/domains"
MAX_SERVERS = 13  # what fits a referral of 512 octets, and the limit of RFC 5731's practice
MAX_ADDRESSES = 16  # of one host; more than two of each family is rare
MAX_HOST = 255

Name = Annotated[str, msgspec.Meta(max_length=MAX_NAME)]
Address = Annotated[str, msgspec.Meta(max_length=64)]


class NewDomain(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """``period`` is in years; absent, the zone's default. ``traditional``: the traditional spelling, absent the proposed one."""

    name: Name
    uscc: Annotated[str, msgspec.Meta(max_length=MAX_CODE)]
    period: Annotated[int, msgspec.Meta(ge=1, le=10)] | None = None
    traditional: Name = ""


class NameServer(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """``addresses`` belong to hosts below our own names only; absent, those of an existing host stay."""

    name: Annotated[str, msgspec.Meta(max_length=MAX_HOST)]
    addresses: Annotated[list[Address], msgspec.Meta(max_length=MAX_ADDRESSES)] | None = None


class NameServers(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """All servers of the domain; an empty list takes it out of the zone."""

    nameservers: Annotated[list[NameServer], msgspec.Meta(max_length=MAX_SERVERS)]


async def create(door: Door, asked: Asked) -> Answer:
    """201 with the domain, 202 with an application that a reviewer decides, 422 with the findings."""
    order = asked.order(NewDomain)

    async def work(act: Act) -> Outcome:
        wanted = RegisterName(storable(order.name), storable(order.uscc), order.period, storable(order.traditional))
        made = await register_name(act, wanted)
        match made:
            case Registered():
                return Outcome(201, to_json(_rendered(await info_domain(act, InfoDomain(made.name)))))
            case Waiting():
                return Outcome(202, to_json(_waiting(made)))
            case Refused():
                return refused_name(made.decision, door.base_url)

    return Answer.of(await act_as_client(door, asked, work), PATH, "a_label")


async def show(door: Door, asked: Asked) -> Answer:
    """The domain as the token's registrar may see it."""
    name = _name(asked)

    async def work(act: Act) -> Outcome:
        return Outcome(200, to_json(_rendered(await info_domain(act, InfoDomain(name)))))

    return Answer.of(await act_as_client(door, asked, work))


async def replace_servers(door: Door, asked: Asked) -> Answer:
    """Make the domain's servers exactly those that were sent."""
    name = _name(asked)
    order = asked.order(NameServers)
    servers = tuple(_server(one) for one in order.nameservers)
    if len({one.name for one in servers}) != len(servers):
        raise Refusal(Reason.VALUE_INVALID, "名称服务器重复", "a name server is listed twice", where="nameservers")

    async def work(act: Act) -> Outcome:
        return Outcome(200, to_json(_rendered(await set_servers(act, SetServers(name, servers)))))

    return Answer.of(await act_as_client(door, asked, work))


def _name(asked: Asked) -> str:
    text = asked.part("name")
    try:
        return to_a(map_people(text).text)
    except ValueError as error:
        zh, en = "域名不合规范", "this is not a valid domain name"
        raise Refusal(Reason.NAME_INVALID, zh, en, where="name", value=text) from error


def _server(sent: NameServer) -> Server:
    try:
        name = to_a(sent.name)
    except ValueError as error:
        zh, en = "名称服务器的主机名不合规范", "the name of a name server is not valid"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="nameservers.name", value=sent.name) from error
    if sent.addresses is None:
        return Server(name)
    return Server(name, tuple(_address(text) for text in sent.addresses))


def _address(text: str) -> AddressText:
    try:
        parsed = ip_address(text)
    except ValueError as error:
        zh, en = "IP 地址不合规范", "an IP address is not valid"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="nameservers.addresses", value=text) from error
    return AddressText(str(parsed), f"v{parsed.version}")


def _waiting(made: Waiting) -> dict[str, object]:
    return {
        "id": made.application_id,
        "application_id": made.application_id,
        "state": "submitted",
        "name": to_u(made.name),
        "a_label": made.name,
    }


def _rendered(view: DomainView) -> dict[str, object]:
    """The domain as JSON; what the caller may not see is absent, not empty."""
    domain = view.domain
    told: dict[str, object] = {
        "name": to_u(domain.name),
        "a_label": domain.name,
        "registrar": domain.registrar_id,
        "uscc": domain.uscc,
        "statuses": sorted(view.statuses),
        "rgp_statuses": list(view.rgp_statuses),
        "bundle": [{"name": one.unicode, "a_label": one.name, "role": one.role} for one in domain.members],
        "created_at": domain.created_at,
        "updated_at": domain.updated_at,
        "expires_at": domain.expires_at,
    }
    if view.is_full:
        told["nameservers"] = list(domain.hosts)
        told["ds"] = [
            {
                "key_tag": one.key_tag,
                "algorithm": one.algorithm,
                "digest_type": one.digest_type,
                "digest": one.digest.hex(),
            }
            for one in domain.signers
        ]
    return told
