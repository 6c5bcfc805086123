"""A public body as the establishment database (机构编制名录库) knows it: one row of the establishment file."""

from dataclasses import dataclass
from datetime import date, datetime

CENTRAL_REGIONS = frozenset({"000000", "100000"})  # CONTRACT: region of bodies of the centre
CENTRAL, PROVINCE, CITY, COUNTY, TOWN = "central", "province", "city", "county", "town"


@dataclass(frozen=True, slots=True)
class Body:
    """Fields are the columns of the establishment file (CONTRACT), lists as tuples, empty dates as ``None``.

    ``region`` is a GB/T 2260 code; ``kind`` the first two characters of the code, ``00`` for an internal code;
    ``status`` one of normal, renamed, merged, split, abolished, cancelled, suspended.
    """

    uscc: str
    name: str
    aliases: tuple[str, ...] = ()
    short_names: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    kind: str = "11"
    administrative: bool = False
    region: str = "000000"
    level: str = "central"
    sponsor_uscc: str = ""
    authority: str = ""
    address: str = ""
    legal_representative: str = ""
    phone: str = ""
    status: str = "normal"
    established_on: date | None = None
    valid_until: date | None = None
    annual_report_year: int | None = None
    successor_uscc: str = ""
    changed_at: datetime | None = None

    @property
    def alive(self) -> bool:
        """Whether the body exists today: ``normal``, or ``renamed`` without a successor (NAME-POLICY, "Holder")."""
        return is_alive(self.status, self.successor_uscc)

    @property
    def central(self) -> bool:
        """Whether it is a body of the centre."""
        return self.level == CENTRAL or self.region in CENTRAL_REGIONS

    @property
    def current_names(self) -> tuple[tuple[str, str], ...]:
        """Every name of today with its role (``full``, ``short``, ``alias``), the strongest role first."""
        return (
            ("full", self.name),
            *(("short", name) for name in self.short_names),
            *(("alias", name) for name in self.aliases),
        )


def is_alive(status: str, successor_uscc: str) -> bool:
    """The same for a row that is not a whole body."""
    return status == "normal" or (status == "renamed" and not successor_uscc)
