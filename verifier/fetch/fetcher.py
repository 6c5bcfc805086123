"""Fetches what strangers serve, safely. Theory of operation.

A URL is taken apart, its host is resolved by us, every address is judged (``reach``), and the request goes to one judged address as a literal,
with the name in ``Host`` and in the handshake. No library resolves anything again, so a name that answers differently the second time (DNS
rebinding) gains nothing. Redirects are followed by us, one by one, each judged anew and recorded with its address, status, headers and times.

An address that does not connect gives its turn to the next one, of the same family first; what connects and then fails is the site's answer.
The body is read a piece at a time under a cap on the wire and decoded under caps of its own (``decoding``); one time limit covers everything.
"""

import asyncio
import errno
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Protocol

import aiohttp
from yarl import URL

from registry.kernel.clock import Clock
from verifier.fetch.agents import ordinary_headers
from verifier.fetch.answer import Failure, Fetched, Headers, Hop
from verifier.fetch.decoding import OFFERED, Undone, decode
from verifier.fetch.limits import PAGE, Limits
from verifier.fetch.reach import Reach
from verifier.fetch.trust import looking, verifying
from verifier.fetch.turns import Free, Turns

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_URL = 8192  # characters of an address that is followed
MAX_ADDRESSES = 4  # of one host that are tried for one request


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a name resolves to, or why not."""

    v4: tuple[str, ...] = ()
    v6: tuple[str, ...] = ()
    failure: Failure | None = None


class Resolver(Protocol):
    """Who resolves names."""

    async def resolve(self, host: str) -> Resolved:
        """The addresses of an A-form host."""
        ...


@dataclass(frozen=True, slots=True)
class Errand:
    """One URL to fetch. ``address`` connects there and nowhere else; ``family`` 4 or 6 keeps to one; ``believe`` false looks behind a
    certificate that is refused (the answer is a stranger's then).
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    modified: str = ""
    follow: bool = True
    family: int = 0
    address: str = ""
    believe: bool = True
    limits: Limits = PAGE


@dataclass(slots=True)
class _Read:
    body: bytes = b""
    wire: int = 0


class Fetcher:
    """One per worker; ``close`` it. ``store``: a PEM file of certificates believed beside the machine's."""

    def __init__(
        self,
        clock: Clock,
        resolver: Resolver,
        reach: Reach,
        turns: Turns | None = None,
        store: str = "",
        about: str = "",
    ) -> None:
        self.clock = clock
        self.reach = reach
        self.store = store
        self._resolver = resolver
        self._turns = turns or Free()
        self._ordinary = ordinary_headers(about) if about else ordinary_headers()
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Let go of connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def resolve(self, host: str) -> Resolved:
        """The addresses of a host (A-form, or a literal)."""
        bare = host.strip("[]")
        if ":" in bare:
            return Resolved(v6=(bare,))
        if bare.rpartition(".")[2].isdigit():
            return Resolved(v4=(bare,))
        return await self._resolver.resolve(bare)

    async def fetch(self, errand: Errand) -> Fetched:
        """Bring the page. Never raises for anything that a stranger can do: what went wrong is in the last hop."""
        hops: list[Hop] = []
        read = _Read()
        started = self.clock.monotonic()
        try:
            async with asyncio.timeout(errand.limits.total_seconds):
                await self._walk(errand, hops, read)
        except TimeoutError:
            spent = round((self.clock.monotonic() - started) * 1000)
            if hops and hops[-1].failure is None and hops[-1].status and not hops[-1].total_ms:
                hops[-1] = replace(hops[-1], failure=Failure.TIMEOUT, total_ms=spent)
            else:
                url = hops[-1].location or errand.url if hops else errand.url
                hops.append(Hop(url, failure=Failure.TIMEOUT, total_ms=spent - sum(hop.total_ms for hop in hops)))
        return Fetched(errand.url, tuple(hops), read.body, read.wire)

    async def _walk(self, errand: Errand, hops: list[Hop], read: _Read) -> None:
        url = errand.url
        visited: set[str] = set()
        while True:
            await self._hop(replace(errand, url=url), hops, read)
            hop = hops[-1]
            if hop.failure or hop.status not in REDIRECTS or not hop.header("location"):
                return
            url = join(url, hop.header("location"))
            hops[-1] = replace(hop, location=url)
            if not errand.follow:
                return
            if url in visited:
                hops.append(Hop(url, failure=Failure.LOOP))
                return
            visited.add(url)
            if len(hops) > errand.limits.hops:
                hops.append(Hop(url, failure=Failure.TOO_MANY_HOPS))
                return

    async def _hop(self, errand: Errand, hops: list[Hop], read: _Read) -> None:
        url = parse(errand.url)
        if url is None:
            hops.append(Hop(errand.url, failure=Failure.URL_REFUSED))
            return
        started = self.clock.monotonic()
        addresses, failure = await self._addresses(errand, url)
        resolve_ms = round((self.clock.monotonic() - started) * 1000)
        if failure is not None:
            hops.append(
                Hop(errand.url, ",".join(addresses), failure=failure, resolve_ms=resolve_ms, total_ms=resolve_ms)
            )
            return
        for place, address in enumerate(addresses, 1):
            async with self._turns.turn(url.raw_host or "", address):
                hop = await self._ask(errand, url, address, hops, read)
            unconnected = hop.failure in {Failure.REFUSED, Failure.UNREACHABLE} or (
                hop.failure is Failure.TIMEOUT and not hop.connect_ms
            )
            if not unconnected or place == len(addresses):
                break
        mine = round((self.clock.monotonic() - started) * 1000)
        hops[-1] = replace(hop, resolve_ms=resolve_ms, total_ms=max(mine, 1))

    async def _addresses(self, errand: Errand, url: URL) -> tuple[tuple[str, ...], Failure | None]:
        if errand.address:
            found: tuple[str, ...] = (errand.address,)
        else:
            resolved = await self.resolve(url.raw_host or "")
            if resolved.failure is not None:
                return (), resolved.failure
            found = {4: resolved.v4, 6: resolved.v6}.get(errand.family, resolved.v4 + resolved.v6)
        if not found:
            return (), Failure.NAME_MISSING
        allowed = tuple(one for one in found if self.reach.allows(one, url.port or 0))
        return (allowed[:MAX_ADDRESSES], None) if allowed else (found[:MAX_ADDRESSES], Failure.ADDRESS_REFUSED)

    async def _ask(self, errand: Errand, url: URL, address: str, hops: list[Hop], read: _Read) -> Hop:
        phases = SimpleNamespace(started=self.clock.monotonic(), connected=0.0)
        index = len(hops)
        hop = Hop(errand.url, address)
        try:
            async with self._request(errand, url, address, phases) as response:
                hop = replace(hop, status=response.status, headers=_headers(response), connect_ms=_ms(phases.started, phases.connected),
                              first_byte_ms=_ms(phases.started, self.clock.monotonic()))  # fmt: skip
                hops[index:] = [hop]
                await _take(response, errand, read)
        except Undone as undone:
            hop = replace(hop, failure=undone.failure, detail=undone.detail)
        except (aiohttp.ClientError, OSError, ValueError, TimeoutError) as error:
            if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ServerTimeoutError):
                raise
            hop = _failed(hop, error, _ms(phases.started, phases.connected))
        hops[index:] = [hop]
        return hop

    def _request(
        self, errand: Errand, url: URL, address: str, phases: SimpleNamespace
    ) -> "aiohttp.client._RequestContextManager":
        literal = url.with_host(address)
        headers = {**self._ordinary, "Accept-Encoding": OFFERED, **errand.headers, "Host": _host_header(url)}
        if errand.etag:
            headers["If-None-Match"] = errand.etag
        if errand.modified:
            headers["If-Modified-Since"] = errand.modified
        return self._sessions().request(
            errand.method, literal, headers=headers, allow_redirects=False, trace_request_ctx=phases,
            ssl=(verifying(self.store) if errand.believe else looking()) if url.scheme == "https" else False,
            server_hostname=url.raw_host if url.scheme == "https" else None,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=errand.limits.connect_seconds),
        )  # fmt: skip

    def _sessions(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, force_close=True, use_dns_cache=False, resolver=_NoResolver()),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                requote_redirect_url=False,
                max_line_size=PAGE.header_line_bytes,
                max_field_size=PAGE.header_line_bytes,
                trace_configs=[self._trace()],
            )
        return self._session

    def _trace(self) -> aiohttp.TraceConfig:
        async def connected(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
            context.trace_request_ctx.connected = self.clock.monotonic()

        trace = aiohttp.TraceConfig()
        trace.on_connection_create_end.append(connected)
        return trace


class _NoResolver(aiohttp.abc.AbstractResolver):
    """Connections go to literals; a name that comes here is a mistake of ours."""

    async def resolve(self, host: str, *_: object, **__: object) -> list[aiohttp.abc.ResolveResult]:
        raise OSError(errno.EPERM, f"{host}: the fetcher resolves names itself")

    async def close(self) -> None:
        """Nothing is held."""


async def _take(response: aiohttp.ClientResponse, errand: Errand, read: _Read) -> None:
    if errand.method == "HEAD" or response.status in REDIRECTS or response.status == 304:
        return
    parts: list[bytes] = []
    size = 0
    while part := await response.content.readany():
        size += len(part)
        if size > errand.limits.body_bytes:
            read.wire = size
            raise Undone(Failure.TOO_LARGE, f"more than {errand.limits.body_bytes} bytes")
        parts.append(part)
    read.wire = size
    read.body = decode(b"".join(parts), response.headers.get("Content-Encoding", ""), errand.limits)


def parse(text: str) -> URL | None:
    """The URL in the form that is fetched, host in A-form; ``None`` for what is not an ``http`` or ``https`` address of a host."""
    try:
        url = URL(text.strip())
        if len(text) > MAX_URL or url.scheme not in {"http", "https"} or not url.raw_host or url.user or url.password:
            return None
        return url.with_fragment(None) if url.port else None
    except (ValueError, UnicodeError):
        return None


def join(base: str, reference: str) -> str:
    """Where a reference on ``base`` leads; the reference itself when it cannot be read."""
    try:
        return str(URL(base).join(URL(reference.strip())).with_fragment(None))
    except (ValueError, UnicodeError):
        return reference[:MAX_URL]


def _host_header(url: URL) -> str:
    host = url.raw_host or ""
    host = f"[{host}]" if ":" in host else host
    return host if url.is_default_port() else f"{host}:{url.port}"


def _headers(response: aiohttp.ClientResponse) -> Headers:
    return tuple(
        (key.decode("latin-1").lower(), value.decode("utf-8", "replace")) for key, value in response.raw_headers
    )


def _ms(start: float, end: float) -> int:
    return max(1, round((end - start) * 1000)) if end else 0


_CLASSES: tuple[tuple[tuple[type[BaseException], ...], Failure], ...] = (
    ((aiohttp.ClientSSLError, ssl.SSLError), Failure.TLS),
    ((aiohttp.ServerTimeoutError,), Failure.TIMEOUT),
    ((ConnectionRefusedError,), Failure.REFUSED),
    ((aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, ConnectionError), Failure.RESET),
    ((aiohttp.ClientResponseError, ValueError), Failure.PROTOCOL),
)


def _failed(hop: Hop, error: Exception, connect_ms: int) -> Hop:
    """The hop with the class of its failure."""
    detail = str(error)[:200]
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        code = getattr(error.certificate_error, "verify_code", 0)
        text = getattr(error.certificate_error, "verify_message", detail)
        return replace(hop, failure=Failure.CERTIFICATE, detail=text, verify_code=code, connect_ms=connect_ms)
    inner = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error.__cause__
    for kinds, failure in _CLASSES:
        if isinstance(error, kinds) or isinstance(inner, kinds):
            return replace(hop, failure=failure, detail=detail, connect_ms=connect_ms)
    return replace(hop, failure=Failure.UNREACHABLE, detail=detail, connect_ms=connect_ms)
