"""The registry as a province's program sees it: a token, batches sent until they are answered, over one connection at a time.

Everything that may pass is tried again with the same idempotency key: a line that breaks, a server that is busy or restarts, a
token that has ended. So a batch is carried out once, however often it had to be sent.
"""

import http.client
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from registry.kernel.errors import Reason, Refusal

PATH = "/api/v1/establishment/batches"
TIMEOUT_SECONDS = 180.0  # an answer to ten thousand rows, the wait for other imports included
MAX_TRIES = 8  # with the waits below some four minutes: a restart of the server, not an outage
FIRST_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 60.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")
PASSING = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.BAD_GATEWAY,
           HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)  # fmt: skip

Say = Callable[[str], None]


@dataclass(slots=True)
class Remote:
    """Where to send and as whom; ``sleep`` waits, ``say`` tells of each new try."""

    url: str
    client_id: str
    secret: str = field(repr=False)
    sleep: Callable[[float], None]
    say: Say
    trust: ssl.SSLContext | None = None
    _token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refusal(Reason.VALUE_INVALID, "地址应为 https://…", "the address must be https://…", where="url")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            zh, en = (
                "密钥不得明文传输：地址须为 https",
                "a secret does not travel in the clear: the address must be https",
            )
            raise Refusal(Reason.POLICY_FORBIDS, zh, en, where="url", value=self.url)

    def push(self, key: str, lines: bytes, *, preview: bool = False) -> dict[str, Any]:
        """Send a batch of JSON lines until it is answered. Refuses what the server refuses, and UNAVAILABLE after the last try."""
        wait = FIRST_WAIT_SECONDS
        for tries in range(1, MAX_TRIES + 1):
            status, told, after = self._once(key, lines, preview)
            if status < HTTPStatus.BAD_REQUEST:
                return told
            if status == HTTPStatus.UNAUTHORIZED and self._token:
                self._token = ""  # it has ended; whoever was revoked is refused when it asks for a new one
            elif status not in PASSING:
                raise _refused(told)
            if tries < MAX_TRIES:
                pause = min(max(wait, after), LONGEST_WAIT_SECONDS)
                self.say(f"{_message(told)}（{pause:.0f} 秒后第 {tries + 1} 次 / try {tries + 1} in {pause:.0f} s）")
                self.sleep(pause)
                wait *= 2
        zh, en = (
            "多次重试仍未成功，请稍后以同样的命令继续",
            "it failed again and again; run the same command later to go on",
        )
        raise Refusal(Reason.UNAVAILABLE, zh, en, where="url", value=self.url)

    def _once(self, key: str, lines: bytes, preview: bool) -> tuple[int, dict[str, Any], float]:
        try:
            if not self._token:
                status, told, after = self._sign_in()
                if status != HTTPStatus.OK:
                    return (HTTPStatus.FORBIDDEN if status == HTTPStatus.UNAUTHORIZED else status), told, after
                self._token = str(told["access_token"])
            headers = {
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/x-ndjson",
                "Idempotency-Key": key,
            }
            return self._call(PATH + ("?preview=true" if preview else ""), lines, headers)
        except (OSError, http.client.HTTPException) as error:
            return (
                HTTPStatus.BAD_GATEWAY,
                {"message": {"zh": "连接中断", "en": str(error) or "the connection broke"}},
                0.0,
            )

    def _sign_in(self) -> tuple[int, dict[str, Any], float]:
        form = {
            "grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.secret,
            "scope": "establishment.push",
        }  # fmt: skip
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._call("/api/v1/token", urlencode(form).encode(), headers)

    def _call(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, Any], float]:
        """Status, JSON, and for how many seconds the server asks us to wait."""
        connection = self._connection()
        try:
            connection.request("POST", urlsplit(self.url).path.rstrip("/") + path, body, dict(headers))
            answer = connection.getresponse()
            raw = answer.read()
            after = answer.getheader("Retry-After", "")
        finally:
            connection.close()
        return answer.status, _json(raw), float(after) if after.isdigit() else 0.0

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "", parts.port
        if parts.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_SECONDS, context=self.trust)
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)


def _json(raw: bytes) -> dict[str, Any]:
    try:
        told = json.loads(raw)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _message(told: Mapping[str, Any]) -> str:
    text = told.get("message") or {"zh": "服务器没有说明原因", "en": "the server gave no reason"}
    return f"{text['zh']} / {text['en']}"


def _refused(told: Mapping[str, Any]) -> Refusal:
    text = told.get("message") or {"zh": "服务器拒绝了请求", "en": "the server refused the request"}
    known = {str(reason) for reason in Reason}
    reason = Reason(told["reason"]) if told.get("reason") in known else Reason.NOT_PERMITTED
    return Refusal(reason, text["zh"], text["en"], where=str(told.get("where", "")), value=str(told.get("value", "")))
