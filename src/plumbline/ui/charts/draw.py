"""What all charts share: escaping, texts, patterns that tell states apart without colour, the frame of a picture."""

from dataclasses import dataclass
from zlib import crc32

INK, SOFT, LINE, EDGE, SURFACE = "#1b2530", "#4f5b68", "#dde1e6", "#7d8896", "#ffffff"
FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'Liberation Sans', sans-serif"
GLYPH = 0.56  # average width of a letter, as a share of the font size


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is drawn: fill, colour of the figure on it, and the overlay that works without colour."""

    fill: str
    figure: str
    overlay: str = ""


STATES: dict[str, Look] = {
    "met": Look("#2a7d4f", "#ffffff"),
    "partly": Look(
        "#e8b23c", "#1b2530", '<path d="M-1 1L1 -1M0 10L10 0M9 11L11 9" stroke="#8a5f00" stroke-width="1"/>'
    ),
    "not-met": Look("#b93a33", "#ffffff", '<path d="M0 5h10" stroke="#7d1f1a" stroke-width="1.4"/>'),
    "not-audited": Look(
        "#c3cad2",
        "#1b2530",
        '<circle cx="2.5" cy="2.5" r="1" fill="#66727f"/><circle cx="7.5" cy="7.5" r="1" fill="#66727f"/>',
    ),
    "not-applicable": Look("#ffffff", "#1b2530"),
    "plan": Look("#175a8c", "#ffffff"),
}


@dataclass(frozen=True, slots=True)
class Series:
    """One state of a chart: its code (a key of STATES) and its name in the reader's language."""

    code: str
    label: str


def clean(text: object) -> str:
    """Escapes a text for SVG."""
    plain = str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace('"', "&quot;").replace("'", "&#x27;")


def number(value: float) -> str:
    """Writes a coordinate short."""
    return f"{value:.1f}".removesuffix(".0")


def cut(text: str, width: float, size: float) -> str:
    """Shortens a text so that it fits a width in pixels."""
    room = max(int(width / (size * GLYPH)), 2)
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"


def words(
    x: float, y: float, text: object, size: float = 12, anchor: str = "start", css: str = "ink", weight: int = 400
) -> str:
    """Returns a text at a place."""
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    fill = INK if css == "ink" else SOFT
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    place = f'x="{number(x)}" y="{number(y)}" font-size="{number(size)}"'
    return f'<text {place} class="{css}" fill="{fill}"{side}{bold}>{clean(text)}</text>'


def figure_text(x: float, y: float, text: object, code: str, size: float = 12) -> str:
    """Returns a number that stands on a state's fill."""
    colour = STATES[code].figure
    css = ' class="ink"' if code == "not-applicable" else ""
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}" text-anchor="middle" font-weight="600"'
        f'{css} fill="{colour}">{clean(text)}</text>'
    )


def tile(
    x: float, y: float, width: float, height: float, code: str, key: str, hint: str = "", radius: float = 0
) -> str:
    """Returns a rectangle in the look of a state, with its pattern and a hint on hover."""
    look = STATES[code]
    shape = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"' + (
        f' rx="{radius}"' if radius else ""
    )
    border = f' stroke="{EDGE}" stroke-width="1"' if code == "not-applicable" else ""
    over = f'<rect {shape} fill="url(#{key}-{code})"/>' if look.overlay else ""
    title = f"<title>{clean(hint)}</title>" if hint else ""
    return f'<g>{title}<rect {shape} class="fill-{code}" fill="{look.fill}"{border}/>{over}</g>'


def key_of(*parts: object) -> str:
    """Returns a short id that is the same for the same picture, so that a report is reproducible to the byte."""
    return f"c{crc32(repr(parts).encode()):08x}"


def patterns(codes: list[str], key: str) -> str:
    """Returns the overlays of the states in use."""
    made = [
        f'<pattern id="{key}-{code}" width="10" height="10" patternUnits="userSpaceOnUse">'
        f"{STATES[code].overlay}</pattern>"
        for code in dict.fromkeys(codes)
        if STATES[code].overlay
    ]
    return f"<defs>{''.join(made)}</defs>" if made else ""


def picture(width: float, height: float, inner: str, title: str, desc: str = "", css: str = "", key: str = "") -> str:
    """Returns the finished SVG with title and description for those who do not see it."""
    key = key or key_of(title, desc, width, height, inner)
    name, about = clean(title), clean(desc)
    more = f'<desc id="{key}-d">{about}</desc>' if desc else ""
    described = f' aria-describedby="{key}-d"' if desc else ""
    across, down, classes = number(width), number(height), f"pl-chart {css}".strip()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{classes}" role="img" aria-labelledby="{key}-t"{described}'
        f' viewBox="0 0 {across} {down}" width="{across}" height="{down}" font-family="{FONT}">'
        f'<title id="{key}-t">{name}</title>{more}{inner}</svg>'
    )


def legend(series: list[tuple[Series, object]], y: float, width: float, key: str) -> tuple[str, float]:
    """Returns a legend that wraps, each state with its figure, and the height it took."""
    parts, x, line = [], 0.0, 0
    for one, figure in series:
        text = f"{one.label} {figure}".strip()
        room = 26 + len(text) * 12 * GLYPH + 14
        if x and x + room > width:
            x, line = 0.0, line + 1
        top = y + line * 22
        parts.append(tile(x + 1, top, 14, 14, one.code, key, radius=2) + words(x + 21, top + 11.5, text))
        x += room
    return "".join(parts), (line + 1) * 22
