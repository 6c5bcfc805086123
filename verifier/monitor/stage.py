"""The stage: small sites on this machine's loopback, good and bad, so that the watch is seen to work every hour of every day.

Who watches must be watched. A canary is a site that is known to be good, or bad in one way; when a bad one is not found, or a good one is accused,
the watch itself is broken, and that is an alarm (:mod:`verifier.monitor.selftest`). Their names lie under ``.invalid`` (RFC 6761, section 6.4), so
they can be nobody's; the stage has its own authority, which nobody else believes. The demo plays its sites here as well.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from registry.kernel.clock import BEIJING, Clock
from registry.kernel.tls import issue, make_authority, server_context
from verifier.checks.asking import Asker, Reply
from verifier.fetch.fetcher import Resolved

HOME = "127.0.0.1"
SHOWN = (
    "223.5.5.5"  # what the stage tells the rules of addresses, which rightly refuse 127.0.0.1; nobody connects there
)
MAX_REQUEST = 16 * 1024
REQUEST_SECONDS = 10.0


class Play(StrEnum):
    """What a site of the stage does."""

    GOOD = "good"
    DEFACED = "defaced"
    DOWN = "down"
    LEAVES = "leaves"  # sends its visitors to another site
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Scene:
    """One site of the stage: its host, what it plays, and whose it says it is."""

    host: str
    play: Play
    body: str


CANARIES = (
    Scene("canary-good.invalid", Play.GOOD, "监测自检中心"),
    Scene("canary-plain.invalid", Play.GOOD, "监测自检二中心"),
    Scene("canary-defaced.invalid", Play.DEFACED, "监测自检三中心"),
    Scene("canary-down.invalid", Play.DOWN, "监测自检四中心"),
    Scene("canary-leaves.invalid", Play.LEAVES, "监测自检五中心"),
)
# The loud rule that each play must break; the good break none.
EXPECTED: Mapping[Play, tuple[str, ...]] = {
    Play.DEFACED: ("defacement.words",),
    Play.DOWN: ("availability.down",),
    Play.LEAVES: ("redirects.leaves",),
}


class Stage:
    """Serves scenes over TLS on a port of the loopback that the system chooses."""

    def __init__(self, folder: Path, clock: Clock, scenes: tuple[Scene, ...] = CANARIES) -> None:
        self._folder = folder
        self._clock = clock
        self.scenes = {scene.host: scene for scene in scenes}
        self.port = 0
        self._server: asyncio.Server | None = None

    @property
    def store(self) -> Path:
        """The certificate of the stage's own authority."""
        return self._folder / "stage-ca.pem"

    async def start(self) -> None:
        """Make certificates and serve."""
        context = await asyncio.to_thread(self._certify)
        self._server = await asyncio.start_server(self._serve, HOME, 0, ssl=context, limit=MAX_REQUEST)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop serving."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def origin(self, host: str) -> str:
        """Where a scene is played."""
        return f"https://{host}:{self.port}"

    def _certify(self) -> ssl.SSLContext:
        now = self._clock.now()
        self._folder.mkdir(parents=True, exist_ok=True)
        authority = make_authority("Zhengming stage", now)
        pair = issue(authority, "stage.invalid", now, server_names=tuple(self.scenes))
        authority.write(self.store, self._folder / "stage-ca.key")
        pair.write(self._folder / "stage.pem", self._folder / "stage.key")
        return server_context(self._folder / "stage.pem", self._folder / "stage.key")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                status, headers, body = self._answer(head)
                lines = (f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", "")
                writer.write("\r\n".join(lines).encode() + (b"" if head.startswith("HEAD ") else body))
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # a visitor who went away
        finally:
            writer.close()

    def _answer(self, head: str) -> tuple[str, tuple[str, ...], bytes]:
        path = head.split(" ", 2)[1] if head.count(" ") > 1 else "/"
        names = [line[5:].strip().lower() for line in head.split("\r\n") if line.lower().startswith("host:")]
        scene = self.scenes.get(names[0].partition(":")[0] if names else "")
        if scene is None or path not in {"/", "/news"} or scene.play is Play.DOWN:
            status = "503 Service Unavailable" if scene and scene.play is Play.DOWN else "404 Not Found"
            return status, ("Content-Type: text/plain; charset=utf-8",), b"not here\n"
        if scene.play is Play.LEAVES:
            return "302 Found", (f"Location: https://canary-good.invalid:{self.port}/",), b""
        headers = (
            "Content-Type: text/html; charset=utf-8",
            "Strict-Transport-Security: max-age=31536000",
            "X-Content-Type-Options: nosniff",
        )
        return "200 OK", headers, _page(scene, self._clock.now()).encode()


def _page(scene: Scene, now: datetime) -> str:
    if scene.play is Play.DEFACED:
        return _DEFACED
    day = now.astimezone(BEIJING)
    items = "".join(
        f'<li><a href="/news?n={n}">{scene.body}召开第{n}次工作会议</a><span>{day - timedelta(days=n):%Y-%m-%d}</span></li>'
        for n in range(1, 7)
    )
    return _PAGE.format(body=scene.body, items=items)


_PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{body}门户网站</title>
<meta name="viewport" content="width=device-width"></head><body><header><h1>{body}</h1>
<nav><a href="/">首页</a> <a href="/news">要闻动态</a></nav></header>
<main><h2>要闻动态</h2><ul>{items}</ul><h2>机构职能</h2><p>{body}负责检查网站监测系统是否正常工作。本网站只用于自检，不提供任何服务，也不属于任何机构。</p>
<p>监测系统每天多次访问本页，核对网页内容、证书、跳转和可用性；本页内容保持正常，任何针对本页的告警都说明监测系统自身有误。</p></main>
<footer><p>主办：{body}</p></footer></body></html>
"""
_DEFACED = """<!doctype html><html><head><meta charset="utf-8"><title>Hacked by DarkTeam</title></head>
<body style="background:#000;color:#0f0"><h1>Hacked by DarkTeam</h1><p>your security is a joke, owned by DarkTeam</p></body></html>
"""


class StageResolver:
    """All names of the stage are here; see ``verifier.fetch.fetcher.Resolver``."""

    async def resolve(self, host: str) -> Resolved:
        """See ``verifier.fetch.fetcher.Resolver``."""
        return Resolved(v4=(HOME,)) if host.endswith(".invalid") else Resolved()


class StageAsker(Asker):
    """Answers for the names of the stage without asking anybody."""

    async def ask(self, name: str, kind: str, server: str = "", **_: bool) -> Reply:
        """See ``verifier.checks.asking.Asker``."""
        return Reply(name, kind, server or HOME, rcode="NOERROR", records=(SHOWN,) if kind == "A" else (), ttl=300)

    async def each(self, name: str, kind: str, **_: bool) -> list[Reply]:
        """See ``verifier.checks.asking.Asker``."""
        return [await self.ask(name, kind)]
