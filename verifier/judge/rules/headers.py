"""Judges security headers and cookies. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from verifier.checks.fact import Observation
from verifier.checks.site import Site
from verifier.judge.finding import Finding
from verifier.judge.known import Known
from verifier.judge.rulebook import found

YEAR = 31_536_000  # seconds
LEAKY = frozenset({"", "unsafe-url", "no-referrer-when-downgrade"})
WIDE = frozenset({"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:"})


def judge(_site: Site, _known: Known, seen: Observation) -> Iterator[Finding]:
    """Rules ``headers.*``."""
    facts = seen.facts
    kept, policy = facts["kept"], facts["policy"]
    if facts["https"]:
        yield from _hsts(seen)
    if not policy:
        yield found("headers.no_policy", seen)
    elif wide := _wide(policy):
        yield found("headers.unsafe_policy", seen, what=wide)
    if "frame-ancestors" not in policy and kept.get("x-frame-options", "").strip().upper() not in {
        "DENY",
        "SAMEORIGIN",
    }:
        yield found("headers.framable", seen)
    if kept.get("x-content-type-options", "").strip().lower() != "nosniff":
        yield found("headers.sniffing", seen)
    if kept.get("referrer-policy", "").split(",")[-1].strip().lower() in LEAKY:
        yield found("headers.referrer", seen)
    loose = [cookie["name"] for cookie in facts["cookies"] if not _is_careful(cookie)]
    if loose:
        yield found("headers.cookies", seen, names=loose)
    if (
        kept.get("access-control-allow-origin") == "*"
        and kept.get("access-control-allow-credentials", "").lower() == "true"
    ):
        yield found("headers.cors", seen)


def _hsts(seen: Observation) -> Iterator[Finding]:
    hsts = seen.facts["hsts"]
    if hsts is None or hsts["max_age"] <= 0:
        yield found("headers.no_hsts", seen)
    elif hsts["max_age"] < YEAR:
        yield found("headers.short_hsts", seen, max_age=hsts["max_age"])


def _wide(policy: Mapping[str, list[str]]) -> list[str]:
    """What lets strangers' scripts in; a nonce or hash makes browsers ignore 'unsafe-inline' (CSP level 3 section 6.7.3.2)."""
    name = "script-src" if "script-src" in policy else "default-src"
    sources = [source.lower() for source in policy.get(name, ["*"])]
    guarded = any(source.startswith(("'nonce-", "'sha256-", "'sha384-", "'sha512-")) for source in sources)
    return [
        f"{name} {source}" for source in sources if source in WIDE and not (guarded and source == "'unsafe-inline'")
    ]


def _is_careful(cookie: Mapping[str, Any]) -> bool:
    """A cookie of a session needs all three, any other ``Secure`` alone."""
    return bool(cookie["secure"] and (not cookie["session"] or (cookie["httponly"] and cookie["samesite"])))
