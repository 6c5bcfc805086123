"""The headers that every answer carries, and the rule that public pages set no cookies.

They are put on when an answer is about to be sent, so that files, streams, errors and redirects have them as
well. A handler that needs another policy sets the header itself (the badge, whose ``frame-ancestors`` are the
hosts of its mark) and is left alone. Sources: CSP Level 3; RFC 6797 (HSTS); the Fetch standard for ``nosniff``
and the cross-origin policies.
"""

from aiohttp import web

from registry.kernel.log import get_logger

COOKIE_PATHS = ("/portal/",)  # only people who sign in have a session; citizens are never given anything to carry
HSTS_SECONDS = 63_072_000  # two years, as the preload lists ask
PERMISSIONS = ", ".join(
    f"{name}=()"
    for name in (
        "accelerometer", "autoplay", "camera", "display-capture", "fullscreen", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "usb",
    )
)  # fmt: skip


def content_policy(frame_ancestors: str = "'none'") -> str:
    """The content security policy of a page: everything from ourselves, nothing inline, framed by nobody unless
    said.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {frame_ancestors}",
        )
    )


HEADERS = {
    "Content-Security-Policy": content_policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
SERVER = "zhengming"  # says nothing of versions


class SecureHeaders:
    """The signal handler for ``app.on_response_prepare``."""

    def __init__(self, *, https: bool) -> None:
        self._https = https

    async def __call__(self, request: web.Request, response: web.StreamResponse) -> None:
        """Complete the headers of one answer."""
        response.headers["Server"] = SERVER
        own_policy = "Content-Security-Policy" in response.headers
        for name, value in HEADERS.items():
            if not (own_policy and name == "X-Frame-Options"):
                response.headers.setdefault(name, value)
        if self._https:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={HSTS_SECONDS}; includeSubDomains")
        if "Set-Cookie" in response.headers and not request.path.startswith(COOKIE_PATHS):
            get_logger().error("cookie on a public page dropped", path=request.path, names=sorted(response.cookies))
            response.headers.popall("Set-Cookie")
