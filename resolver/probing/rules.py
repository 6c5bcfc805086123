"""What a delegation must be: one ordered list of rules, each pure, each looking at the facts for one thing.

The rules are those of Zonemaster's test plan that concern a zone below ours (rst.md section 3: connectivity, consistency, delegation,
name server), by our own code, so that a registrant hears them before the delegation is published and not after.
"""

import ipaddress
from collections.abc import Callable, Iterable, Iterator

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from resolver.probing.facts import (
    ELSEWHERE,
    LATER_EDNS,
    SERVERS,
    SOA_TCP,
    SOA_UDP,
    Facts,
    Heard,
    Seen,
    address_question,
    is_below,
)
from resolver.probing.finding import Finding, error, notice, warning
from resolver.probing.gathering import addresses_of
from resolver.probing.signatures import judge_signatures

Rule = Callable[[Facts], Iterable[Finding]]

MIN_SERVERS = 2  # RFC 1034 section 4.1, RFC 2182
IPV4_NETWORK, IPV6_NETWORK = 24, 48  # what one provider announces as one: servers there fall together
TROUBLES = {
    "timeout": ("没有应答", "does not answer"),
    "refused": ("拒绝连接", "refuses connections"),
    "unreachable": ("无法到达", "cannot be reached"),
    "malformed": ("应答格式错误", "answers malformed"),
}


def enough_servers(facts: Facts) -> Iterator[Finding]:
    """At least two, so that one may fail."""
    number = len(facts.proposal.servers)
    if number < MIN_SERVERS:
        yield error(
            "too_few_servers", f"只有 {number} 台域名服务器，至少需要两台", f"{number} name server; two are needed"
        )


def names_lead_somewhere(facts: Facts) -> Iterator[Finding]:
    """Every server's name has addresses, and is no alias (RFC 2181 section 10.3)."""
    for server in facts.proposal.servers:
        where = facts.resolved.get(server.name)
        if is_below(server.name, facts.proposal.zone) and not server.addresses:
            yield error(
                "glue_missing",
                "服务器在本域名之下，必须填写地址",
                "lies below the name itself and needs addresses",
                server.name,
            )
        elif where is not None and not where.addresses:
            yield error("name_without_address", "服务器名称查不到地址", "its name has no address", server.name)
        if where is not None and where.is_alias:
            yield error(
                "name_is_alias",
                "服务器名称是别名（CNAME），不允许",
                "its name is an alias (CNAME), which is not allowed",
                server.name,
            )


def addresses_are_public(facts: Facts) -> Iterator[Finding]:
    """Private, loopback and documentation addresses are nobody's on the Internet."""
    for server, address in facts.not_asked:
        yield error(
            "address_not_public",
            "地址不是互联网公网地址",
            "the address is not one of the public Internet",
            f"{server} ({address})",
        )


def servers_answer(facts: Facts) -> Iterator[Finding]:
    """Every address over UDP and over TCP (RFC 7766)."""
    for seen in facts.seen:
        for transport, question in (("UDP", SOA_UDP), ("TCP", SOA_TCP)):
            heard = seen.to(question)
            if heard.message is None:
                zh, en = TROUBLES[heard.trouble]
                yield error(f"no_{transport.lower()}", f"{transport} 查询{zh}", f"{en} over {transport}", seen.place)


def servers_have_authority(facts: Facts) -> Iterator[Finding]:
    """AA, NOERROR and the SOA of this very zone: anything else is a lame delegation."""
    for seen in facts.alive:
        message = _said(seen.to(SOA_UDP)) or _said(seen.to(SOA_TCP))
        if message is None:
            continue
        if message.rcode() != dns.rcode.NOERROR:
            code = dns.rcode.to_text(message.rcode())
            yield error(
                "lame", f"服务器不提供本域名（应答 {code}）", f"does not serve the name (answers {code})", seen.place
            )
        elif not message.flags & dns.flags.AA:
            yield error("not_authoritative", "应答没有权威标志", "answers without authority", seen.place)
        elif _soa(facts, seen) is None:
            yield error("no_soa", "应答中没有本域名的 SOA 记录", "has no SOA of the name", seen.place)


def servers_agree(facts: Facts) -> Iterator[Finding]:
    """One SOA and one NS set everywhere; serials may differ for the moment of a transfer."""
    soas = [soa for seen in facts.alive if (soa := _soa(facts, seen)) is not None]
    if len({soa[0].serial for soa in soas}) > 1:
        serials = ", ".join(sorted({str(soa[0].serial) for soa in soas}))
        yield warning(
            "serials_differ", f"各服务器的 SOA 序列号不一致：{serials}", f"the servers' serials differ: {serials}"
        )
    if (
        len({(soa[0].mname, soa[0].rname, soa[0].refresh, soa[0].retry, soa[0].expire, soa[0].minimum) for soa in soas})
        > 1
    ):
        yield warning("soas_differ", "各服务器的 SOA 记录不一致", "the servers' SOA records differ")
    sets = {frozenset(named) for seen in facts.alive if (named := _named(facts, seen)) is not None}
    if len(sets) > 1:
        yield error("server_sets_differ", "各服务器返回的 NS 记录不一致", "the servers' NS records differ")


def child_agrees(facts: Facts) -> Iterator[Finding]:
    """The zone's own NS set is what shall be delegated to."""
    wanted = {server.name for server in facts.proposal.servers}
    for seen in facts.alive:
        named = _named(facts, seen)
        if named is None:
            continue
        for missing in sorted(wanted - named):
            yield error(
                "server_not_in_zone",
                f"区内的 NS 记录没有 {missing}",
                f"the zone's NS records lack {missing}",
                seen.place,
            )
        for other in sorted(named - wanted):
            yield warning(
                "server_not_delegated",
                f"区内的 NS 记录还有 {other}，未在此填写",
                f"the zone also has NS {other}",
                seen.place,
            )


def glue_agrees(facts: Facts) -> Iterator[Finding]:
    """The glue is what the zone itself says of its servers."""
    for server in facts.proposal.servers:
        if not is_below(server.name, facts.proposal.zone):
            continue
        for seen in facts.alive:
            four, six = (seen.to(address_question(server.name, kind)).message for kind in ("A", "AAAA"))
            if four is None or six is None:
                continue
            found = {address for message in (four, six) for address in _addresses(message, server.name)}
            if {_canonical(each) for each in found} != {_canonical(each) for each in server.addresses}:
                said = "、".join(sorted(found)) or "—"
                yield error("glue_differs", f"{server.name} 在区内的地址是 {said}，与所填不同",
                            f"in the zone {server.name} has {said}, not what is delegated", seen.place)  # fmt: skip


def no_recursion(facts: Facts) -> Iterator[Finding]:
    """A name server of a zone answers for its zones only: an open resolver is a weapon for others (RFC 5358)."""
    for seen in facts.alive:
        message = seen.to(ELSEWHERE).message
        if message is None or not message.flags & dns.flags.RA:
            continue
        if message.answer:
            yield error("open_resolver", "服务器向任何人提供递归解析", "resolves any name for anybody", seen.place)
        else:
            yield warning("recursion_offered", "应答声称提供递归解析", "says that it offers recursion", seen.place)


def speaks_edns(facts: Facts) -> Iterator[Finding]:
    """EDNS is answered with EDNS, and a later version with BADVERS (RFC 6891 section 6.1.3)."""
    for seen in facts.alive:
        message = seen.to(SOA_UDP).message
        if message is not None and message.edns < 0:
            yield warning("no_edns", "不支持 EDNS", "does not speak EDNS", seen.place)
            continue
        later = seen.to(LATER_EDNS)
        if later.message is None:
            yield warning(
                "edns_version_dropped", "对更高版本的 EDNS 没有应答", "is silent to a later version of EDNS", seen.place
            )
        elif later.message.rcode() != dns.rcode.BADVERS:
            yield notice(
                "edns_version_ignored",
                "对更高版本的 EDNS 没有回答 BADVERS",
                "does not answer BADVERS to a later EDNS",
                seen.place,
            )


def servers_are_apart(facts: Facts) -> Iterator[Finding]:
    """Not all in one address or one network; and reachable over IPv6 too."""
    servers = facts.proposal.servers
    addresses = [ipaddress.ip_address(each) for server in servers for each in addresses_of(server, facts.resolved)]
    for version, length in ((4, IPV4_NETWORK), (6, IPV6_NETWORK)):
        here = {each for each in addresses if each.version == version}
        networks = {ipaddress.ip_network(f"{each}/{length}", strict=False) for each in here}
        if len(here) == 1 and len(servers) > 1 and sum(each.version == version for each in addresses) > 1:
            yield error(
                "one_address", f"所有服务器在同一个 IPv{version} 地址", f"all servers have one IPv{version} address"
            )
        elif len(here) > 1 and len(networks) == 1:
            only = next(iter(networks))
            yield warning("one_network", f"所有服务器在同一个网段 {only}", f"all servers lie in one network, {only}")
    if addresses and not any(each.version == 6 for each in addresses):
        yield notice("no_ipv6", "没有服务器支持 IPv6", "no server has an IPv6 address")


RULES: tuple[Rule, ...] = (
    enough_servers,
    names_lead_somewhere,
    addresses_are_public,
    servers_answer,
    servers_have_authority,
    servers_agree,
    child_agrees,
    glue_agrees,
    judge_signatures,
    no_recursion,
    speaks_edns,
    servers_are_apart,
)


def judge(facts: Facts) -> list[Finding]:
    """Everything that is at fault, in the order of the rules."""
    return [finding for rule in RULES for finding in rule(facts)]


def _said(heard: Heard) -> dns.message.Message | None:
    return heard.message


def _soa(facts: Facts, seen: Seen) -> dns.rrset.RRset | None:
    for question in (SOA_UDP, SOA_TCP):
        message = seen.to(question).message
        if message is None:
            continue
        for rrset in message.answer:
            if rrset.rdtype == dns.rdatatype.SOA and rrset.name == _name(facts.proposal.zone):
                return rrset
    return None


def _named(facts: Facts, seen: Seen) -> set[str] | None:
    """The zone's own NS set at an address; None when it has none to show."""
    message = seen.to(SERVERS).message
    if message is None:
        return None
    zone = _name(facts.proposal.zone)
    sets = [each for each in message.answer if each.rdtype == dns.rdatatype.NS and each.name == zone]
    return {rdata.target.to_text(omit_final_dot=True).lower() for each in sets for rdata in each} if sets else None


def _addresses(message: dns.message.Message, name: str) -> Iterator[str]:
    for rrset in message.answer:
        if rrset.name == _name(name) and rrset.rdtype in (dns.rdatatype.A, dns.rdatatype.AAAA):
            yield from (each.address for each in rrset)


def _canonical(address: str) -> str:
    return str(ipaddress.ip_address(address))


def _name(text: str) -> dns.name.Name:
    return dns.name.from_text(f"{text}.")
