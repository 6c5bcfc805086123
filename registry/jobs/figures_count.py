"""Count the figures of the establishment, so that pages read some hundred rows and never millions."""

from registry.flows.act import Caller
from registry.flows.figures.read import count_figures
from registry.flows.runner import Runner

CALLER = Caller("job", "count-figures")


async def run_count(runner: Runner) -> int:
    """One act; a month that no run saw has no point in the line. Returns 0: nothing that anybody waits for was done."""
    await runner.run(CALLER, count_figures)
    return 0
