"""``/verify/scan``: a QR code is looked at before anybody follows it. With the camera where there are scripts, else by a picture.

A code in a street, on a poster or in a chat is an address that nobody can read; this says where it leads, and whether that is
genuine. The picture is read in a process of its own (:mod:`verifier.images.looking`) and forgotten.
"""

import msgspec
from aiohttp import web

from registry.kernel.errors import Refusal, Text
from registry.kernel.web.limits import allow
from registry.kernel.web.pages import page
from registry.kernel.web.security import PERMISSIONS, content_policy
from verifier.address import MAX_ADDRESS
from verifier.web.desk import Desk
from verifier.web.forms import read_form
from verifier.web.verify import HEADLINES

NO_PICTURE = Text("请先选择或拍摄一张图片", "Choose or take a picture first")
NO_CODE = Text(
    "图片里没有找到二维码。请拍得近一些、正一些，或者换一张",
    "No code was found. Come closer, hold it straight, or try another picture",
)


async def show_scan(_: Desk, request: web.Request) -> web.Response:
    """The page that asks for a picture or the camera."""
    return _page(request)


async def take_scan(desk: Desk, request: web.Request) -> web.Response:
    """What every code in the picture says, with a verdict; one that leads to an address is answered by ``/verify`` itself."""
    form = await read_form(request)
    if not form.picture:
        return _page(request, problem=NO_PICTURE, status=422)
    allow(desk.pictures, request.remote, desk.clock.monotonic())
    try:
        picture = await desk.looking.look(form.picture, is_kept=False)
    except Refusal as refusal:
        return _page(request, problem=refusal.text, status=422)
    texts = [text[:MAX_ADDRESS] for text in picture.codes]
    if not texts:
        return _page(request, problem=NO_CODE, status=422)
    found = []
    for text in texts:
        judgement = await desk.questions.ask(text)
        found.append((text, judgement, HEADLINES[judgement.verdict]))
    return _page(request, found=found)


async def answer_scan(desk: Desk, request: web.Request) -> web.Response:
    """``POST /api/v1/verify/scan``: the texts of the codes in a picture, for the camera of a browser that cannot read them itself."""
    form = await read_form(request)
    allow(desk.pictures, request.remote, desk.clock.monotonic())
    picture = await desk.looking.look(form.picture, is_kept=False)
    return web.Response(body=msgspec.json.encode({"codes": picture.codes}), content_type="application/json")


def _page(request: web.Request, *, found: object = (), problem: Text | None = None, status: int = 200) -> web.Response:
    answer = page(request, "verifier.web/scan.html", status=status, found=found, problem=problem)
    answer.headers["Permissions-Policy"] = PERMISSIONS.replace("camera=()", "camera=(self)")
    answer.headers["Content-Security-Policy"] = f"{content_policy()}; media-src 'self' blob:"
    return answer
