"""What a form sent: read with bounds, cleaned of what no text holds, and believed only with the token of the page it came from."""

import base64
import hmac
import re
from collections.abc import Mapping

from aiohttp import web

from registry.kernel.errors import Reason, Refusal

FORM_TYPE = "application/x-www-form-urlencoded"
FIELD = "csrf"
FOREIGN_SITES = frozenset(
    {"cross-site", "same-site"}
)  # Fetch Metadata, section 2.3: another site, another host of ours
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


async def read_form(request: web.Request) -> Mapping[str, str]:
    """The fields, the first of each name, without control characters and marks that turn the order of text.

    Refuses with SYNTAX_INVALID what is no form.
    """
    if request.content_type != FORM_TYPE:
        raise _no_form()
    try:
        sent = await request.post()
    except (LookupError, ValueError) as error:
        raise _no_form() from error
    fields: dict[str, str] = {}
    for name, value in sent.items():
        if isinstance(value, str):
            fields.setdefault(name, clean(value))
    return fields


def clean(text: str) -> str:
    """Text as it can be kept and shown: no control characters but line breaks and tabs, no marks that turn its order."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def form_token(secret: str) -> str:
    """The token that the forms of a page carry: bound to the session, or the pass, that the page was made for."""
    return (
        base64.urlsafe_b64encode(hmac.digest(secret.encode(), b"zhengming portal form", "sha256")).decode().rstrip("=")
    )


def check_token(request: web.Request, form: Mapping[str, str], secret: str) -> None:
    """Refuse (NOT_PERMITTED) a form that did not come from a page of ours made for this very visitor."""
    is_ours = hmac.compare_digest(form.get(FIELD, "").encode(), form_token(secret).encode()) and secret
    if not is_ours or request.headers.get("Sec-Fetch-Site") in FOREIGN_SITES:
        raise Refusal(
            Reason.NOT_PERMITTED,
            "表单不是从本系统的页面提交的，或页面已经过期，请返回后重新填写",
            "the form did not come from a page of ours, or the page is out of date; please go back and try again",
            where=FIELD,
        )


def _no_form() -> Refusal:
    return Refusal(Reason.SYNTAX_INVALID, "提交的不是表单", "what was sent is no form", where="body")
