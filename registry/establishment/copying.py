r"""Canonical rows as lines of PostgreSQL's COPY text format: the form in which millions of them reach the server.

Encoding values one by one for a binary copy costs more than checking them. Canonical cells are already what the server reads; only
backslashes must be doubled, and an empty date, year or instant is ``\N``. Tabs and line breaks cannot occur: the reader refuses
control characters.
"""

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from registry.establishment.columns import COLUMNS, SEPARATOR
from registry.establishment.rows import Entry, Plain
from registry.policy.idn.compact import shipped_table
from registry.policy.naming.keys import Keyring

_BREAK = "\0"  # between names whose keys are made together; no name holds it
_BETWEEN = "\x1f"
_NULL = r"\N"
_AFTER_LISTS = COLUMNS.index("kind")  # uscc, name, aliases, short_names, former_names stand before it
_SUCCESSION = ("uscc", "status", "successor_uscc", "changed_at")
_UNSURE = "\ufffe"  # stands for a character whose key depends on its neighbours; a noncharacter, so no name holds it


class Prepared(NamedTuple):
    """A row on its way to the server: ``body`` holds the columns ``body_import.BODY_COLUMNS`` as COPY text.

    ``names`` are (role, name); ``successors`` all bodies that follow this one; ``digest`` is of the canonical cells, in hexadecimal.
    """

    line: int
    uscc: str
    region: str
    level: str
    digest: str
    body: str
    names: tuple[tuple[str, str], ...]
    successors: tuple[str, ...]


def prepare(entry: Entry) -> Prepared:
    """Digest, columns, names and successors of one canonical row."""
    line, cells = entry
    joined = _BETWEEN.join(cells)
    digest = hashlib.blake2b(joined.encode(), digest_size=16).hexdigest()
    names: tuple[tuple[str, str], ...] = (("full", cells[1]),)
    if cells[2] or cells[3] or cells[4]:
        names += _listed("short", cells[3]) + _listed("alias", cells[2]) + _listed("former", cells[4])
    if "\\" in joined:
        cells = tuple(map(_escaped, cells))
    (uscc, name, _, _, _, kind, administrative, region, level, sponsor, authority, address, person,
     phone, status, established, until, year, successor, changed) = cells  # fmt: skip
    successors = tuple(successor.split(SEPARATOR)) if successor else ()
    body = (
        f"{uscc}\t{name}\t{kind}\t{administrative}\t{region}\t{level}\t{sponsor}\t{authority}\t{address}\t{person}\t{phone}\t{status}\t"
        f"{established or _NULL}\t{until or _NULL}\t{year or _NULL}\t{successors[0] if successors else ''}\t{changed or _NULL}\t"
        f"\\\\x{digest}"
    )
    return Prepared(line, uscc, region, level, digest, body, names, successors)


def _listed(role: str, names: str) -> tuple[tuple[str, str], ...]:
    return tuple((role, name) for name in names.split(SEPARATOR)) if names else ()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\")


class _Characters(dict[int, str]):
    """The key of each character by itself, where that is the same as within any name; :data:`_UNSURE` where it may not be.

    Han characters, ASCII and full-width ASCII neither compose with a neighbour nor look at one for their lower case.
    """

    def __init__(self, keyring: Keyring) -> None:
        super().__init__({ord(_BREAK): _BREAK})
        self._keyring = keyring

    def __missing__(self, code: int) -> str:
        sure = code < 0x80 or 0x3400 <= code <= 0x9FFF or 0xFF01 <= code <= 0xFF5E or 0x20000 <= code <= 0x3FFFF
        key = self._keyring.key(chr(code)) if sure else _UNSURE
        self[code] = key
        return key


@cache
def _characters() -> tuple[Keyring, _Characters]:
    keyring = Keyring(shipped_table())
    return keyring, _Characters(keyring)


def keys_of(names: Sequence[str]) -> list[str]:
    """The index label of each name, the same as ``Keyring.key`` gives, many at once at a tenth of the price."""
    keyring, characters = _characters()
    keys = _BREAK.join(names).translate(characters).split(_BREAK) if names else []
    return [key if _UNSURE not in key else keyring.key(name) for key, name in zip(keys, names, strict=True)]


def _keyed(names: Sequence[str]) -> list[str]:
    """Each name and its key, a tab between them, as COPY text."""
    pairs = [f"{name}\t{key}" for name, key in zip(names, keys_of(names), strict=True)]
    return [_escaped(pair) for pair in pairs] if any("\\" in pair for pair in pairs) else pairs


def body_lines(rows: Iterable[Prepared], suffix: str) -> bytes:
    """For the table ``body``: ``suffix`` holds the columns that are the same for all, each after a tab."""
    return "".join([f"{row.body}{suffix}\n" for row in rows]).encode()


def name_lines(rows: Sequence[Prepared], suffix: str) -> bytes:
    """For the table ``body_name``: code, role, name, index label, and what is the same for all."""
    heads = [f"{row.uscc}\t{role}\t" for row in rows for role, _ in row.names]
    pairs = _keyed([name for row in rows for _, name in row.names])
    return "".join([f"{head}{pair}{suffix}\n" for head, pair in zip(heads, pairs, strict=True)]).encode()


def plain_body_lines(plain: Plain, suffix: str) -> bytes:
    """For the table ``body``, as CSV: the line itself without its lists of names, its digest, and what is the same for all.

    An empty cell that is not quoted is what the table takes for it: nothing in a date, an empty text elsewhere.
    """
    hashed = "\n".join(plain.lines).replace(",", _BETWEEN).encode().split(b"\n")
    digests = [hashlib.blake2b(line, digest_size=16).hexdigest() for line in hashed]
    parts = [line.split(",", _AFTER_LISTS) for line in plain.lines]
    return "".join(
        [f"{part[0]},{part[1]},{part[-1]},\\x{digest}{suffix}\n" for part, digest in zip(parts, digests, strict=True)]
    ).encode()


def plain_name_lines(plain: Plain, suffix: str) -> bytes:
    """For the table ``body_name``, as :func:`name_lines`."""
    codes, full, aliases, shorts, formers = plain.columns[:_AFTER_LISTS]
    lines = [
        f"{code}\tfull\t{name}\t{key}{suffix}\n" for code, name, key in zip(codes, full, keys_of(full), strict=True)
    ]
    listed = [
        (code, role, name)
        for role, column in (("short", shorts), ("alias", aliases), ("former", formers))
        for code, names in zip(codes, column, strict=True)
        if names
        for name in names.split(SEPARATOR)
    ]
    keys = keys_of([name for _, _, name in listed])
    lines += [f"{code}\t{role}\t{name}\t{key}{suffix}\n" for (code, role, name), key in zip(listed, keys, strict=True)]
    return "".join(lines).encode()


def plain_successions(plain: Plain) -> list[tuple[str, str, str, str]]:
    """Predecessor, successor, status and instant of the rows that name a successor."""
    codes, statuses, successors, instants = (plain.columns[COLUMNS.index(one)] for one in _SUCCESSION)
    rows = zip(codes, successors, statuses, instants, strict=True)
    return [row for row in rows if row[1]]


def staged_lines(rows: Iterable[Prepared], run: int, known: Iterable[str]) -> bytes:
    """For the table ``import_row``: run, line, whether the code is on file, and the columns of a body."""
    on_file = frozenset(known)
    return "".join([f"{run}\t{row.line}\t{'t' if row.uscc in on_file else 'f'}\t{row.body}\n" for row in rows]).encode()


def staged_name_lines(rows: Sequence[Prepared], run: int) -> bytes:
    """For the table ``import_name``: run, line, role, name, index label."""
    heads = [f"{run}\t{row.line}\t{role}\t" for row in rows for role, _ in row.names]
    pairs = _keyed([name for row in rows for _, name in row.names])
    return "".join([f"{head}{pair}\n" for head, pair in zip(heads, pairs, strict=True)]).encode()
