"""What programs need in order to check a mark without us: keys, status lists, the signed statement itself."""

from datetime import timedelta

from aiohttp import web

from registry.kernel.errors import Reason, Refusal
from verifier.marks.credential import Claims, sign_credential
from verifier.marks.keys import jwks
from verifier.marks.states import STATE_WORDS, MarkState
from verifier.marks.statuslist import CONTENT_TYPE
from verifier.marks.store import Mark
from verifier.web.desk import Desk

OPEN = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}  # any page may fetch these
KEYS_CACHE = "public, max-age=3600"  # a new key is published 30 days before it is used
LIST_CACHE = "public, max-age=5"  # shields us from a rush; how long a reader may rely on a list stands in its ttl
CREDENTIAL_TYPE = "application/trust-mark+jwt"


def credential_of(desk: Desk, mark: Mark) -> str:
    """Today's signed statement of a mark in force; ``STATUS_FORBIDS`` for any other."""
    if mark.state is not MarkState.VALID:
        zh, en = STATE_WORDS[mark.state]
        raise Refusal(
            Reason.STATUS_FORBIDS,
            f"标识{zh}，不签发凭证",
            f"the mark is {en}; no credential is signed",
            where="mark",
            value=mark.id,
        )
    claims = Claims(
        issuer=desk.config.public_url,
        mark_id=mark.id,
        origin=mark.origin,
        hosts=mark.hosts,
        body_name=mark.body_name,
        uscc=mark.uscc,
        look=mark.look,
        issued_at=mark.issued_at,
        status_list=mark.status_list,
        status_slot=mark.status_slot,
    )
    return sign_credential(claims, desk.key, desk.clock.now(), timedelta(days=desk.config.mark.token_days))


async def show_keys(desk: Desk, _: web.Request) -> web.Response:
    """``/.well-known/jwks.json``."""
    headers = {**OPEN, "Cache-Control": KEYS_CACHE}
    return web.Response(body=jwks(desk.key.public), content_type="application/jwk-set+json", headers=headers)


async def show_status_list(desk: Desk, request: web.Request) -> web.Response:
    """``/status/N``."""
    token = await desk.lists.token(int(request.match_info["number"]))
    return web.Response(text=token, content_type=CONTENT_TYPE, headers={**OPEN, "Cache-Control": LIST_CACHE})
