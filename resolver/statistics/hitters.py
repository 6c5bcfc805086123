"""The names that are asked for most, in bounded memory whatever is asked (Misra and Gries 1982).

At most ``places`` names are kept with a count each. A name that finds no place takes one from everybody's count, and whoever has none left
goes. So a name that got more than ``total / (places + 1)`` of all questions is always there, and a count is too low by at most
that much; a flood of names that each come once leaves nothing behind.
"""


class Hitters:
    """See above."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._counts: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._counts)

    def add(self, name: bytes, number: int) -> None:
        """Count a name."""
        counts = self._counts
        if name in counts:
            counts[name] += number
        elif len(counts) < self._places:
            counts[name] = number
        else:
            self._take_from_all(name, number)

    def _take_from_all(self, name: bytes, number: int) -> None:
        taken = min(number, *self._counts.values())
        self._counts = {each: count - taken for each, count in self._counts.items() if count > taken}
        if number > taken:
            self._counts[name] = number - taken

    def top(self, number: int) -> list[tuple[bytes, int]]:
        """The names with the highest counts, highest first."""
        return sorted(self._counts.items(), key=lambda pair: (-pair[1], pair[0]))[:number]
