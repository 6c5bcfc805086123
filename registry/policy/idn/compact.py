"""The compiled table that ships with the product.

A file of three parts, so that an operator can read where it comes from with ``head -2``::

    zhengming-idn 1
    {"title": …, "date": …, "sha256": …, "licence": …, "kinds": …, "actions": …, "body_sha256": …}
    zlib stream of UTF-8 lines

The first line of the body holds the characters without variants; each further line one character with variants: the
character, then for each target the target and the letter of its kind. ``body_sha256`` is that of the unpacked body:
a damaged file is refused, never half read. Reading takes some 50 ms where the XML takes half a second.
"""

import hashlib
import json
import zlib
from functools import cache
from pathlib import Path
from string import ascii_letters
from typing import Any

from registry.kernel.errors import Reason, Refusal
from registry.policy.idn.rfc3743 import read_pair
from registry.policy.idn.rfc7940 import read_lgr
from registry.policy.idn.table import Action, Source, Table, build_table

MAGIC = b"zhengming-idn 1"
MAX_BODY_BYTES = 8 << 20  # the reference table unpacks to 0.2 MB
MAX_FILE_BYTES = 8 << 20
SHIPPED = Path(__file__).parent.parent / "tables" / "zh.idn.zlib"
SHIPPED_LICENCE = (
    "Compiled from the ICANN Reference Label Generation Rules for the Chinese Language (Second Level), "
    "Copyright (c) 2015-2025 Internet Corporation for Assigned Names and Numbers, BSD 3-Clause; "
    "the whole notice stands in zh.idn.licence.txt beside this file."
)


def compile_table(path: Path, traditional: Path | None = None, *, licence: str = "") -> bytes:
    """The compiled form of an RFC 7940 file, or of an RFC 3743 pair when ``traditional`` is given.

    Refuses whatever the readers refuse (:func:`read_lgr`, :func:`read_pair`). Same source, same bytes.
    """
    return write_table(read_lgr(path, licence) if traditional is None else read_pair(path, traditional, licence))


@cache
def shipped_table() -> Table:
    """The table that ships with the product, read once."""
    return load_table(SHIPPED)


def load_table(path: Path) -> Table:
    """A compiled table from a file; ``Refusal`` (``VALUE_INVALID``) when it is not one or is damaged."""
    return read_table(path.read_bytes())


def write_table(table: Table) -> bytes:
    """The compiled form: magic, header, body."""
    kinds = sorted({kind for targets in table.variants.values() for kind in targets.values()})
    letters = dict(zip(kinds, ascii_letters, strict=False))
    lines = ["".join(sorted(table.repertoire - table.variants.keys()))]
    for character, targets in sorted(table.variants.items()):
        lines.append(character + "".join(target + letters[kind] for target, kind in targets.items()))
    body = "\n".join(lines).encode()
    header = {
        **{name: getattr(table.source, name) for name in Source.__dataclass_fields__},
        "kinds": {letter: kind for kind, letter in letters.items()},
        "actions": [_written_action(action) for action in table.actions],
        "body_sha256": hashlib.sha256(body).hexdigest(),
    }
    return b"\n".join([MAGIC, json.dumps(header, ensure_ascii=False).encode(), zlib.compress(body, 9)])


def read_table(data: bytes) -> Table:
    """The table of a compiled form; ``Refusal`` (``VALUE_INVALID``) when the form is another one or damaged."""
    magic, _, rest = data[:MAX_FILE_BYTES].partition(b"\n")
    head, _, packed = rest.partition(b"\n")
    if magic != MAGIC:
        raise _damaged("不是编译后的字表", "this is no compiled table")
    try:
        return _read(json.loads(head), _unpack(packed))
    except (ValueError, KeyError, TypeError, IndexError, zlib.error) as error:
        raise _damaged("编译后的字表已损坏，请重新编译", "the compiled table is damaged, compile it again") from error


def _unpack(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    body = unpacker.decompress(packed, MAX_BODY_BYTES)
    if not unpacker.eof:
        raise ValueError("cut off or too large")
    return body


def _read(header: dict[str, Any], body: bytes) -> Table:
    if hashlib.sha256(body).hexdigest() != header["body_sha256"]:
        raise ValueError("the body has another digest")
    kinds: dict[str, str] = header["kinds"]
    plain, *lines = body.decode().split("\n")
    variants = {line[0]: dict(zip(line[1::2], [kinds[letter] for letter in line[2::2]], strict=True)) for line in lines}
    source = Source(**{name: header[name] for name in Source.__dataclass_fields__})
    return build_table(source, plain, variants, [_read_action(item) for item in header["actions"]])


def _written_action(action: Action) -> dict[str, Any]:
    conditions = {name: sorted(getattr(action, name)) for name in ("any_variant", "all_variants", "only_variants")}
    return {"disposition": action.disposition, "leading_mark": action.leading_mark, **conditions}


def _read_action(item: dict[str, Any]) -> Action:
    conditions = {name: frozenset(item[name]) for name in ("any_variant", "all_variants", "only_variants")}
    return Action(item["disposition"], item["leading_mark"], **conditions)


def _damaged(zh: str, en: str) -> Refusal:
    return Refusal(Reason.VALUE_INVALID, zh, en, where="table")
