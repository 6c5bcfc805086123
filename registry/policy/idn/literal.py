"""What the source itself would say of a variant, by its types and actions (RFC 7940, sections 7 and 8).

The registry does not decide by this: taken literally, the reference table offers 國傢稅務總侷 to 国家税务总局 and
blocks 國家稅務總局. It stands here so that reports can show where our policy and the filed table part, and so that
ICANN's test labels can be checked against the table that was read.
"""

import unicodedata

from registry.policy.idn.table import OUT_OF_REPERTOIRE, Action, Table

INVALID = "invalid"


def literal_disposition(original: str, variant: str, table: Table) -> str:
    """``valid``, ``allocatable``, ``blocked`` or ``invalid`` for ``variant`` when ``original`` is applied for.

    Both are U-labels of the repertoire with one index label; anything else is ``invalid``.
    """
    if len(original) != len(variant) or not original:
        return INVALID
    types = [table.type_of(a, b) for a, b in zip(original, variant, strict=True)]
    outside = [c for c in variant if c not in table.repertoire]
    if "" in types or not table.repertoire.issuperset(original):
        return INVALID
    if outside:
        types.append(OUT_OF_REPERTOIRE)
    marked = unicodedata.category(variant[0]).startswith("M")
    for action in table.actions:
        if _holds(action, frozenset(types), marked):
            return action.disposition
    return "valid"


def _holds(action: Action, types: frozenset[str], marked: bool) -> bool:
    return (
        (not action.leading_mark or marked)
        and (not action.any_variant or bool(types & action.any_variant))
        and (not action.all_variants or types <= action.all_variants)
        and (not action.only_variants or types <= action.only_variants)
    )
