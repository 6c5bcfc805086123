"""domain:info (RFC 5731 section 3.1.2)."""

from dataclasses import dataclass, field, replace
from typing import Literal

from registry.flows.act import Act
from registry.flows.domain.proof import proof_of
from registry.flows.registrar.permission import is_sponsor, not_found
from registry.kernel.errors import Reason, Refusal
from registry.model.answer import DomainView
from registry.model.domain import Domain, rgp_statuses_at, statuses_at
from registry.model.life import as_of
from registry.policy.objects.secret import matches
from registry.policy.objects.ttl import DOMAIN_TYPES, ttl_policy
from registry.store import domains, tokens

Hosts = Literal["all", "del", "sub", "none"]


@dataclass(frozen=True, slots=True)
class InfoDomain:
    """``name`` may be any member of a bundle (RFC 9095). ``hosts`` is the attribute of RFC 5731 section 3.1.2.

    ``wants_token``: the sponsor asks for the allocation token that a transfer of the name wants (RFC 8495 section 3.1.2).
    """

    name: str
    auth: str | None = field(default=None, repr=False)
    hosts: Hosts = "all"
    wants_token: bool = False


async def info_domain(act: Act, order: InfoDomain) -> DomainView:
    """The domain as this caller may see it now.

    Refuses with ``NOT_FOUND``, and ``AUTHINFO_WRONG`` when a secret was sent that is wrong.
    """
    found = await domains.find(act.conn, order.name.lower())
    if found is None:
        raise not_found("域名", "domain", where="name", value=order.name)
    stored, zone = found
    domain = as_of(stored, act.now, zone)
    is_full = is_sponsor(act, domain.registrar_id) or act.caller.may_override
    if order.auth and not is_full:
        check_auth(act, domain, order.auth)
        is_full = True
    return DomainView(
        domain=_shown(domain, order.hosts, is_full=is_full),
        statuses=statuses_at(domain, act.now),
        rgp_statuses=rgp_statuses_at(domain, act.now, zone.deadlines),
        is_full=is_full,
        proof=proof_of(domain, zone, act.now, is_full=is_full),
        token=await _token(act, domain) if order.wants_token else "",
        ttl_policy=ttl_policy(DOMAIN_TYPES, act.config.dns.ttl),
    )


async def _token(act: Act, domain: Domain) -> str:
    if not is_sponsor(act, domain.registrar_id):
        zh, en = "只有管理该域名的机构可以查看分配令牌", "only the sponsor sees the allocation token"
        raise Refusal(Reason.NOT_PERMITTED, zh, en, where="allocationToken", value=domain.name)
    found = await tokens.live_transfer(act.conn, domain.tld, domain.index_label, act.now)
    if not found:
        raise not_found("分配令牌", "allocation token", where="allocationToken", value=domain.name)
    return found[0][0]


def check_auth(act: Act, domain: Domain, secret: str | None) -> None:
    """Refuse (``AUTHINFO_WRONG``) a secret that is wrong, expired or not set at all (RFC 9154 section 4.4)."""
    is_alive = domain.auth_expires_at is None or act.now < domain.auth_expires_at
    if not secret or not is_alive or not matches(secret, domain.auth_hash):
        raise Refusal(
            Reason.AUTHINFO_WRONG,
            "授权信息不正确、已过期或未设置",
            "the authorization information is wrong, expired or not set",
            where="authInfo",
            value=domain.name,
        )


def _shown(domain: Domain, hosts: Hosts, *, is_full: bool) -> Domain:
    shown = replace(
        domain,
        hosts=domain.hosts if hosts in ("all", "del") else (),
        subordinates=domain.subordinates if is_full and hosts in ("all", "sub") else (),
    )
    return shown if is_full else replace(shown, registrant_id=None, contacts=frozenset())
