"""The machines for 550,000 watched sites, from measured figures: a plan that is printed, with its arithmetic.

Reads the JSON lines of the other benchmarks (``python bench/monitor_leases.py | python bench/monitor_plan.py -``) or takes the figures as
arguments; what was not measured on this machine is taken from the targets and marked so. Half of each machine is kept free for bad days.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from math import ceil
from pathlib import Path

SITES = 550_000
PLACES = 3
HEADROOM = 0.5  # of a machine that ordinary days may use
DAY = 86_400
CHANGED = 0.05  # of the pulses that find another page and so call for a whole look
RENDER_SECONDS = 1.0  # of a core for one drawn page (verifier.md 4.1)
CORES = 8  # of a machine that draws pages


@dataclass(frozen=True)
class Work:
    """``rate`` a second over the fleet; ``each`` what one machine does a second."""

    name: str
    rate: float
    each: float
    source: str

    @property
    def machines(self) -> int:
        """How many machines do it on an ordinary day."""
        return ceil(self.rate / (self.each * HEADROOM))


def plan(pulses: float, pages: float, leases: float, sources: dict[str, str], pulse_minutes: float) -> list[Work]:
    """The kinds of work, each with its machines."""
    pulse_rate = SITES * PLACES / (pulse_minutes * 60)
    page_rate = SITES * PLACES / 3600 + pulse_rate * CHANGED
    daily = SITES / DAY
    return [
        Work("pulse", pulse_rate, pulses, sources.get("monitor_pulse", "target")),
        Work("page", page_rate + daily, pages, sources.get("monitor_page", "target")),
        Work("lease table", pulse_rate + page_rate + daily, leases, sources.get("monitor_leases", "target")),
        Work("rendered", daily, CORES / RENDER_SECONDS, "verifier.md 4.1"),
    ]


def main() -> None:
    """Print one JSON line a kind of work and cadence."""
    parser = argparse.ArgumentParser()
    parser.add_argument("figures", nargs="?", help="a file of benchmark lines, or - for standard input")
    parser.add_argument("--pulse", type=float, default=800)
    parser.add_argument("--page", type=float, default=300)
    parser.add_argument("--leases", type=float, default=10_000)
    wanted = parser.parse_args()
    found = {"monitor_pulse": wanted.pulse, "monitor_page": wanted.page, "monitor_leases": wanted.leases}
    sources: dict[str, str] = {}
    if wanted.figures:
        text = sys.stdin.read() if wanted.figures == "-" else Path(wanted.figures).read_text()
        rows = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
        for row in rows:
            if row["bench"] in found:
                found[row["bench"]], sources[row["bench"]] = row["value"], "measured"
    for minutes in (72, 5):  # the official twenty a day, and what finds a defaced page within minutes
        for work in plan(found["monitor_pulse"], found["monitor_page"], found["monitor_leases"], sources, minutes):
            line = {
                "bench": f"monitor_plan_{work.name.replace(' ', '_')}", "value": work.machines, "unit": "machines",
                "sites": SITES, "places": PLACES, "pulse_minutes": minutes, "rate": round(work.rate, 1), "each": work.each, "source": work.source,
            }  # fmt: skip
            sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
