"""Run as its own short-lived program: the words of a DXF and an SVG of it as JSON on standard output, under limits.

Pictures, sheets and fonts that the drawing names elsewhere are never opened.
Arguments: path, bytes of memory, seconds of processor time, texts, bytes of the picture (0: none).
"""

import contextlib
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

SIDE = 1200
"""Pixels of the longer side of the picture."""
_SAID = ("TEXT", "ATTRIB", "ATTDEF")
_UNITS = {1: "in", 2: "ft", 4: "mm", 5: "cm", 6: "m"}


def limit(memory: int, seconds: int) -> None:
    """Bound memory and processor time where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def said(entity: Any) -> Iterator[str]:
    """The words of one entity; a dimension says its measure, or what stands in its place."""
    kind = entity.dxftype()
    if kind in _SAID or kind in ("MTEXT", "MULTILEADER"):
        yield from _plain(entity, kind).split("\n")
    elif kind == "DIMENSION":
        own = entity.dxf.get("text", "<>")
        with contextlib.suppress(Exception):
            measure = f"{float(entity.get_measurement()):.6g}"
            own = own.replace("<>", measure) if own.strip() else own
        yield own
    elif kind == "INSERT":
        for attribute in entity.attribs:
            yield from said(attribute)


def _plain(entity: Any, kind: str) -> str:
    if kind == "MULTILEADER":
        from ezdxf.tools.text import plain_mtext

        return str(plain_mtext(entity.get_mtext_content()))
    return str(entity.plain_text())


def words(document: Any, most: int) -> list[str]:
    """What stands on the sheets and in the blocks, from the top down, none twice in a row."""
    found: list[str] = []
    sheets = [document.modelspace(), *(document.layout(name) for name in document.layout_names_in_taborder()[1:])]
    for sheet in [*sheets, *(block for block in document.blocks if _drawn(block.name))]:
        for entity in sorted(sheet, key=_height, reverse=True):
            with contextlib.suppress(Exception):
                for text in said(entity):
                    line = " ".join(text.split())[:2000]
                    if line and (not found or found[-1] != line):
                        found.append(line)
            if len(found) >= most:
                return found[:most]
    return found


def _drawn(block: str) -> bool:
    """Whether a block is one of the drawing's own or a table; sheets and measures are blocks too."""
    return not block.startswith("*") or block.upper().startswith("*T")


def _height(entity: Any) -> float:
    with contextlib.suppress(Exception):
        return float(entity.dxf.get("insert", entity.dxf.get("defpoint", (0, 0, 0)))[1])
    return 0.0


def picture(document: Any, most: int) -> str:
    """The first sheet with something on it as SVG, grey on white; empty when it would be larger than asked."""
    from ezdxf.addons.drawing import Frontend, RenderContext, config, layout, svg

    drawn = config.Configuration(
        image_policy=config.ImagePolicy.IGNORE,
        background_policy=config.BackgroundPolicy.WHITE,
        color_policy=config.ColorPolicy.MONOCHROME_LIGHT_BG,
        hatching_timeout=2.0,
    )
    sheet = document.modelspace()
    if not len(sheet) and (others := [one for one in document.layouts if len(one)]):
        sheet = others[0]
    if not len(sheet):
        return ""
    backend = svg.SVGBackend()
    Frontend(RenderContext(document), backend, config=drawn).draw_layout(sheet)
    page = layout.Page(0, 0, layout.Units.mm, margins=layout.Margins.all(4), max_width=400, max_height=400)
    made = _as_wide_as_the_page(backend.get_string(page, xml_declaration=False))
    return made if len(made) <= most else ""


def _as_wide_as_the_page(svg: str) -> str:
    """The size of what is drawn may be that of a screw or of a town: it is told in pixels of one sheet instead."""
    size = re.search(r'width="[^"]*" height="[^"]*" viewBox="0 0 (\d+) (\d+)"', svg)
    if not size:
        return svg
    wide, high = int(size[1]), int(size[2])
    scale = SIDE / max(wide, high, 1)
    told = f'width="{max(1, round(wide * scale))}" height="{max(1, round(high * scale))}" viewBox="0 0 {wide} {high}"'
    return svg.replace(size[0], told, 1)


def main(path: str, most: int, bytes_: int) -> dict[str, Any]:
    import ezdxf
    from ezdxf import recover

    with open(path, "rb") as file:
        binary = file.read(18) == b"AutoCAD Binary DXF"
    document = ezdxf.readfile(path) if binary else recover.readfile(path)[0]
    properties = {"version": document.acad_release}
    if unit := _UNITS.get(document.header.get("$INSUNITS", 0)):
        properties["unit"] = unit
    drawn = ""
    if bytes_:
        with contextlib.suppress(Exception):  # the words are worth having also without the picture
            drawn = picture(document, bytes_)
    return {"texts": words(document, most), "properties": properties, "svg": drawn}


if __name__ == "__main__":
    memory, seconds, most, size = (int(argument) for argument in sys.argv[2:6])
    limit(memory, seconds)
    sys.stdout.buffer.write(json.dumps(main(sys.argv[1], most, size)).encode("ascii"))
