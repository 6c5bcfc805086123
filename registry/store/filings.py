"""What is filed under an index label besides names of bodies: registered bundles, waiting applications, retired names."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.kernel.db import Connection, Record

MAX_FILED = (
    200  # under one key there is one bundle, one retired name and a handful of applications; keys are some dozens
)

_UNDER = """
select 'registered' as what, d.index_label, d.uscc, b.name as holder, d.u_label as label, d.roid as reference,
       (select split_part(unicode, '.', 1) from bundle_name n where n.domain_roid = d.roid and n.role = 'simplified') as simplified,
       (select split_part(unicode, '.', 1) from bundle_name n where n.domain_roid = d.roid and n.role = 'traditional') as traditional
from domain d left join body b on b.uscc = d.uscc
where d.tld_set = $1 and d.table_id = $2 and d.index_label = any($3)
union all
select 'waiting', index_label, uscc, '', name, id, null, null
from application where state = 'submitted' and tld = any(select name from tld where tld_set = $1) and index_label = any($3)
union all
select 'retired', index_label, uscc, '', unicode, '', null, null
from retired_name where tld_set = $1 and table_id = $2 and index_label = any($3)
limit $4"""


@dataclass(frozen=True, slots=True)
class Filing:
    """``what`` is ``registered``, ``waiting`` or ``retired``; ``label`` the U-label; the two spellings only of a bundle."""

    what: str
    index_label: str
    uscc: str
    holder: str
    label: str
    reference: str
    simplified: str
    traditional: str


async def filed_under(conn: "Connection[Record]", tld_set: str, table_id: str, keys: Sequence[str]) -> list[Filing]:
    """Everything under the keys, among the zones whose names exclude each other; one round trip."""
    rows = await conn.fetch(_UNDER, tld_set, table_id, list(keys), MAX_FILED)
    return [
        Filing(
            row["what"], row["index_label"], row["uscc"], row["holder"] or "", row["label"], row["reference"],
            row["simplified"] or "", row["traditional"] or "",
        )
        for row in rows
    ]  # fmt: skip
