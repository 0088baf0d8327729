"""Builds the icon sprite from a folder of Tabler's outline icons: `python -m plumbline.ui.sprite FOLDER`."""

import re
import sys
from pathlib import Path

NAMES = """
activity adjustments alert-circle alert-triangle archive arrow-back-up arrow-forward-up arrow-left arrow-right
arrows-join-2 arrows-sort arrows-split-2 at ban bell blockquote bold book bookmark books braces building
building-factory-2 bulb calendar calendar-due camera certificate chart-bar chart-line check chevron-down chevron-left
chevron-right circle-check circle-dashed clear-formatting clipboard-check clipboard-list clock cloud-upload code
column-insert-left column-insert-right column-remove copy database dots dots-vertical download external-link eye
eye-off file file-spreadsheet file-symlink file-text file-type-docx file-type-pdf filter flag folder forms gavel
git-branch git-compare grip-vertical help hierarchy history home indent-decrease indent-increase info-circle
input-search italic key keyboard language link list list-check list-details list-numbers lock logout mail map-pin menu-2
message moon package paperclip pencil photo plus point printer qrcode refresh report-analytics road row-insert-bottom
row-insert-top row-remove ruler-measure scale school search selector send separator settings shield-check
shopping-cart signature sitemap sort-ascending sort-descending speakerphone star strikethrough sun table table-row tag
target thumb-down thumb-up tool trash truck underline upload user users world x
"""
ICONS = NAMES.split()

TARGET = Path(__file__).parent / "static" / "ui" / "vendor" / "tabler-icons.svg"
NOTICE = "<!-- Tabler Icons, MIT License, Copyright (c) 2020-2026 Pawel Kuna; see LICENSES.txt beside this file -->"
BLANK = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>')


def symbol(name: str, source: str) -> str:
    """Returns one icon as a <symbol> of the sprite."""
    drawing = BLANK.sub("", source[source.index(">", source.index("<svg")) + 1 : source.rindex("</svg>")])
    return f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(line.strip() for line in drawing.splitlines())}</symbol>'


def sprite(folder: Path) -> str:
    """Returns the whole sprite; raises FileNotFoundError for a name that Tabler does not have."""
    symbols = "\n".join(symbol(name, (folder / f"{name}.svg").read_text()) for name in ICONS)
    return f'{NOTICE}\n<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


if __name__ == "__main__":
    TARGET.write_text(sprite(Path(sys.argv[1])))
