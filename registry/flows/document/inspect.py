"""A file is looked at before any transaction begins: what it is, and what the operator's scanner says of it."""

import asyncio
import contextlib
import hashlib
from dataclasses import dataclass, field

from registry.kernel.config import Config
from registry.kernel.errors import Reason, Refusal
from registry.kernel.log import get_logger
from registry.policy.documents import MAX_DOCUMENT_BYTES, DocumentKind, examine
from registry.policy.documents import too_large as document_too_large

CLEAN, INFECTED = 0, 1  # exit codes, as those of clamdscan and clamscan
MAX_ANSWER = 500  # characters of what a scanner says that are logged

MAX_BYTES = MAX_DOCUMENT_BYTES  # for the doors, which stop reading there


def too_large() -> Refusal:
    """The refusal for a file of more than :data:`MAX_BYTES`."""
    return document_too_large()


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be kept; ``scan`` is ``clean``, or ``not_scanned`` when no scanner is configured."""

    name: str
    kind: DocumentKind
    scan: str
    sha256: bytes
    content: bytes = field(repr=False)


async def inspect_file(config: Config, name: str, content: bytes) -> Inspected:
    """Recognise it in a thread, then ask the scanner.

    Refuses as :func:`registry.policy.documents.examine`, with POLICY_FORBIDS what the scanner finds bad, with UNAVAILABLE when it cannot say.
    """
    found = await asyncio.to_thread(examine, name, content)
    scan = await scan_file(config, content)
    return Inspected(found.name, found.kind, scan, hashlib.sha256(content).digest(), content)


async def scan_file(config: Config, content: bytes) -> str:
    """``clean``, or ``not_scanned`` when no scanner is configured. Refuses as :func:`inspect_file`."""
    command = config.document.scanner
    if not command:
        return "not_scanned"
    code, said = await _ask(command, content, config.document.scanner_seconds)
    if code == CLEAN:
        return "clean"
    get_logger().warning("document not taken by the scanner", code=code, said=said)
    if code == INFECTED:
        raise Refusal(
            Reason.POLICY_FORBIDS, "文件未通过病毒检查，不能接收", "the scanner found malware in the file", where="file"
        )
    raise Refusal(
        Reason.UNAVAILABLE, "病毒检查暂时不可用，文件没有接收，请稍后再试", "the scanner does not answer; the file was not taken, try again later",
        where="file",
    )  # fmt: skip


async def _ask(command: list[str], content: bytes, seconds: float) -> tuple[int | None, str]:
    """Its exit code and the beginning of what it says; None when it cannot be started or does not end in time."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
    except OSError as error:
        return None, str(error)
    try:
        async with asyncio.timeout(seconds):
            said, _ = await process.communicate(content)
    except TimeoutError:
        return None, "no answer in time"
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return process.returncode, said.decode(errors="replace")[:MAX_ANSWER]
