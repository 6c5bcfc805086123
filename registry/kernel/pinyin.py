"""How a name sounds: the first reading of each Han character, without tone. Pure.

One character always gives one reading, so a name and its homophone meet under the same key; that is what comparison needs. The table
``tables/pinyin.zlib`` was made from the single-character dictionary of pypinyin (MIT, itself from the Unihan database) and loads in a few
milliseconds, where the whole library with its phrases takes half a second of every service's start; a test compares the two.
"""

import zlib
from functools import cache
from importlib import resources


def sounds(text: str) -> tuple[str, ...]:
    """The reading of each character (``lü`` is written ``lv``); one that has none stands for itself."""
    table = _table()
    return tuple(table.get(ord(character), character) for character in text)


def sound(text: str) -> str:
    """All readings in one string: 清华大学 gives ``qinghuadaxue``."""
    return text.translate(_table())


@cache
def _table() -> dict[int, str]:
    packed = (resources.files("registry.kernel.tables") / "pinyin.zlib").read_bytes()
    rows = (line.split(" ", 1) for line in zlib.decompress(packed).decode().splitlines())
    return {ord(character): reading for reading, characters in rows for character in characters}
