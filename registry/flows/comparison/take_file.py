"""A department's file that came by the browser, laid beside the register as one from the command line is."""

import asyncio
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from registry.flows.act import Act, Caller
from registry.flows.comparison.load_comparison import LoadComparison, Loaded, load_comparison, open_file
from registry.flows.document.inspect import scan_file
from registry.flows.runner import Runner
from registry.kernel.errors import Reason, Refusal
from registry.model.comparison import Department
from registry.model.person import Person

MAX_NAME = 100  # characters of its name that are kept


@dataclass(frozen=True, slots=True)
class TakeFile:
    """``name`` is what its sender calls it; ``department``, ``area`` and ``complete`` as in :class:`LoadComparison`."""

    name: str
    content: bytes = field(repr=False)
    department: str
    area: str
    complete: bool


async def take_file(runner: Runner, person: Person, order: TakeFile) -> Loaded:
    """Scan it, recognise it, lay it. It lies on the disk only while it is read.

    Refuses with VALUE_INVALID a department that is none, and as the scanner, the readers and :func:`load_comparison` refuse.
    """
    if order.department not in set(Department):
        zh, en = "请选择来源部门", "please say whose file it is"
        raise Refusal(Reason.VALUE_INVALID, zh, en, where="department", value=order.department[:40])
    await scan_file(runner.config, order.content)
    department = Department(order.department)
    with TemporaryDirectory(prefix="comparison-") as folder:
        path = Path(folder, "file")
        await asyncio.to_thread(path.write_bytes, order.content)
        source = replace(await asyncio.to_thread(open_file, path, department), name=_plain(order.name))
        laid = LoadComparison(source, department, order.area, order.complete)
        return await runner.run(Caller("person", person.username), partial(_load, person=person, order=laid))


async def _load(act: Act, *, person: Person, order: LoadComparison) -> Loaded:
    return await load_comparison(act, person, order)


def _plain(name: str) -> str:
    """The last part of a path, without what no page or terminal should show."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable())[:MAX_NAME] or "file"
