"""Images: kept as files without text; only their size and form are read."""

import warnings

from plumbline.reading import limits
from plumbline.reading.readings import Draft, Reading
from plumbline.reading.refusals import Refused
from plumbline.reading.sources import Source

FORMATS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
}
_HEIF = {b"heic", b"heix", b"mif1", b"msf1", b"heif", b"avif"}


def is_picture(head: bytes) -> bool:
    """Whether the first bytes are those of an image we keep."""
    return (
        head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*"))
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[:2] == b"BM" and head[6:10] == b"\x00\x00\x00\x00" and len(head) > 26)
        or (head[4:8] == b"ftyp" and head[8:12] in _HEIF)
    )


def read_picture(source: Source) -> Reading:
    """The reading of an image: no text, its size among the properties; raises Refused."""
    from PIL import Image, UnidentifiedImageError

    if source.head[4:8] == b"ftyp":
        return Draft("image/avif" if source.head[8:12] == b"avif" else "image/heic").finish()
    source.file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(source.file, formats=tuple(FORMATS)) as image:
                width, height, form = image.width, image.height, image.format or ""
                if width * height > limits.PIXELS:
                    raise Refused("too_many_pixels", width=width, height=height)
                if form == "PNG":
                    image.verify()
    except Image.DecompressionBombError as error:
        raise Refused("too_many_pixels", width="?", height="?") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError) as error:
        raise Refused("damaged", kind="image") from error
    if form == "JPEG" and b"\xff\xd9" not in source.last(65_536):
        raise Refused("damaged", kind="image")
    draft = Draft(FORMATS[form])
    draft.reading.properties = {"width": str(width), "height": str(height)}
    return draft.finish()
