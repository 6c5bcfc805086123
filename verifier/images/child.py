"""The child that reads one picture: ``python -m verifier.images.child keep|read < picture``.

Writes a line of JSON and, for ``keep``, the picture drawn anew. Gives itself its bounds before it reads the first octet, so whatever a hostile
picture makes of the decoders ends with this process.
"""

import io
import json
import resource
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MEMORY = 1 << 30  # octets of address space: forty million pixels in colour, twice, and the libraries
PROCESSOR_SECONDS = 10
MAX_PIXELS = 40_000_000
CODE_SIDE = 2000  # pixels to which a picture is made smaller before codes are looked for
KEPT_SIDE = 2400  # what is kept as evidence must still be read, not printed as a poster
MAX_CODES = 8
MAX_TEXT = 2048  # characters of a code; the largest holds 4,296
FORMATS = ("PNG", "JPEG", "WEBP")


def main() -> None:
    """Read, look, tell."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    raw = sys.stdin.buffer.read()
    facts, content = look(raw, is_kept=sys.argv[1:] == ["keep"])
    sys.stdout.buffer.write(json.dumps(facts, ensure_ascii=True).encode() + b"\n" + content)


def look(raw: bytes, *, is_kept: bool) -> tuple[dict[str, object], bytes]:
    """The facts that :mod:`verifier.images.looking` reads, and the picture drawn anew (empty unless it is kept)."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # our own bound is held before anything is decoded
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as found:
            if found.width * found.height > MAX_PIXELS:
                return _refused("large"), b""
            is_drawing = found.format == "PNG"
            upright = ImageOps.exif_transpose(found).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError, EOFError):
        return _refused("broken"), b""
    facts: dict[str, object] = {
        "refused": "",
        "codes": _codes(upright),
        "content_type": "image/png" if is_drawing else "image/jpeg",
        "width": upright.width,
        "height": upright.height,
    }
    if not is_kept:
        return facts, b""
    upright.thumbnail((KEPT_SIDE, KEPT_SIDE))
    out = io.BytesIO()
    upright.save(out, "PNG", optimize=False) if is_drawing else upright.save(out, "JPEG", quality=88)
    return facts, out.getvalue()


def _codes(image: "Image.Image") -> list[str]:
    import zxingcpp

    smaller = image.copy()
    smaller.thumbnail((CODE_SIDE, CODE_SIDE))
    kinds = zxingcpp.BarcodeFormat.QRCode | zxingcpp.BarcodeFormat.MicroQRCode | zxingcpp.BarcodeFormat.DataMatrix
    texts = [code.text[:MAX_TEXT] for code in zxingcpp.read_barcodes(smaller, formats=kinds)[: MAX_CODES * 4]]
    return list(dict.fromkeys(text for text in texts if text))[:MAX_CODES]


def _refused(why: str) -> dict[str, object]:
    return {"refused": why, "codes": [], "content_type": "", "width": 0, "height": 0}


if __name__ == "__main__":
    main()
