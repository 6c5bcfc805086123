"""What a client on a citizen's own machine asks: the signed set of genuine hosts, and the state of hosts by a prefix of their hash.

Neither tells us which site anybody visits. The set is the same for all; a prefix of four digits is shared by some fifteen thousand
of the thousand million host names in use (k-anonymity), and the answer holds every marked host under it.
"""

import base64
import re

import msgspec
from aiohttp import web

from registry.kernel.errors import Reason, Refusal
from verifier.web.answers import stamp
from verifier.web.desk import Desk
from verifier.web.published import OPEN

PREFIX = re.compile(r"[0-9a-f]{4,6}")  # more digits would point at one host, fewer would cost thousands of lines
SET_CACHE = "public, max-age=60"


async def send_set(desk: Desk, request: web.Request) -> web.Response:
    """``/api/v1/marks/hosts?have=VERSION``: the difference, or everything, with the signed statement about the result."""
    hosts = await desk.hosts.current()
    difference = hosts.difference(request.query.get("have", ""))
    answer = {
        "statement": desk.hosts.statement(),
        "version": hosts.name,
        "base": difference.base,
        "added": base64.b64encode(difference.added).decode(),
        "removed": base64.b64encode(difference.removed).decode(),
    }
    return _json(answer, SET_CACHE)


async def answer_prefix(desk: Desk, request: web.Request) -> web.Response:
    """``/api/v1/verify/prefix/HEX``: every marked host whose SHA-256 begins so, by its whole hash, with its state."""
    prefix = request.match_info["prefix"].lower()
    if not PREFIX.fullmatch(prefix):
        raise Refusal(
            Reason.VALUE_INVALID,
            "请给出主机名 SHA-256 的前 4 至 6 个十六进制数字",
            "give the first 4 to 6 hexadecimal digits of the SHA-256 of the host",
            where="prefix",
            value=prefix[:64],
        )
    desk.allow_question(request.remote)
    hosts = await desk.hosts.current()
    found = [
        {"sha256": digest, "state": mark.state, "mark": mark.id}
        for digest, host in hosts.under(prefix)
        if (mark := desk.questions.snapshot.mark_of_host(host))
    ]
    return _json({"prefix": prefix, "hosts": found, "checked_at": stamp(desk.clock.now())}, "no-cache")


def _json(answer: object, cache: str) -> web.Response:
    headers = {**OPEN, "Cache-Control": cache}
    return web.Response(body=msgspec.json.encode(answer), content_type="application/json", headers=headers)
