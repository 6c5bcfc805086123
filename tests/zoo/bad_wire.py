"""Animals that misbehave below the page: slow, huge, looping, broken TLS, false DNS."""

import asyncio
import gzip
import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import dns.dnssec
import dns.message
import dns.name
import dns.rdatatype
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ed25519

from tests.zoo.animal import MARK, TLD, Animal, Build, page
from tests.zoo.keeper import NOW, Answer, Ask, Handler, Serve, Zoo, old_tls
from tests.zoo.pages import home
from verifier.checks.fact import Outcome
from verifier.checks.site import Declared, Site

GOOD = page(home())
UP = ("availability",)


def raw(*parts: bytes, pause: float = 0.0, abort: bool = False, for_ever: bytes = b"") -> Serve:
    """Writes bytes as they are."""

    async def serve(_: Ask, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        while for_ever:
            writer.write(for_ever)
            await writer.drain()
            await asyncio.sleep(0)
        if abort:
            writer.transport.abort()

    return serve


def hop(location: str, status: int = 302) -> Serve:
    async def serve(ask: Ask, _: object) -> Answer:
        return Answer(
            status=status, headers=(("Location", location.replace("{host}", ask.host).replace("{path}", ask.path)),)
        )

    return serve


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
BOMB = gzip.compress(bytes(60_000_000), 9)


def records(*changes: tuple[str, str, list[str]], rcode: str = "", bogus: bool = False) -> Callable[[Zoo, str], None]:
    """``{host}`` in the names is the animal's."""

    def prepare(zoo: Zoo, host: str) -> None:
        for name, kind, values in changes:
            zoo.records.by[name.replace("{host}", host), kind] = values
        if rcode:
            zoo.records.rcodes[host] = rcode
            zoo.records.by.pop((host, "A"), None)
        if bogus:
            zoo.records.bogus.add(host)

    return prepare


def leaf(**how: object) -> Callable[[Zoo, str], None]:
    def prepare(zoo: Zoo, host: str) -> None:
        zoo.contexts[host] = zoo.authority.context(host, [host], **how)  # type: ignore[arg-type]

    return prepare


def named(name: str) -> Callable[[Zoo, str], None]:
    def prepare(zoo: Zoo, host: str) -> None:
        zoo.contexts[host] = zoo.authority.context(host, [name])

    return prepare


def unknown_root(zoo: Zoo, host: str) -> None:
    zoo.contexts[host] = zoo.stranger.context(f"x-{host}", [host])


RAW_PORTS: dict[str, int] = {}


def at_port(name: str) -> Callable[[Zoo, str], str]:
    return lambda _zoo, host: f"https://{host}:{RAW_PORTS[name]}"


async def _stall(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(4)
    writer.close()


async def _cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10)
    writer.transport.abort()


async def _speak_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(100)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    writer.close()


def _server_hello(version: int, suite: int, compression: int = 0, renegotiation: bool = True) -> bytes:
    extensions = b"\xff\x01\x00\x01\x00" if renegotiation else b""
    body = version.to_bytes(2) + bytes(32) + b"\x00" + suite.to_bytes(2) + bytes([compression])
    body += len(extensions).to_bytes(2) + extensions if extensions else b""
    message = b"\x02" + len(body).to_bytes(3) + body
    return b"\x16" + version.to_bytes(2) + len(message).to_bytes(2) + message


def _old_server(version: int, suites: tuple[int, ...], *, compression: int = 0, renegotiation: bool = True) -> Handler:
    """A server of which only the first word exists: it takes one version and some suites, as museum pieces do."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readexactly(5)
        hello = await reader.readexactly(int.from_bytes(head[3:5]))
        asked = int.from_bytes(hello[4:6])
        size = int.from_bytes(hello[39:41])
        offered = [int.from_bytes(hello[41 + at : 43 + at]) for at in range(0, size, 2)]
        is_13 = b"\x00\x2b\x00\x03\x02\x03\x04" in hello
        chosen = next((suite for suite in suites if suite in offered), None)
        fits = asked == version and not is_13 and chosen is not None
        writer.write(
            _server_hello(version, chosen or 0, compression if hello[41 + size] > 1 else 0, renegotiation)
            if fits
            else b"\x15\x03\x01\x00\x02\x02\x28"
        )
        writer.close()

    return handle


RAW: dict[str, Handler] = {
    "stall": _stall,
    "cut": _cut,
    "http": _speak_http,
    "ssl3": _old_server(0x0300, (0x0005, 0x000A), renegotiation=False),
    "tls10": _old_server(0x0301, (0xC013, 0x002F)),
    "rc4": _old_server(0x0303, (0xC011, 0x0005, 0x002F)),
    "static": _old_server(0x0303, (0x009C,)),
    "compress": _old_server(0x0303, (0xC02F,), compression=1),
}


async def open_ports(zoo: Zoo) -> None:
    """The servers of their own that some animals need."""
    for name, handler in RAW.items():
        RAW_PORTS[name] = await zoo.serve_raw(handler)
    context = old_tls(zoo.authority.context("old", [f"tls-old.{TLD}"]), ssl.TLSVersion.TLSv1)
    RAW_PORTS["old"] = await zoo.serve_raw(_cut, context)
    closed = await asyncio.start_server(_cut, "127.0.0.1", 0)
    RAW_PORTS["closed"] = closed.sockets[0].getsockname()[1]
    closed.close()
    await closed.wait_closed()


def registered(**fields: object) -> Build:
    def build(site: Site, _zoo: Zoo) -> Site:
        assert site.registered is not None
        return replace(site, registered=replace(site.registered, **fields))

    return build


NS = records(
    ("{host}", "A", ["1.2.4.8"]),
    ("{host}", "NS", ["ns1.zoo-dns.com."]),
    ("ns1.zoo-dns.com", "A", ["127.0.0.2"]),
    ("{host}", "SOA", ["ns1.zoo-dns.com. a.zoo-dns.com. 7 1 1 1 1"]),
)


async def _downhill(ask: Ask, _: object) -> Answer:
    return (
        Answer(home())
        if ask.scheme == "http"
        else Answer(status=302, headers=(("Location", f"http://{ask.host}:{{plain}}/"),))
    )


def both(*steps: Callable[[Zoo, str], None]) -> Callable[[Zoo, str], None]:
    def prepare(zoo: Zoo, host: str) -> None:
        for step in steps:
            step(zoo, host)

    return prepare


def signed(*, lasts: timedelta = timedelta(days=20), other_key: bool = False) -> Callable[[Zoo, str], None]:
    """A zone signed for real, whose DS the register holds."""

    def prepare(zoo: Zoo, host: str) -> None:
        key = ed25519.Ed25519PrivateKey.generate()
        shown = dns.dnssec.make_dnskey(key.public_key(), 15, flags=257)
        name = dns.name.from_text(host)
        sets = {
            "DNSKEY": dns.rrset.from_rdata(name, 300, shown),
            "A": dns.rrset.from_text(name, 300, "IN", "A", "1.2.4.8"),
            "SOA": dns.rrset.from_text(name, 300, "IN", "SOA", f"ns1.{host}. a.{host}. 1 1 1 1 1"),
        }
        for kind, rrset in sets.items():
            signature = dns.dnssec.sign(
                rrset, key, name, shown, inception=NOW - timedelta(days=30), expiration=NOW + lasts
            )
            message = dns.message.Message()
            message.answer = [rrset, dns.rrset.from_rdata(name, 300, signature)]
            zoo.records.messages[host, kind] = message
        zoo.records.by.pop((host, "A"), None)
        held = ed25519.Ed25519PrivateKey.generate() if other_key else key
        anchor = dns.dnssec.make_dnskey(held.public_key(), 15, flags=257)
        DS[host] = (dns.dnssec.make_ds(name, anchor, "SHA256").to_text(),)
        if other_key or lasts < timedelta():
            zoo.records.bogus.add(host)
        else:
            zoo.records.secure.add(host)

    return prepare


DS: dict[str, tuple[str, ...]] = {}


def held_ds(site: Site, _zoo: Zoo) -> Site:
    assert site.registered is not None
    return replace(site, registered=replace(site.registered, ds=DS[site.hosts[0]]))


def marked(site: Site, zoo: Zoo) -> Site:
    return replace(site, mark_id=MARK, mark_origin=f"https://marks-zoo.com:{zoo.port}")


BADGE = f'<iframe src="https://marks-zoo.com:{{port}}/badge/{MARK}" width=220 height=72 referrerpolicy=origin sandbox="allow-popups"></iframe>'

WIRE: list[Animal] = [
    # 7: availability
    Animal("slow", UP, {"availability.down"}, raw(HEAD + b"\r\n", pause=5)),
    Animal("mute", UP, {"availability.down"}, raw(b"", pause=5)),
    Animal("drip", UP, {"availability.down"}, raw(HEAD + b"Content-Length: 9999\r\n\r\n", *[b"x"] * 100, pause=0.2)),
    Animal("huge", UP, {"availability.down"}, raw(HEAD + b"\r\n", for_ever=b"x" * 262144)),
    Animal(
        "gzip-bomb",
        UP,
        {"availability.down"},
        raw(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB),
    ),
    Animal(
        "gzip-in-gzip",
        UP,
        {"availability.down"},
        page(gzip.compress(BOMB), headers=(("Content-Encoding", "gzip, gzip"),)),
    ),
    Animal(
        "gzip-many", UP, {"availability.down"}, page(b"x", headers=(("Content-Encoding", "gzip, gzip, gzip, gzip"),))
    ),
    Animal(
        "gzip-torn", UP, {"availability.down"}, page(b"\x1f\x8b\x08\x00broken", headers=(("Content-Encoding", "gzip"),))
    ),
    Animal("endless-header", UP, {"availability.down"}, raw(HEAD, for_ever=b"X-A: " + b"y" * 4000 + b"\r\n")),
    Animal("long-header", UP, {"availability.down"}, raw(HEAD + b"X-A: " + b"y" * 200_000 + b"\r\n\r\n")),
    Animal("no-http", UP, {"availability.down"}, raw(b"SSH-2.0-OpenSSH_9.2\r\n")),
    Animal("empty-reply", UP, {"availability.down"}, raw()),
    Animal("cut-short", UP, {"availability.down"}, raw(HEAD + b"Content-Length: 5000\r\n\r\n<html>", abort=True)),
    Animal("error-500", UP, {"availability.down"}, page("x", status=500)),
    Animal("error-404", UP, {"availability.down"}, page("x", status=404)),
    Animal("refused", UP, {"availability.down"}, GOOD, origin=at_port("closed")),
    Animal("no-name", UP, {"availability.down"}, GOOD, prepare=records(rcode="NXDOMAIN")),
    Animal("servfail", UP, {"availability.down"}, GOOD, prepare=records(rcode="SERVFAIL")),
    Animal("looping", ("availability", "redirects"), {"availability.down", "redirects.loop"}, hop("/{path}")),
    Animal("endless-hops", ("availability",), {"availability.down"}, hop("{path}a")),
    Animal(
        "closed-but-up",
        UP,
        {"availability.closed_but_up"},
        GOOD,
        site=lambda site, _: replace(site, declared=Declared.CLOSED),
    ),
    # where no watch may be sent
    Animal("to-metadata", UP, {"availability.down"}, hop("http://169.254.169.254/latest/meta-data/")),
    Animal("to-private", UP, {"availability.down"}, hop("https://10.0.0.1/")),
    Animal("to-file", UP, {"availability.down"}, hop("file:///etc/passwd")),
    Animal("private-name", UP, {"availability.down"}, GOOD, prepare=records(("{host}", "A", ["192.168.1.1"]))),
    Animal(
        "mapped-name",
        UP,
        {"availability.down"},
        GOOD,
        prepare=records(("{host}", "A", []), ("{host}", "AAAA", ["::ffff:10.0.0.1"])),
    ),
    # 8: redirects
    Animal("leads-away", ("redirects",), {"redirects.leaves", "redirects.detour"}, hop("https://yl9.vip:{port}/")),
    Animal(
        "refresh-away",
        ("redirects",),
        {"redirects.leaves", "redirects.plain"},
        page(home(head='<meta http-equiv=refresh content="0;url=https://yl9.vip/">')),
    ),
    Animal(
        "script-away",
        ("redirects",),
        {"redirects.leaves", "redirects.plain"},
        page(home(extra="<script>setTimeout(()=>location='https://yl9.vip/',100)</script>")),
        rendered=True,
    ),
    Animal("down-to-http", ("redirects",), {"redirects.downgrade", "redirects.plain"}, _downhill),
    Animal("plain-http", ("redirects",), {"redirects.plain"}, GOOD),
    # 9: certificates, broken in ten ways and more
    Animal("expired", ("certificate",), {"certificate.expired"}, GOOD, prepare=leaf(begins=-90, ends=-1)),
    Animal("not-yet", ("certificate",), {"certificate.early"}, GOOD, prepare=leaf(begins=2)),
    Animal("self-signed", ("certificate",), {"certificate.untrusted"}, GOOD, prepare=leaf(self_signed=True)),
    Animal("other-name", ("certificate",), {"certificate.name"}, GOOD, prepare=named("other.example")),
    Animal("unknown-root", ("certificate",), {"certificate.untrusted"}, GOOD, prepare=unknown_root),
    Animal("no-middle", ("certificate",), {"certificate.chain"}, GOOD, prepare=leaf(chain=False)),
    Animal("ending", ("certificate",), {"certificate.ending"}, GOOD, prepare=leaf(begins=-80, ends=7)),
    Animal("weak-key", ("certificate",), {"certificate.weak"}, GOOD, prepare=leaf(weak=True)),
    Animal(
        "half-down",
        ("certificate",),
        {"certificate.address_down"},
        GOOD,
        prepare=records(("{host}", "A", ["127.0.0.1", "127.0.0.9"])),
    ),
    Animal(
        "nobody-may-issue",
        ("certificate",),
        {"certificate.issuer"},
        GOOD,
        prepare=records(("{host}", "CAA", ['0 issue ";"'])),
    ),
    # 10 and below: TLS itself
    Animal("tls-stalls", UP, {"availability.down"}, GOOD, origin=at_port("stall")),
    Animal("tls-cut", UP, {"availability.down"}, GOOD, origin=at_port("cut")),
    Animal("tls-is-http", UP, {"availability.down"}, GOOD, origin=at_port("http")),
    Animal(
        "tls-old",
        ("availability", "tls_versions"),
        {"availability.down", "tls_versions.old", "tls_versions.no_modern", "tls_versions.weak"},
        GOOD,
        origin=at_port("old"),
    ),
    Animal("tls-ssl3", ("tls_versions",), {"tls_versions.old", "tls_versions.no_modern"}, GOOD, origin=at_port("ssl3")),
    Animal("tls-10", ("tls_versions",), {"tls_versions.old", "tls_versions.no_modern"}, GOOD, origin=at_port("tls10")),
    Animal("tls-rc4", ("tls_versions",), {"tls_versions.no_13", "tls_versions.weak"}, GOOD, origin=at_port("rc4")),
    Animal(
        "tls-static",
        ("tls_versions",),
        {"tls_versions.no_13", "tls_versions.no_forward_secrecy"},
        GOOD,
        origin=at_port("static"),
    ),
    Animal(
        "tls-compressed",
        ("tls_versions",),
        {"tls_versions.no_13", "tls_versions.compression"},
        GOOD,
        origin=at_port("compress"),
    ),
    # 1 to 3: names
    Animal("dns-gone", ("delegation",), {"delegation.missing"}, GOOD, prepare=records(rcode="NXDOMAIN")),
    Animal(
        "dns-hijacked",
        ("delegation",),
        {"delegation.foreign_servers"},
        GOOD,
        prepare=both(NS, records(("ns1.right-dns.com", "A", ["127.0.0.3"]), ("ns2.right-dns.com", "A", ["127.0.0.4"]))),
        site=registered(nameservers=("ns1.right-dns.com", "ns2.right-dns.com")),
    ),
    Animal(
        "dns-partly",
        ("delegation",),
        {"delegation.servers_differ"},
        GOOD,
        prepare=both(NS, records(("ns9.zoo-dns.com", "A", ["127.0.0.3"]))),
        site=registered(nameservers=("ns1.zoo-dns.com", "ns9.zoo-dns.com")),
    ),
    Animal(
        "dns-foreign-address",
        ("delegation",),
        {"delegation.foreign_address"},
        GOOD,
        prepare=NS,
        site=lambda site, _: replace(registered(nameservers=("ns1.zoo-dns.com",))(site, _), networks=("9.9.0.0/16",)),
    ),
    Animal(
        "dns-private",
        ("delegation",),
        {"delegation.special_address"},
        GOOD,
        prepare=both(NS, records(("{host}", "A", ["1.2.4.8", "10.1.1.1"]))),
        site=registered(nameservers=("ns1.zoo-dns.com",)),
    ),
    Animal(
        "dns-lame",
        ("delegation",),
        {"delegation.lame"},
        GOOD,
        prepare=both(
            NS,
            records(
                ("{host}", "NS", ["ns1.zoo-dns.com.", "ns2.zoo-dns.com."]), ("ns2.zoo-dns.com", "A", ["127.0.0.9"])
            ),
        ),
        site=registered(nameservers=("ns1.zoo-dns.com", "ns2.zoo-dns.com")),
    ),
    Animal(
        "dns-serials",
        ("delegation",),
        {"delegation.serials"},
        GOOD,
        prepare=both(
            NS,
            records(
                ("{host}", "NS", ["ns1.zoo-dns.com.", "ns3.zoo-dns.com."]),
                ("ns3.zoo-dns.com", "A", ["127.0.0.3"]),
                ("{host}@127.0.0.3", "SOA", ["ns1.zoo-dns.com. a.zoo-dns.com. 6 1 1 1 1"]),
            ),
        ),
        site=registered(nameservers=("ns1.zoo-dns.com", "ns3.zoo-dns.com")),
    ),
    Animal("dnssec-none", ("dnssec",), {"dnssec.unsigned"}, GOOD),
    Animal(
        "dnssec-expired", ("dnssec",), {"dnssec.bogus"}, GOOD, prepare=signed(lasts=timedelta(days=-1)), site=held_ds
    ),
    Animal(
        "dnssec-expiring", ("dnssec",), {"dnssec.expiring"}, GOOD, prepare=signed(lasts=timedelta(days=2)), site=held_ds
    ),
    Animal("dnssec-wrong-ds", ("dnssec",), {"dnssec.bogus"}, GOOD, prepare=signed(other_key=True), site=held_ds),
    Animal(
        "unregistered",
        ("registration",),
        {"registration.gone"},
        GOOD,
        site=lambda site, _: replace(site, registered=None),
    ),
    Animal(
        "other-holder",
        ("registration",),
        {"registration.other_holder"},
        GOOD,
        site=registered(holder_uscc="11440000MB2D00002X"),
    ),
    Animal("on-hold", ("registration",), {"registration.held"}, GOOD, site=registered(statuses=("serverHold",))),
    Animal(
        "registration-ends",
        ("registration",),
        {"registration.expiring"},
        GOOD,
        site=registered(expires_at=NOW + timedelta(days=29)),
    ),
    Animal(
        "former-copied",
        ("registration",),
        {"registration.former_taken"},
        GOOD,
        site=lambda site, _: replace(site, former_names=("former-copied-zoo.com",)),
        prepare=lambda zoo, _: _former(zoo, "former-copied-zoo.com", home()),
    ),
    Animal(
        "former-sold",
        ("registration",),
        {"registration.former_alive"},
        GOOD,
        site=lambda site, _: replace(site, former_names=("former-sold-zoo.com",)),
        prepare=lambda zoo, _: _former(
            zoo, "former-sold-zoo.com", "<html><title>特价商城</title><body>" + "全场商品限时特价欢迎选购" * 10
        ),
    ),
    # 4 to 6: marks
    Animal("mark-record-missing", ("dns_mark",), {"dns_mark.missing"}, GOOD, site=marked),
    Animal(
        "mark-record-other",
        ("dns_mark",),
        {"dns_mark.other"},
        GOOD,
        site=marked,
        prepare=records(("_site-mark.{host}", "TXT", ["v=gm1 id=OTHER h=00"])),
    ),
    Animal(
        "mark-record-insecure",
        ("dns_mark",),
        {"dns_mark.insecure"},
        GOOD,
        site=marked,
        prepare=records(("_site-mark.{host}", "TXT", [f"v=gm1 id={MARK} h=00"])),
    ),
    Animal("badge-missing", ("badge",), {"badge.missing"}, GOOD, site=marked),
    Animal(
        "badge-other", ("badge",), {"badge.other_id"}, page(home(extra=BADGE.replace(MARK, MARK[::-1]))), site=marked
    ),
    Animal(
        "badge-copied",
        ("badge",),
        {"badge.foreign_frame"},
        page(home(extra=BADGE.replace("marks-zoo.com", "yl9.vip"))),
        site=marked,
    ),
    Animal(
        "badge-tiny",
        ("badge",),
        {"badge.unseen"},
        page(home(extra=BADGE.replace("width=220 height=72", "width=20 height=20"))),
        site=marked,
    ),
    Animal(
        "badge-hidden",
        ("badge",),
        {"badge.unseen"},
        page(home(extra=f"<div style='display:none'>{BADGE}</div>")),
        site=marked,
    ),
    Animal(
        "badge-covered",
        ("badge",),
        {"badge.unseen"},
        page(
            home(
                extra=f"<div style='position:relative'>{BADGE}<div style='position:absolute;left:0;top:0;width:400px;height:100px;background:#fff'></div></div>"
            )
        ),
        site=marked,
        rendered=True,
    ),
    Animal("badge-twice", ("badge",), {"badge.several"}, page(home(extra=BADGE * 2)), site=marked),
    Animal(
        "badge-no-referrer",
        ("badge",),
        {"badge.referrer"},
        page(home(extra=BADGE.replace("referrerpolicy=origin", ""))),
        site=marked,
    ),
    Animal("stapled-missing", ("stapled_mark",), {"stapled_mark.missing"}, page("x", status=404), site=marked),
    # 11, 12
    Animal(
        "bare-headers",
        ("headers",),
        {"headers.no_hsts", "headers.no_policy", "headers.framable", "headers.sniffing", "headers.referrer"},
        GOOD,
    ),
    Animal(
        "loose-headers",
        ("headers",),
        {"headers.short_hsts", "headers.unsafe_policy", "headers.cookies", "headers.cors"},
        page(
            home(),
            headers=(
                ("Strict-Transport-Security", "max-age=300"),
                ("Content-Security-Policy", "default-src * 'unsafe-inline'; frame-ancestors 'none'"),
                ("X-Content-Type-Options", "nosniff"),
                ("Referrer-Policy", "same-origin"),
                ("Set-Cookie", "JSESSIONID=1; Path=/"),
                ("Access-Control-Allow-Origin", "*"),
                ("Access-Control-Allow-Credentials", "true"),
            ),
        ),
    ),
    Animal("no-ipv6", ("ipv6",), {"ipv6.missing"}, GOOD),
    Animal(
        "ipv6-dead",
        ("ipv6",),
        {"ipv6.unreachable", "ipv6.servers"},
        GOOD,
        prepare=records(("{host}", "AAAA", ["::1"])),
        origin=lambda zoo, host: f"https://{host}:{zoo.v4_only}",
    ),
    # charset
    Animal(
        "wrong-charset",
        ("tampering",),
        {"tampering.coding"},
        page(home().encode("gbk"), kind="text/html; charset=utf-8"),
    ),
    Animal(
        "wrong-meta", ("tampering",), {"tampering.coding"}, page(home().replace("utf-8", "gb2312"), kind="text/html")
    ),
    # 20
    Animal("copied-site", ("lookalikes",), {"lookalikes.copy"}, page(home()), candidates=("copy-zoo.com",)),
    Animal("name-used", ("lookalikes",), {"lookalikes.name"}, page(home()), candidates=("name-zoo.com",)),
]


def _former(zoo: Zoo, name: str, body: str) -> None:
    zoo.put(name, page(body))


async def _different(ask: Ask, _: object) -> Answer:
    if ask.family == 4:
        return Answer(home())
    return Answer("<html><body>" + "".join(f"<p>系统维护中请稍后访问第{n}次提示信息谢谢合作</p>" for n in range(40)))


WIRE.append(
    Animal(
        "ipv6-other",
        ("ipv6",),
        {"ipv6.differs", "ipv6.servers"},
        _different,
        prepare=records(("{host}", "AAAA", ["::1"])),
    )
)
BLOCKED = [
    Animal(
        "blocked-403",
        (*UP, "tampering", "defacement"),
        set(),
        page("403 Forbidden", status=403),
        outcome=Outcome.BLOCKED,
    ),
    Animal(
        "blocked-challenge",
        (*UP, "tampering"),
        set(),
        page("<script src=/cdn-cgi/challenge-platform/x.js></script>", status=503),
        outcome=Outcome.BLOCKED,
    ),
    Animal(
        "blocked-waf",
        (*UP, "tampering"),
        set(),
        page("<html>您的请求带有不合法参数，已被网站管理员设置拦截</html>", status=405),
        outcome=Outcome.BLOCKED,
    ),
    Animal(
        "blocked-521",
        (*UP, "tampering"),
        set(),
        page("<script>document.cookie='__jsl_clearance=1'</script>", status=521),
        outcome=Outcome.BLOCKED,
    ),
]
