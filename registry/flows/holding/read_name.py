"""A name as its holder sees it in the portal: how it is delegated, what waits, what was changed by whom."""

from dataclasses import dataclass
from datetime import datetime

from registry.flows.act import Act
from registry.flows.delegation.set_servers import Server
from registry.flows.holding.wish import Wish
from registry.flows.host.addresses import AddressText
from registry.flows.review.file_name import body_of
from registry.kernel.errors import Reason, Refusal
from registry.kernel.names import map_people, to_a
from registry.model.domain import Domain
from registry.model.person import Person
from registry.store import clocks, domains, holder_changes, hosts, people
from registry.store.holder_changes import HolderChange

SHOWN = 50  # changes of one name on its page


@dataclass(frozen=True, slots=True)
class HeldName:
    """``colleagues`` are others who act for the body; ``is_ours`` whether the portal's registrar sponsors it, so that it is managed here."""

    domain: Domain
    now: Wish
    changes: tuple[HolderChange, ...]
    colleagues: int
    is_ours: bool
    recheck_since: datetime | None

    @property
    def waiting(self) -> HolderChange | None:
        """The change that waits for a second person."""
        return next((one for one in self.changes if one.state == "asked"), None)


async def read_name(act: Act, person: Person, name: str) -> HeldName:
    """The page of one name. Refuses with NOT_FOUND a name that the person's body does not hold."""
    domain = await find_held(act, person, name)
    return HeldName(
        domain,
        await delegated_now(act, domain),
        tuple(await holder_changes.of_name(act.conn, domain.roid, SHOWN)),
        await people.count_of_body(act.conn, domain.uscc) - 1,
        domain.registrar_id == act.config.portal.registrar,
        await clocks.open_recheck(act.conn, domain.roid),
    )


async def find_held(act: Act, person: Person, name: str) -> Domain:
    """A name of the person's body. Refuses with NOT_FOUND, NOT_PERMITTED (no agency)."""
    uscc = body_of(person)
    try:
        wanted = to_a(map_people(name).text)
    except ValueError:
        wanted = ""
    found = await domains.find(act.conn, wanted) if wanted else None
    domain = found[0] if found else None
    if domain is None or domain.uscc != uscc:
        raise Refusal(
            Reason.NOT_FOUND, "本单位没有这个域名", "your body holds no such name", where="name", value=wanted
        )
    return domain


async def delegated_now(act: Act, domain: Domain) -> Wish:
    """Its servers, with the addresses of those below the name, and its DS records."""
    servers = []
    for host_name in domain.hosts:
        host = await hosts.find(act.conn, host_name)
        addresses = tuple(AddressText(str(one), f"v{one.version}") for one in host.addresses) if host else ()
        servers.append(Server(host_name, addresses or None))
    return Wish(tuple(servers), domain.signers)
