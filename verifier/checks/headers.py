"""Check 11: what the site tells browsers about its own safety. The parsers are pure."""

from collections.abc import Mapping

from verifier.checks.fact import Seen
from verifier.checks.visit import Visit

_KEPT = ("strict-transport-security", "content-security-policy", "content-security-policy-report-only", "x-frame-options", "x-content-type-options",
         "referrer-policy", "permissions-policy", "access-control-allow-origin", "access-control-allow-credentials", "server", "x-powered-by",
         "cross-origin-opener-policy", "cross-origin-resource-policy")  # fmt: skip
MAX_COOKIES = 50
_SESSION_WORDS = ("sess", "sid", "token", "auth", "login", "jsession", "passport")


def parse_policy(text: str) -> Mapping[str, list[str]]:
    """Directives to sources; the first of two equal directives counts (CSP level 3 section 2.2.1)."""
    found: dict[str, list[str]] = {}
    for part in text.split(";"):
        name, *sources = part.split() or [""]
        if name:
            found.setdefault(name.lower(), sources)
    return found


def parse_cookie(text: str) -> Mapping[str, object]:
    """Name and flags of a ``Set-Cookie``; the value is never kept."""
    pair, *attributes = text.split(";")
    flags = {name.strip().lower(): value.strip() for name, _, value in (one.partition("=") for one in attributes)}
    name = pair.partition("=")[0].strip()[:100]
    return {
        "name": name,
        "secure": "secure" in flags,
        "httponly": "httponly" in flags,
        "samesite": flags.get("samesite", "").lower(),
        "session": any(word in name.lower() for word in _SESSION_WORDS),
    }


def parse_hsts(text: str) -> Mapping[str, object]:
    """``max_age`` in seconds (-1 when it is not a number) and the flags (RFC 6797 section 6.1)."""
    parts = {
        name.strip().lower(): value.strip().strip('"')
        for name, _, value in (one.partition("=") for one in text.split(";"))
    }
    age = parts.get("max-age", "")
    return {"max_age": int(age) if age.isdigit() and len(age) < 12 else -1, "subdomains": "includesubdomains" in parts}


async def observe(visit: Visit) -> Seen:
    """Facts: ``kept`` headers, parsed ``policy``, ``hsts`` and ``cookies`` of the last answer."""
    home = await visit.home()
    if why := await visit.why_no_page():
        return visit.not_run("headers", why)
    last = home.last
    kept = {name: last.header(name)[:4000] for name in _KEPT if last.header(name)}
    facts = {
        "https": home.final_url.startswith("https:"),
        "kept": kept,
        "policy": parse_policy(kept.get("content-security-policy", "")),
        "hsts": parse_hsts(kept["strict-transport-security"]) if "strict-transport-security" in kept else None,
        "cookies": [parse_cookie(text) for text in list(last.all("set-cookie"))[:MAX_COOKIES]],
    }
    raw = "\n".join(f"{key}: {value}" for key, value in last.headers if key != "set-cookie").encode()
    return visit.seen("headers", facts, ("headers", raw, "text/plain"))
