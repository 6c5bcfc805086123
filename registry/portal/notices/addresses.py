"""``/portal/notices/addresses``: where else the person wants to be told."""

from collections.abc import Mapping
from functools import partial

from aiohttp import web

from registry.flows.act import Act
from registry.flows.notice.addresses import AskAddress, ask_address, confirm_address, drop_address, list_addresses
from registry.kernel.errors import Reason, Refusal
from registry.kernel.web.errors import STATUS
from registry.model.person import Person
from registry.portal.going import go_on
from registry.portal.guard import Visit

PATH = "/portal/notices/addresses"
_BESIDE = frozenset({Reason.VALUE_INVALID, Reason.RATE_LIMITED, Reason.CREDENTIALS_WRONG, Reason.PARAMETER_MISSING})


async def show_addresses(visit: Visit) -> web.StreamResponse:
    """The list with its forms."""
    return await _addresses(visit)


async def take_address(visit: Visit) -> web.StreamResponse:
    """A new address, a code, or the end of an address, by the button that was pressed."""
    try:
        await visit.run(partial(_do, visit.person, visit.form))
    except Refusal as refusal:
        if refusal.reason not in _BESIDE:
            raise
        return await _addresses(visit, refusal)
    return go_on(PATH)


async def _do(person: Person, form: Mapping[str, str], act: Act) -> None:
    channel = form.get("channel", "")
    match form.get("act", ""):
        case "ask":
            await ask_address(act, person, AskAddress(channel, form.get("address", ""), form.get("floor", "action")))
        case "confirm":
            await confirm_address(act, person, channel, form.get("code", ""))
        case "drop":
            await drop_address(act, person, channel)
        case _:
            raise Refusal(Reason.PARAMETER_MISSING, "没有说明要做什么", "it was not said what to do", where="act")


async def _addresses(visit: Visit, refusal: Refusal | None = None) -> web.Response:
    addresses = await visit.run(lambda act: list_addresses(act, visit.person))
    return visit.page(
        "notice-addresses.html",
        status=STATUS[refusal.reason] if refusal else 200,
        by_channel={one.channel: one for one in addresses},
        refusal=refusal,
        form=visit.form,
    )
