"""The sites that are to be looked at, as the checks want them: from the watch's own table, the marks and the published register."""

from collections.abc import Sequence
from typing import Any

from registry.kernel.db import Connection, Database, Record
from verifier.checks.site import Column, ColumnKind, Declared, Registered, Site

_SITES = """
select w.no, w.site_id, w.origin, w.host, w.platform, w.networks, w.site_code, w.icp, w.columns, w.known_outlinks, w.known_scripts,
       w.former_names, w.declared, w.personas_agreed, w.outward_services, w.settings,
       coalesce(s.uscc, '') as uscc, coalesce(b.name, s.name, '') as body_name, coalesce(b.region, '') as region, coalesce(m.id, '') as mark_id,
       case when m.id is null then array[w.host]
            else array(select h.host from verifier.mark_host h where h.mark_id = m.id order by h.host <> w.host, h.host) end as hosts,
       d.name as held, d.uscc as holder, d.statuses, d.expires_at, g.servers, g.ds
from verifier.watch w
left join verifier.site s on s.id = w.site_id
left join lateral (select * from verifier.mark m where m.site_id = w.site_id order by m.state = 'revoked', m.issued_at desc limit 1) m on true
left join published.body b on b.uscc = s.uscc
left join published.bundle_name n on n.name = substring(w.host from '[^.]+[.][^.]+$')
left join published.domain d on d.roid = n.domain_roid
left join published.delegation g on g.owner = n.name
where w.no = any($1::integer[])"""


async def load_sites(
    db: "Database | Connection[Record]", numbers: Sequence[int], mark_origin: str = ""
) -> dict[int, Site]:
    """The sites with these numbers. ``mark_origin`` is where our badges are served from."""
    rows = await db.fetch(_SITES, list(numbers))
    return {row["no"]: _site(row, mark_origin) for row in rows}


def _site(row: Record, mark_origin: str) -> Site:
    return Site(
        id=row["site_id"],
        origin=row["origin"].rstrip("/"),
        hosts=tuple(row["hosts"]),
        body_name=row["body_name"],
        uscc=row["uscc"],
        region=row["region"],
        registered=_registered(row) if row["held"] else None,
        mark_id=row["mark_id"],
        mark_origin=mark_origin,
        platform=row["platform"],
        networks=tuple(row["networks"]),
        site_code=row["site_code"],
        icp=row["icp"],
        columns=tuple(_column(one) for one in row["columns"]),
        known_outlinks=tuple(row["known_outlinks"]),
        known_scripts=tuple(row["known_scripts"]),
        former_names=tuple(row["former_names"]),
        declared=Declared(row["declared"]),
        personas_agreed=row["personas_agreed"],
        outward_services=row["outward_services"],
        settings=row["settings"],
    )


def _registered(row: Record) -> Registered:
    return Registered(
        name=row["held"],
        holder_uscc=row["holder"],
        statuses=tuple(row["statuses"]),
        expires_at=row["expires_at"],
        nameservers=tuple(row["servers"] or ()),
        ds=tuple(
            f"{one['key_tag']} {one['algorithm']} {one['digest_type']} {one['digest']}" for one in row["ds"] or ()
        ),
    )


def _column(one: dict[str, Any]) -> Column:
    return Column(one["url"], ColumnKind(one["kind"]), one.get("title", ""))
