"""The public home page: one box that understands a name, a code or an address, and what this place is for."""

from aiohttp import web

from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.app import Context
from registry.kernel.web.pages import page
from registry.portal.figures import Figures
from registry.portal.search import MAX_SEARCH, destination


def routes(context: Context) -> list[web.RouteDef]:
    """``/`` and ``/search``."""
    figures = Figures(context.db, context.clock)

    async def home(request: web.Request) -> web.Response:
        return page(request, "registry.portal/home.html", counts=await figures.counts())

    return [web.get("/", home), web.get("/search", search)]


async def search(request: web.Request) -> web.Response:
    """``/search?q=``: send the visitor to the page that answers."""
    typed = request.query.get("q", "")
    if len(typed) > MAX_SEARCH:
        raise Refusal(Reason.TOO_LARGE, f"最多 {MAX_SEARCH} 个字符", f"at most {MAX_SEARCH} characters", where="q")
    raise web.HTTPSeeOther(destination(typed))
