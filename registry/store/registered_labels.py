"""All registered U-labels, for what must be looked at when a registration table changes."""

from registry.kernel.db import Database

# A zone that takes any label (a test TLD) is not judged by the table.
_LABELS = """
select d.u_label from domain d join tld t on t.name = d.tld where t.idn_only and d.tld_set = $1 order by d.index_label"""
_SETS = "select distinct tld_set from tld where idn_only order by tld_set"


async def name_sets(db: Database) -> list[str]:
    """The sets of TLDs whose names exclude each other."""
    return [row["tld_set"] for row in await db.fetch(_SETS)]


async def registered_labels(db: Database, tld_set: str) -> list[str]:
    """The U-labels registered in one set; a million are some 100 MB."""
    return [row["u_label"] for row in await db.fetch(_LABELS, tld_set)]
