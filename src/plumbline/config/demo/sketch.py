"""The photo of a whiteboard: how the processes of Linden Metalwork hang together."""

from io import BytesIO
from itertools import pairwise

SIZE, MARGIN, BOX, TOP = (1200, 640), 60, (230, 110), 260
CHAIN = ("Enquiry and order", "Cutting, bending", "Welding", "Stores, dispatch")
ABOVE, BELOW = "Managing and improving", "Purchasing, work outside (powder coat)"
BOARD, FRAME, PEN, RED = "#f7f8f5", "#9aa0a6", "#1d3d8f", "#b3261e"


def whiteboard() -> bytes:
    """A PNG of a chain of processes, with one above and one below."""
    from PIL import Image, ImageDraw, ImageFont

    board = Image.new("RGB", SIZE, BOARD)
    draw, font = ImageDraw.Draw(board), ImageFont.load_default(22)
    draw.rectangle((0, 0, SIZE[0] - 1, SIZE[1] - 1), outline=FRAME, width=14)
    gap = (SIZE[0] - 2 * MARGIN - len(CHAIN) * BOX[0]) // (len(CHAIN) - 1)
    places = [MARGIN + at * (BOX[0] + gap) for at in range(len(CHAIN))]

    def box(left: int, top: int, width: int, text: str, pen: str) -> None:
        draw.rounded_rectangle((left, top, left + width, top + BOX[1]), 14, outline=pen, width=4)
        draw.text((left + width // 2, top + BOX[1] // 2), text, pen, font, "mm")

    for left, text in zip(places, CHAIN, strict=True):
        box(left, TOP, BOX[0], text, PEN)
    for left, right in pairwise(places):
        end, middle = right - 6, TOP + BOX[1] // 2
        draw.line((left + BOX[0] + 6, middle, end, middle), PEN, 4)
        draw.polygon(((end, middle), (end - 16, middle - 10), (end - 16, middle + 10)), PEN)
    box(MARGIN, 70, SIZE[0] - 2 * MARGIN, ABOVE, RED)
    box(places[1], 450, places[2] + BOX[0] - places[1], BELOW, PEN)
    written = BytesIO()
    board.save(written, "PNG")
    return written.getvalue()
