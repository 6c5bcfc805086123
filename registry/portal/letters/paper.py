"""A letter on paper: A4 as PDF, with a number, a code and a QR that lead back to the registry. Pure but for the font file.

The text is set in the font that ``portal.letter_font`` names (TrueType, embedded); without one in STSong-Light, which the reader's
program brings along (Adobe-GB1, PDF 32000-1 section 9.7.5.2), so a letter is never without its characters.
"""

import io
from functools import lru_cache
from pathlib import Path

import segno
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

from registry.kernel.clock import BEIJING
from registry.kernel.errors import Fault
from registry.model.letter import Letter

LATIN = "Helvetica"
MARGIN = 28 * mm
QR_SIDE = 26 * mm


def on_paper(letter: Letter, code: str, link: str, font_file: str = "") -> bytes:
    """The PDF; the same letter gives the same octets."""
    font, file = _font(font_file), io.BytesIO()
    document = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=48 * mm, title=letter.title,
        author="正名 Zhengming", subject=letter.id, lang="zh-CN", invariant=1,
    )  # fmt: skip

    def foot(canvas: Canvas, _: SimpleDocTemplate) -> None:
        _draw_foot(canvas, font, letter, code, link)

    document.build(_story(letter, font), onFirstPage=foot, onLaterPages=foot)
    return file.getvalue()


def _story(letter: Letter, font: str) -> list[Paragraph | Spacer]:
    title = ParagraphStyle("title", fontName=font, fontSize=20, leading=30, alignment=TA_CENTER)
    number = ParagraphStyle("number", fontName=font, fontSize=10.5, leading=16, alignment=TA_CENTER)
    chinese = ParagraphStyle("zh", fontName=font, fontSize=13, leading=24, wordWrap="CJK", spaceAfter=8)
    english = ParagraphStyle(
        "en", fontName=font, fontSize=9.5, leading=14, textColor="#444444", wordWrap="CJK", spaceAfter=5
    )
    end = ParagraphStyle("end", fontName=font, fontSize=13, leading=24, alignment=TA_RIGHT)
    day = letter.at.astimezone(BEIJING)
    return [
        Paragraph(_safe(letter.title), title), Paragraph(_safe(letter.id), number), Spacer(1, 8 * mm),
        *(Paragraph(_safe(part), chinese) for part in letter.text_zh.split("\n\n")),
        Spacer(1, 6 * mm), Paragraph("正名注册管理机构", end), Paragraph(f"{day.year}年{day.month}月{day.day}日", end), Spacer(1, 8 * mm),
        *(Paragraph(_safe(part), english) for part in letter.text_en.split("\n\n")),
    ]  # fmt: skip


def _draw_foot(canvas: Canvas, font: str, letter: Letter, code: str, link: str) -> None:
    canvas.saveState()
    _draw_qr(canvas, link, A4[0] - MARGIN - QR_SIDE, 14 * mm)
    canvas.setFont(font, 9)
    grouped = "-".join(code[at : at + 4] for at in range(0, len(code), 4))
    for place, line in enumerate(
        (
            f"文号 {letter.id}　校验码 {grouped}",
            "扫描右侧二维码，或在下列地址输入文号和校验码，核对本文书是否属实：",
            link.partition("?")[0],
        )
    ):
        canvas.drawString(MARGIN, 34 * mm - place * 5 * mm, line)
    canvas.restoreState()


def _draw_qr(canvas: Canvas, link: str, left: float, below: float) -> None:
    rows = [list(row) for row in segno.make(link, error="m", micro=False).matrix]
    side = QR_SIDE / len(rows)
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            if is_dark:
                canvas.rect(left + x * side, below + (len(rows) - 1 - y) * side, side, side, stroke=0, fill=1)


def _safe(text: str) -> str:
    """Text for reportlab's little markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br/>")


@lru_cache(maxsize=4)
def _font(font_file: str) -> str:
    if not font_file:
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        return "STSong-Light"
    try:
        pdfmetrics.registerFont(TTFont("letter", Path(font_file)))
    except (TTFError, OSError) as error:
        raise Fault(f"portal.letter_font {font_file}: {error}") from error
    return "letter"
