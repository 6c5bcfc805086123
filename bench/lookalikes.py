"""The look-alike index at a million official names: seconds to build, look-ups a second, memory, and what it finds.

Prints one JSON line a figure. The names are synthetic bodies with a number of their own where they repeat; the strangers are as many synthetic
bodies of another seed (honest), and one in ten a copy (a traditional form, an added word, a neighbour doubled, pinyin). Look-ups are asked in
batches of :data:`BATCH`, as the feeds do. Usage: ``python bench/lookalikes.py [--names 1000000] [--strangers 100000]``.
"""

import argparse
import json
import resource
import sys
import time
from itertools import islice
from pathlib import Path

# A script's own folder comes first on the path, and there files would hide libraries of the same name.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from registry.establishment.generate import generate  # noqa: E402  # see above
from registry.kernel.pinyin import sound  # noqa: E402  # see above
from verifier.lookalikes.index import Index  # noqa: E402  # see above

BATCH = 1000  # what a second of the change feed or of certificate transparency brings
COPY_EVERY = 10


def say(bench: str, value: float, unit: str) -> None:
    sys.stdout.write(json.dumps({"bench": bench, "value": round(value, 1), "unit": unit}) + "\n")
    sys.stdout.flush()


def names_of(count: int, seed: int) -> list[str]:
    """``count`` different names; where the generator repeats itself a town is put in front."""
    seen: dict[str, None] = {}
    for number, body in enumerate(generate(count * 2, seed)):
        seen[body.name if body.name not in seen else f"{_town(number)}{body.name}"] = None
        if len(seen) == count:
            break
    return list(seen)


def _town(number: int) -> str:
    signs = "安平永和兴隆福寿康宁清溪石桥青林白沙金河"
    return "".join(signs[number // len(signs) ** power % len(signs)] for power in range(4)) + "镇"


def copy_of(name: str, number: int) -> str:
    """A copy of one of four kinds."""
    return (f"{name}官网", f"中国{name}在线", name[:-1] + name[-1] * 2, sound(name))[number % 4]


def memory_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Build, ask, tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--strangers", type=int, default=100_000)
    wanted = parser.parse_args()
    names = names_of(wanted.names, 1)
    honest = names_of(wanted.strangers, 2)
    asked = [copy_of(names[n * 7 % len(names)], n) if n % COPY_EVERY == 0 else one for n, one in enumerate(honest)]
    before = memory_mib()
    start = time.perf_counter()
    index = Index(names)
    say("lookalikes_build", time.perf_counter() - start, "s")
    found = ask(index, asked)
    copies = [n for n in range(len(asked)) if n % COPY_EVERY == 0]
    originals = {n: names[n * 7 % len(names)] for n in copies}
    hits = sum(1 for n in copies if originals[n] in found[n])
    say("lookalikes_copies_found", 100 * hits / len(copies), "percent")
    say("lookalikes_tables", index.octets / (1 << 20), "MiB")
    say("lookalikes_peak_memory", memory_mib(), f"MiB at {len(index)} names ({before:.0f} before the index)")


def ask(index: Index, asked: list[str]) -> list[set[str]]:
    """All look-ups in batches, timed."""
    found: list[set[str]] = []
    start, cpu = time.perf_counter(), time.process_time()
    rest = iter(asked)
    while batch := list(islice(rest, BATCH)):
        found.extend({match.official for match in matches} for matches in index.look_up(batch))
    say("lookalikes_lookups", len(asked) / (time.perf_counter() - start), "1/s")
    say("lookalikes_lookups_cpu", len(asked) / (time.process_time() - cpu), "1/s of one core")
    return found


if __name__ == "__main__":
    main()
