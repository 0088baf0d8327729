"""Photos of a report: turned upright, made small and freed of what the camera wrote into them."""

from base64 import b64encode
from io import BytesIO

from plumbline.registers.evaluation.audits.report.facts import Photo

LONGEST_SIDE = 1000  # pixels; 53 mm wide on paper is then 480 dpi at most
QUALITY = 78


def small(photo: Photo) -> bytes | None:
    """The photo as a small JPEG, or None if it is no picture that can be shown."""
    from PIL import Image, ImageOps

    try:
        with Image.open(BytesIO(photo.content)) as opened:
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    kept = BytesIO()
    upright.save(kept, "JPEG", quality=QUALITY)
    return kept.getvalue()


def inlined(photo: Photo) -> dict[str, str]:
    """The photo's name, and its picture as a data URL (empty when it cannot be shown)."""
    content = small(photo)
    url = f"data:image/jpeg;base64,{b64encode(content).decode()}" if content else ""
    return {"name": photo.name, "url": url}
