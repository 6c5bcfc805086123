"""Which data centre owns a body: the central one its own, each province everything else in its region.

Two levels of data centres keep the bodies of the country: what is below a province is collected by the province, what is central by the
centre. A centre may write only what is its own; whatever else stands in its file is rejected by row.
"""

CENTRAL_CENTRE = "00"
CENTRAL_PREFIXES = ("00", "10")  # both spellings of the centre (CONTRACT: 000000 or 100000)


def owner_of(region: str, level: str) -> str:
    """The data centre that owns a body: ``00``, or the first two digits of its region."""
    return CENTRAL_CENTRE if level == "central" or region[:2] in CENTRAL_PREFIXES else region[:2]
