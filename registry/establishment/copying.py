r"""Canonical rows as lines of PostgreSQL's COPY text format: the form in which millions of them reach the server.

Encoding values one by one for a binary copy costs more than checking them. Canonical cells are already what the server reads; only
backslashes must be doubled, and an empty date, year or instant is ``\N``. Tabs and line breaks cannot occur: the reader refuses
control characters.
"""

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from registry.establishment.columns import COLUMNS, SEPARATOR
from registry.establishment.grid import Grid
from registry.establishment.grid_checks import AT
from registry.establishment.rows import Entry
from registry.policy.codes import LENGTH
from registry.policy.idn.compact import shipped_table
from registry.policy.naming.keys import Keyring

_BREAK = "\0"  # between names whose keys are made together; no name holds it
_BETWEEN = "\x1f"
_NULL = r"\N"
_AFTER_LISTS = COLUMNS.index("kind")  # uscc, name, aliases, short_names, former_names stand before it
_SUCCESSION = ("uscc", "successor_uscc", "status", "changed_at")
DIGEST_BYTES = 16
_BEYOND = 0x40000  # characters that have an entry of their own: two planes and two more of Han characters
_UNKNOWN, _DROPPED = 0xFFFFFFFF, 0xFFFFFFFE  # no characters: not asked yet; without a key
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
    digest = hashlib.blake2b(joined.encode(), digest_size=DIGEST_BYTES).hexdigest()
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


class _Characters:
    """The key of each character by itself, as one array over their numbers, filled as they turn up.

    That key is the same as within any name for Han characters, ASCII and full-width ASCII: these neither compose with a neighbour nor
    look at one for their lower case. All others, and those whose key is more than one character, are :data:`_UNSURE`.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._keys = np.full(_BEYOND + 1, _UNKNOWN, np.uint32)
        self._keys[ord(_BREAK)] = ord(_BREAK)
        self._keys[_BEYOND] = ord(_UNSURE)

    def translate(self, text: str) -> str:
        """The text with the key in each character's place."""
        codes = np.minimum(np.frombuffer(text.encode("utf-32-le"), np.uint32), _BEYOND)
        keys = self._keys[codes]
        if (keys == _UNKNOWN).any():
            for code in np.unique(codes[keys == _UNKNOWN]).tolist():
                self._keys[code] = self._key(code)
            keys = self._keys[codes]
        dropped = keys == _DROPPED
        return (keys[~dropped] if dropped.any() else keys).tobytes().decode("utf-32-le")

    def _key(self, code: int) -> int:
        sure = code < 0x80 or 0x3400 <= code <= 0x9FFF or 0xFF01 <= code <= 0xFF5E or 0x20000 <= code < _BEYOND
        key = self._keyring.key(chr(code)) if sure else _UNSURE
        return _DROPPED if not key else ord(key) if len(key) == 1 else ord(_UNSURE)


@cache
def _characters() -> tuple[Keyring, _Characters]:
    keyring = Keyring(shipped_table())
    return keyring, _Characters(keyring)


def keys_of(names: Sequence[str]) -> list[str]:
    """The index label of each name, the same as ``Keyring.key`` gives, many at once at a small part of the price. No name holds a surrogate."""
    keyring, characters = _characters()
    joined = characters.translate(_BREAK.join(names))
    keys = joined.split(_BREAK) if names else []
    if _UNSURE not in joined:
        return keys
    return [key if _UNSURE not in key else keyring.key(name) for key, name in zip(keys, names, strict=True)]


def _keyed(names: Sequence[str]) -> list[str]:
    """Each name and its key, a tab between them, as COPY text."""
    pairs = [f"{name}\t{key}" for name, key in zip(names, keys_of(names), strict=True)]
    return [_escaped(pair) for pair in pairs] if any("\\" in pair for pair in pairs) else pairs


def body_lines(rows: Iterable[Prepared]) -> bytes:
    """For the table ``body``: its columns."""
    return "".join([f"{row.body}\n" for row in rows]).encode()


def name_lines(rows: Sequence[Prepared]) -> bytes:
    """For the table ``body_name``: code, role, name, index label."""
    heads = [f"{row.uscc}\t{role}\t" for row in rows for role, _ in row.names]
    pairs = _keyed([name for row in rows for _, name in row.names])
    return "".join([f"{head}{pair}\n" for head, pair in zip(heads, pairs, strict=True)]).encode()


def grid_body_lines(grid: Grid) -> bytes:
    """For the table ``body``, as CSV: each line as it stands without its lists of names, and its digest.

    An empty cell that is not quoted is what the table takes for it: nothing in a date, an empty text elsewhere.
    """
    data, hashed = grid.data, grid.data.replace(b",", _BETWEEN.encode())
    places = (grid.starts[:, 0], grid.ends[:, 1], grid.ends[:, _AFTER_LISTS - 1], grid.ends[:, -1])
    spans = list(zip(*(place.tolist() for place in places), strict=True))
    digests = b"".join([hashlib.blake2b(hashed[a:d], digest_size=DIGEST_BYTES).digest() for a, _, _, d in spans])
    tails = (",\\x" + digests.hex("\n", -DIGEST_BYTES).replace("\n", "\n,\\x")).encode().split(b"\n")
    return b"".join(
        [b"%b%b%b\n" % (data[a:b], data[c:d], tail) for (a, b, c, d), tail in zip(spans, tails, strict=True)]
    )


def grid_name_lines(grid: Grid) -> bytes:
    """For the table ``body_name``: code, role, name, index label."""
    codes = grid.column(AT["uscc"], LENGTH).view(f"S{LENGTH}")[:, 0].astype(f"U{LENGTH}").tolist()
    full = b"\n".join(grid.cells(AT["name"])).decode().split("\n")
    lines = [f"{code}\tfull\t{name}\t{key}\n" for code, name, key in zip(codes, full, keys_of(full), strict=True)]
    listed = [
        (codes[row], role, name)
        for role, column in (("short", "short_names"), ("alias", "aliases"), ("former", "former_names"))
        for row in np.flatnonzero(grid.lengths[:, AT[column]]).tolist()
        for name in grid.cell(row, AT[column]).decode().split(SEPARATOR)
    ]
    keys = keys_of([name for _, _, name in listed])
    lines += [f"{code}\t{role}\t{name}\t{key}\n" for (code, role, name), key in zip(listed, keys, strict=True)]
    return "".join(lines).encode()


def grid_successions(grid: Grid) -> list[tuple[str, ...]]:
    """Predecessor, successor, status and instant of the rows that name a successor."""
    some = np.flatnonzero(grid.lengths[:, AT["successor_uscc"]]).tolist()
    return [tuple(grid.cell(row, AT[column]).decode() for column in _SUCCESSION) for row in some]


def staged_lines(rows: Iterable[Prepared], run: int, known: Iterable[str]) -> bytes:
    """For the table ``import_row``: run, line, whether the code is on file, and the columns of a body."""
    on_file = frozenset(known)
    return "".join([f"{run}\t{row.line}\t{'t' if row.uscc in on_file else 'f'}\t{row.body}\n" for row in rows]).encode()


def staged_name_lines(rows: Sequence[Prepared], run: int) -> bytes:
    """For the table ``import_name``: run, line, role, name, index label."""
    heads = [f"{run}\t{row.line}\t{role}\t" for row in rows for role, _ in row.names]
    pairs = _keyed([name for row in rows for _, name in row.names])
    return "".join([f"{head}{pair}\n" for head, pair in zip(heads, pairs, strict=True)]).encode()
