"""What a visit to a URL brought: every hop as it was seen, and the last body. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Failure(StrEnum):
    """Why a page was not opened. The value is stable: it stands in facts and in statistics."""

    NAME_MISSING = "name_missing"  # NXDOMAIN, or no address
    NAME_FAILED = "name_failed"  # SERVFAIL, no answer
    ADDRESS_REFUSED = "address_refused"  # private or special: we do not go there
    URL_REFUSED = "url_refused"  # another scheme, credentials, a port that is not the web's
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    TIMEOUT = "timeout"
    TLS = "tls"  # no common version or suite, broken handshake
    CERTIFICATE = "certificate"  # the chain, the name or the days are wrong
    PROTOCOL = "protocol"  # not HTTP
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    ENCODING = "encoding"  # a content coding that was not offered or does not decode
    LOOP = "loop"
    TOO_MANY_HOPS = "too_many_hops"


Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Hop:
    """One request and its answer. Times in milliseconds; ``verify_code`` is OpenSSL's when the certificate was refused."""

    url: str
    address: str = ""
    status: int = 0
    headers: Headers = ()
    location: str = ""
    failure: Failure | None = None
    detail: str = ""
    verify_code: int = 0
    resolve_ms: int = 0
    connect_ms: int = 0
    first_byte_ms: int = 0
    total_ms: int = 0

    def header(self, name: str) -> str:
        """The first value of a header, by its name in lower case; empty without one."""
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name: str) -> Iterator[str]:
        """All values of a header."""
        return (value for key, value in self.headers if key == name)


@dataclass(frozen=True, slots=True)
class Fetched:
    """The whole visit. ``body`` is decoded; ``failure`` is that of the last hop."""

    url: str
    hops: tuple[Hop, ...] = field(default_factory=tuple)
    body: bytes = b""
    wire_bytes: int = 0

    @property
    def last(self) -> Hop:
        """Where it ended."""
        return self.hops[-1]

    @property
    def failure(self) -> Failure | None:
        """Why it was not opened."""
        return self.last.failure

    @property
    def status(self) -> int:
        """The last status; 0 when there was none."""
        return self.last.status

    @property
    def final_url(self) -> str:
        """Where the last answer came from."""
        return self.last.url

    @property
    def total_ms(self) -> int:
        """From the first question to the last byte."""
        return sum(hop.total_ms for hop in self.hops)

    @property
    def is_page(self) -> bool:
        """Whether there is a page to look at."""
        return self.failure is None and 200 <= self.status < 300
