"""The file itself: a ZIP archive without compression that holds ``manifest.json``, ``manifest.sig`` and the parts, and nothing else.

Whoever opens one trusts nothing: the list of members must be exactly what the manifest says, none compressed (so nothing can
unpack to more than it weighs), every size bounded and true. Hashes are checked when a part is read.
"""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from registry.establishment.exchange import manifest as pages
from registry.establishment.exchange.keys import CentreKeys
from registry.establishment.exchange.manifest import Manifest
from registry.kernel.errors import Reason, Refusal

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
SIGNATURE_BYTES = 64
MAX_PACKAGE_BYTES = 4 << 30  # as an establishment file
SUFFIX = ".zmx"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a package says when it was made in its manifest; the archive's own dates are of no use
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Package:
    """An opened package whose structure holds. ``raw`` is the manifest as stored; nothing of it is proved before the signature is."""

    path: Path
    manifest: Manifest
    raw: bytes
    signature: bytes

    @property
    def sha256(self) -> bytes:
        """By which it is known."""
        return pages.fingerprint(self.raw)


def write_package(path: Path, manifest: Manifest, parts: Sequence[Path], keys: CentreKeys) -> Package:
    """Sign and write it, the parts from files as they are to be stored; the file is complete and on the disk, or not there at all."""
    raw = pages.encode(manifest)
    signature = keys.sign(raw)
    unfinished = path.with_suffix(".partial")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
        for name, content in ((MANIFEST, raw), (SIGNATURE, signature)):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content)
        for part, source in zip(manifest.parts, parts, strict=True):
            archive.writestr(zipfile.ZipInfo(part.name, _EPOCH), source.read_bytes())
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.replace(path)
    return Package(path, manifest, raw, signature)


def open_package(path: Path) -> Package:
    """Read manifest and signature. Refuses what is absent, too large, or not exactly a package (``SYNTAX_INVALID``)."""
    if not path.is_file():
        raise Refusal(Reason.NOT_FOUND, "没有这个文件", "there is no such file", where="file", value=path.name)
    if path.stat().st_size > MAX_PACKAGE_BYTES:
        raise Refusal(Reason.TOO_LARGE, "数据包过大", "the package is too large", where="file", value=path.name)
    with _archive(path) as archive:
        members = _guarded(archive.infolist)
        sizes = {member.filename: member.file_size for member in members}
        plain = all(member.compress_type == zipfile.ZIP_STORED and not member.flag_bits & 1 for member in members)
        if len(sizes) != len(members) or not plain or sizes.get(SIGNATURE) != SIGNATURE_BYTES:
            raise _damaged()
        if not 0 < sizes.get(MANIFEST, 0) <= pages.MAX_MANIFEST_BYTES:
            raise _damaged()
        raw, signature = _guarded(lambda: (archive.read(MANIFEST), archive.read(SIGNATURE)))
    manifest = pages.decode(raw)
    expected = {part.name: part.stored_bytes for part in manifest.parts}
    if {name: size for name, size in sizes.items() if name not in (MANIFEST, SIGNATURE)} != expected:
        raise _altered("parts")
    return Package(path, manifest, raw, signature)


def is_package(path: Path) -> bool:
    """Whether the file claims to be a package: a ZIP archive with a manifest in it."""
    try:
        with zipfile.ZipFile(path) as archive:
            return MANIFEST in archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile):
        return False


def stored_parts(package: Package) -> Iterator[tuple[int, bytes]]:
    """Number and stored bytes of each part; one whose hash is another was altered and is refused (``VALUE_INVALID``)."""
    with _archive(package.path) as archive:
        for number, part in enumerate(package.manifest.parts, 1):
            stored = _guarded(partial(archive.read, part.name))
            if hashlib.sha256(stored).hexdigest() != part.stored_sha256:
                raise _altered(part.name)
            yield number, stored


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    archive = _guarded(lambda: zipfile.ZipFile(path))
    with archive:
        yield archive


def _guarded(step: Callable[[], _T]) -> _T:
    try:
        return step()
    except Exception as error:  # a mangled archive makes the library raise almost anything
        raise _damaged() from error


def _damaged() -> Refusal:
    return Refusal(Reason.SYNTAX_INVALID, "不是完整的数据交换包", "this is no whole exchange package", where="file")


def _altered(where: str) -> Refusal:
    zh, en = "内容与清单不符，已被改动或已损坏", "the content differs from the manifest: altered or damaged"
    return Refusal(Reason.VALUE_INVALID, zh, en, where=where)
