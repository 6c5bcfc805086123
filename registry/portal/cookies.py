"""The three cookies of the portal: the session, the device, and the pass to the sign-in form. None is ever read by a script.

All are bound to ``/portal``, so that public pages never see them (``__Host-`` would want ``/``), to this very site
(SameSite=Strict) and, where the site has TLS, to TLS, which the prefix ``__Secure-`` makes browsers enforce (RFC 6265bis,
section 4.1.3).
"""

from dataclasses import dataclass

from aiohttp import web

PATH = "/portal"
DEVICE_SECONDS = 365 * 24 * 3600
MAX_COOKIE = 128  # characters of a token that are looked at; ours have 43


@dataclass(frozen=True, slots=True)
class Cookies:
    """``secure`` is whether the site is reached by https."""

    secure: bool

    def name(self, kind: str) -> str:
        """The cookie's name for ``session``, ``device`` or ``entry``."""
        return f"{'__Secure-' if self.secure else ''}zhengming-{kind}"

    def read(self, request: web.Request, kind: str) -> str:
        """Its value, empty when there is none or it cannot be ours."""
        value = request.cookies.get(self.name(kind), "")
        return value if len(value) <= MAX_COOKIE and value.isascii() else ""

    def write(self, answer: web.StreamResponse, kind: str, value: str, seconds: int | None = None) -> None:
        """Set it, until the browser closes or for ``seconds``."""
        answer.set_cookie(
            self.name(kind), value, max_age=seconds, path=PATH, secure=self.secure, httponly=True, samesite="Strict"
        )

    def drop(self, answer: web.StreamResponse, kind: str) -> None:
        """Have the browser forget it."""
        answer.del_cookie(self.name(kind), path=PATH, secure=self.secure, httponly=True, samesite="Strict")
