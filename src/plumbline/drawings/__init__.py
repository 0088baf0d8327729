"""What a drawing says and how it looks, from DXF and SVG: plain Python, usable without Django."""

from plumbline.drawings.asking import Drawing, NoDrawing, is_dxf, read_dxf
from plumbline.drawings.vectors import is_svg, read_svg

__all__ = ["Drawing", "NoDrawing", "is_dxf", "is_svg", "read_dxf", "read_svg"]
