"""Rows and JSON of the views turned into records."""

from datetime import date, datetime
from typing import Any

from registry.model.contact import Disclose, Phone, Postal
from registry.published.places import kind_words, places_of
from registry.published.records import BodyRecord, ContactRecord, MarkRecord, NameSummary, RegistrarRecord

Json = dict[str, Any]


def instant(text: str | None) -> datetime | None:
    """An instant out of JSON."""
    return datetime.fromisoformat(text) if text else None


def known_instant(text: str) -> datetime:
    """An instant that is always there."""
    return datetime.fromisoformat(text)


def registrar(row: Json) -> RegistrarRecord:
    """A row of ``published.registrar`` as JSON."""
    return RegistrarRecord(**{**row, "created_at": known_instant(row["created_at"])})


def body(row: Json) -> BodyRecord:
    """A row of ``published.body`` as JSON."""
    words = kind_words(row["kind"])
    established = row["established_on"]
    return BodyRecord(
        **{
            **row,
            "established_on": date.fromisoformat(established) if established else None,
            "changed_at": known_instant(row["changed_at"]),
        },
        kind_zh=words.zh,
        kind_en=words.en,
        places=places_of(row["region"]),
    )


def contact(row: Json) -> ContactRecord:
    """A row of ``published.contact`` as JSON."""
    return ContactRecord(
        id=row["id"],
        roid=row["roid"],
        registrar_id=row["registrar_id"],
        postal={form: postal(one) for form, one in row["postal"].items()},
        voice=Phone(row["voice"], row["voice_ext"]),
        fax=Phone(row["fax"], row["fax_ext"]),
        email=row["email"],
        disclose=_disclose(row["disclose"]),
        created_at=known_instant(row["created_at"]),
        updated_at=instant(row["updated_at"]),
    )


def postal(row: Json) -> Postal:
    """One form of ``contact.postal``."""
    return Postal(**{**row, "street": tuple(row.get("street", ()))})


def mark(row: Json) -> MarkRecord:
    """A row of ``published.mark`` as JSON."""
    return MarkRecord(
        id=row["id"],
        look=row["look"],
        state=row["state"],
        issued_at=known_instant(row["issued_at"]),
        site=row["site"],
        origin=row["origin"],
        hosts=tuple(row["hosts"]),
    )


def summary(row: Json) -> NameSummary:
    """Name, text, birth and life of a domain as JSON."""
    return NameSummary(row["name"], row["unicode"], known_instant(row["created_at"]), row["is_live"])


def _disclose(row: Json | None) -> Disclose | None:
    return Disclose(row["flag"], frozenset(row["elements"])) if row else None
