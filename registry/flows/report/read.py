"""The files of a registrar: listed, and one of them whole."""

from datetime import date

from registry.flows.act import Act
from registry.flows.registrar.permission import not_found, require_own
from registry.store import reports
from registry.store.reports import Report

__all__ = ["Report", "list_reports", "name_of", "read_report"]
MAX_LISTED = 200
_EXTENSION = ".csv"


async def list_reports(act: Act, registrar_id: str) -> list[Report]:
    """The newest first, without what is in them. Refuses with ``NOT_PERMITTED``."""
    require_own(act, registrar_id)
    return await reports.listed(act.conn, registrar_id, MAX_LISTED)


async def read_report(act: Act, registrar_id: str, name: str) -> Report:
    """The file of that name (:func:`name_of`). Refuses with ``NOT_PERMITTED``, ``NOT_FOUND``."""
    require_own(act, registrar_id)
    kind, day = _parts(name)
    found = await reports.find(act.conn, registrar_id, kind, day) if day else None
    if found is None:
        raise not_found("报表", "report", where="name", value=name[:60])
    return found


def name_of(report: Report) -> str:
    """``transactions-daily_2026-06-01.csv``."""
    return f"{report.kind}_{report.starts.isoformat()}{_EXTENSION}"


def _parts(name: str) -> tuple[str, date | None]:
    kind, _, day = name.removesuffix(_EXTENSION).rpartition("_")
    try:
        return kind, date.fromisoformat(day)
    except ValueError:
        return kind, None
