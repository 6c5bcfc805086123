"""Check 6: the signed mark that the site carries at its well-known place, on every host."""

import asyncio
from datetime import UTC, datetime

from registry.kernel.errors import Refusal
from verifier.checks.domains import host_of
from verifier.checks.fact import Seen
from verifier.checks.visit import Visit, digest
from verifier.fetch.blocking import blocked_by
from verifier.fetch.fetcher import Errand, join
from verifier.fetch.limits import SMALL
from verifier.marks.credential import MAX_TOKEN_BYTES, check_credential

PATH = "/.well-known/site-mark.jwt"
MAX_HOSTS = 8  # of one mark that are asked in one round


async def observe(visit: Visit) -> Seen:
    """Facts: ``hosts``, each with status, size, whether the token is believed, whose it is and when it ends."""
    if not visit.site.mark_id:
        return visit.not_run("stapled_mark", "no_mark")
    found = await asyncio.gather(*(_host(visit, host) for host in visit.site.hosts[:MAX_HOSTS]))
    bodies = [("token", token, "application/trust-mark+jwt") for _, token in found if token]
    return visit.seen("stapled_mark", {"hosts": [facts for facts, _ in found]}, *bodies)


async def _host(visit: Visit, host: str) -> tuple[dict[str, object], bytes]:
    base = visit.site.origin if host == host_of(visit.site.origin + "/") else f"https://{host}"
    answer = await visit.tools.fetcher.fetch(Errand(join(base + "/", PATH), limits=SMALL))
    facts: dict[str, object] = {
        "host": host,
        "status": answer.status,
        "failure": str(answer.failure or ""),
        "blocked": blocked_by(answer.last, answer.body),
        "size": len(answer.body),
        "final_host": host_of(answer.final_url),
    }
    if not answer.is_page or len(answer.body) > MAX_TOKEN_BYTES:
        return facts, b""
    token = answer.body.strip()
    return {**facts, "digest": digest(token), **_believed(visit, host, token)}, token


def _believed(visit: Visit, host: str, token: bytes) -> dict[str, object]:
    if not visit.tools.believed_marks:
        return {"believed": None}  # this worker holds no key of the issuer: nothing can be said
    try:
        claims = check_credential(token.decode("ascii", "replace"), visit.tools.believed_marks, visit.at, host)
    except Refusal as refusal:
        return {"believed": False, "why_zh": refusal.text.zh, "why_en": refusal.text.en}
    return {
        "believed": True,
        "id": claims.get("mid", ""),
        "expires_at": datetime.fromtimestamp(claims["exp"], UTC).isoformat(),
    }
