"""Makes ``verifier/lookalikes/tables/shapes.zlib``: pairs of Han characters that are nearly the same picture.

Every character of the basic block is drawn by Noto Sans CJK SC (Debian package ``fonts-noto-cjk``, SIL Open Font License) in a square of
:data:`SIDE` points, softened by one point, and compared with every character of GB 2312 by the correlation of the two pictures. Facts
about shapes are measured, nothing of the font is kept. Run: ``python -m tests.lookalikes.measure_shapes`` (some two minutes).
"""

import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIDE = 28
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SIMPLIFIED = 2  # the face "SC" within the collection
ALIKE = 0.80  # chosen by eye: 清 and 请 lie at 0.82, 江 and 河 far below
MOST = 16  # neighbours of one character
OUT = Path(__file__).parents[2] / "verifier/lookalikes/tables/shapes.zlib"
Pictures = np.ndarray[Any, np.dtype[np.float32]]


def drawn(characters: list[str]) -> Pictures:
    """One normalised row a character."""
    font = ImageFont.truetype(FONT, SIDE - 2, index=SIMPLIFIED)
    rows = np.empty((len(characters), SIDE * SIDE), np.float32)
    for number, character in enumerate(characters):
        picture = Image.new("L", (SIDE, SIDE))
        ImageDraw.Draw(picture).text((1, SIDE // 2), character, font=font, fill=255, anchor="lm")
        rows[number] = np.asarray(picture.filter(ImageFilter.GaussianBlur(1.0)), np.float32).ravel()
    rows -= rows.mean(axis=1, keepdims=True)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return rows


def common() -> list[str]:
    """The characters of GB 2312."""
    codes = (bytes((high, low)) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    texts = (code.decode("gb2312", "ignore") for code in codes)
    return [text for text in texts if len(text) == 1]


def alike() -> Iterator[tuple[str, str, float]]:
    """(strange, common, correlation) of pairs above :data:`ALIKE`, the nearest first."""
    targets = common()
    fixed = drawn(targets)
    every = [chr(code) for code in range(0x4E00, 0x9FA6)]
    for start in range(0, len(every), 1000):
        part = every[start : start + 1000]
        scores = drawn(part) @ fixed.T
        for row, character in enumerate(part):
            nearest = np.argsort(-scores[row])[: MOST + 1]
            yield from (
                (character, targets[n], float(scores[row, n]))
                for n in nearest
                if scores[row, n] >= ALIKE and targets[n] != character
            )


def main() -> None:
    """Write the table: lines of one common character and all that look like it."""
    groups: dict[str, set[str]] = {}
    for strange, usual, _ in alike():
        groups.setdefault(usual, set()).add(strange)
    lines = (usual + "".join(sorted(strange)) for usual, strange in sorted(groups.items()))
    OUT.write_bytes(zlib.compress("\n".join(lines).encode(), 9))
    sys.stdout.write(f"{len(groups)} characters, {sum(map(len, groups.values()))} pairs, {OUT.stat().st_size} octets\n")


if __name__ == "__main__":
    main()
