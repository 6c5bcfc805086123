"""Check 10: which versions and suites of TLS the site speaks, by hellos of our own (about seven connections)."""

from verifier.checks.fact import Seen
from verifier.checks.visit import Visit
from verifier.fetch import hello
from verifier.fetch.fetcher import parse
from verifier.fetch.hello import FORWARD_SECRET, STATIC, SUITES_13, WEAK, HelloReply, ask_hello

_CLASSIC = FORWARD_SECRET + STATIC + tuple(WEAK)
_PLAN: tuple[tuple[int, tuple[int, ...]], ...] = (
    (hello.TLS13, SUITES_13),
    (hello.TLS12, _CLASSIC),
    (hello.TLS11, _CLASSIC),
    (hello.TLS10, _CLASSIC),
    (hello.SSL3, _CLASSIC),
)


async def observe(visit: Visit) -> Seen:
    """Facts: ``versions`` (name to whether it is spoken, with which suite), ``weak`` suites, ``static`` (no forward secrecy), ``compression``."""
    url = parse(visit.site.origin + "/")
    host = (url.raw_host if url else "") or ""
    port = (url.port if url else None) or 443
    found = await visit.tools.fetcher.resolve(host)
    allowed = [one for one in (*found.v4, *found.v6) if visit.tools.fetcher.reach.allows(one, port)]
    if not allowed:
        return visit.not_run("tls_versions", str(found.failure or "address_refused"))
    try:
        facts = await _probe(allowed[0], port, host)
    except (OSError, TimeoutError):
        return visit.not_run("tls_versions", "no_connection")
    return visit.seen("tls_versions", facts)


async def _probe(address: str, port: int, host: str) -> dict[str, object]:
    versions: dict[str, object] = {}
    best = HelloReply()
    for version, suites in _PLAN:
        reply = await ask_hello(address, port, host, version, suites, compress=version == hello.TLS12)
        spoken = reply.version == version
        versions[hello.VERSION_NAMES[version]] = {"spoken": spoken, "suite": f"0x{reply.suite:04x}" if spoken else ""}
        best = reply if spoken and version == hello.TLS12 else best
    weak = await _weak(address, port, host, versions)
    static = await ask_hello(address, port, host, hello.TLS12, STATIC)
    return {
        "address": address,
        "versions": versions,
        "weak": weak,
        "static": static.version == hello.TLS12,
        "static_preferred": best.suite in STATIC,
        "compression": best.compression != 0,
        "secure_renegotiation": best.renegotiation_info or best.version == 0,
    }


async def _weak(address: str, port: int, host: str, versions: dict[str, object]) -> list[str]:
    """The suites of shame that it takes: the one it likes best is taken off the list until it takes none."""
    found: list[str] = []
    old = [
        one
        for one in (hello.TLS12, hello.TLS10)
        if versions[hello.VERSION_NAMES[one]] != {"spoken": False, "suite": ""}
    ]
    for version in old[:1]:
        left = tuple(WEAK)
        while left and len(found) < 4:  # four are proof enough, and every one is a connection
            reply = await ask_hello(address, port, host, version, left)
            if reply.version != version or reply.suite not in left:
                break
            found.append(WEAK[reply.suite])
            left = tuple(one for one in left if one != reply.suite)
    return found
