"""The contacts and hosts that a domain names: that they exist, and may be used."""

from collections.abc import Collection, Iterable, Mapping

from registry.flows.registrar.permission import not_found
from registry.kernel.errors import Reason, Refusal
from registry.model.zone import Zone
from registry.policy.objects.hostname import canonical_host
from registry.store.hosts import Server

MAX_HOSTS = 13  # what a referral can carry; RFC 1035 section 4.2.1 gives 512 octets
CONTACT_TYPES = frozenset({"admin", "tech", "billing"})  # domain:contactAttrType
MAX_CONTACTS = 12  # four of each type


def host_names(names: Iterable[str]) -> tuple[str, ...]:
    """The names in canonical form and order. ``POLICY_FORBIDS`` for one that is given twice, and for too many."""
    canonical = sorted(canonical_host(name, "hostObj") for name in names)
    if len(set(canonical)) != len(canonical):
        twice = next(name for name in canonical if canonical.count(name) > 1)
        raise Refusal(
            Reason.POLICY_FORBIDS, "同一台主机给了两次", "the same host was given twice", where="hostObj", value=twice
        )
    check_host_count(len(canonical))
    return tuple(canonical)


def check_host_count(count: int) -> None:
    """Refuse (``POLICY_FORBIDS``) more hosts than a referral can carry."""
    if count > MAX_HOSTS:
        raise Refusal(
            Reason.POLICY_FORBIDS,
            f"一个域名最多 {MAX_HOSTS} 台主机",
            f"a domain has at most {MAX_HOSTS} hosts",
            where="ns",
            value=str(count),
        )


def usable_servers(names: Iterable[str], servers: Mapping[str, Server]) -> tuple[str, ...]:
    """The ROIDs of the hosts. ``NOT_FOUND`` for one that does not exist, ``POLICY_FORBIDS`` for one of ours without address."""
    roids = []
    for name in names:
        server = servers.get(name)
        if server is None:
            raise not_found("主机", "host", where="hostObj", value=name)
        if server.is_internal and not server.has_glue:
            raise Refusal(
                Reason.POLICY_FORBIDS,
                "主机位于本注册局的域名之下却没有地址，不能用于授权",
                "the host lies below a name of this registry and has no address, so nothing can be delegated to it",
                where="hostObj",
                value=name,
            )
        roids.append(server.roid)
    return tuple(roids)


def check_contacts(
    registrant: str | None, contacts: Collection[tuple[str, str]], known: Collection[str], zone: Zone
) -> None:
    """Refuse contacts where the zone has none (``DATA_POLICY``), unknown types, and contacts that do not exist."""
    if zone.contact_model == "minimum" and (registrant is not None or contacts):
        raise Refusal(
            Reason.DATA_POLICY,
            "这个后缀不登记联系人，请去掉注册人和联系人",
            "this zone keeps no contacts; leave the registrant and the contacts out",
            where="registrant" if registrant is not None else "contact",
            value=zone.name,
        )
    if registrant is not None and registrant not in known:
        raise not_found("联系人", "contact", where="registrant", value=registrant)
    for kind, identifier in sorted(contacts):
        if kind not in CONTACT_TYPES:
            zh, en = "联系人类型只能是 admin、tech 或 billing", "a contact is admin, tech or billing"
            raise Refusal(Reason.VALUE_INVALID, zh, en, where="contact", value=kind)
        if identifier not in known:
            raise not_found("联系人", "contact", where="contact", value=identifier)
    if len(contacts) > MAX_CONTACTS:
        zh, en = f"一个域名最多 {MAX_CONTACTS} 个联系人", f"a domain has at most {MAX_CONTACTS} contacts"
        raise Refusal(Reason.POLICY_FORBIDS, zh, en, where="contact", value=str(len(contacts)))
