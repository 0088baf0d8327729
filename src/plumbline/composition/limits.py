"""How much content is taken before it is cut short or refused; everything in this layer keeps to these figures."""

MEGABYTE = 1024 * 1024

JSON_BYTES = 16 * MEGABYTE
"""Written content as text; 300 pages are about 3 MB."""
NODES = 400_000
DEPTH = 40
"""Nodes within nodes; a list of the tenth level inside a table is 26 deep."""
CHARACTERS = 6_000_000
LABEL = 500
"""Characters of a hint, a label, a title or an alternative text."""
ADDRESS = 2_000
SPAN = 200
"""Columns or rows one cell may span."""

HTML_BYTES = 24 * MEGABYTE
"""Elements within elements of a foreign page; what is deeper is flattened."""
MARKDOWN_BYTES = MEGABYTE
TEXT_BYTES = 4 * MEGABYTE
"""Plain text, CSV and HTML as shown: the part that is read."""

PACKAGE_ENTRIES = 5_000
PACKAGE_BYTES = 512 * MEGABYTE
"""An Office file unpacked."""
PART_BYTES = 64 * MEGABYTE
"""One XML part of it."""
RATIO = 200
"""Unpacked to packed; text seldom passes 30."""
RATIO_FROM_BYTES = 4 * MEGABYTE

PICTURE_BYTES = 2 * MEGABYTE
"""One picture inside what is shown."""
PICTURES_BYTES = 12 * MEGABYTE
"""All pictures of one file as shown; further ones are named by their text."""

ROWS = 2_000
COLUMNS = 60
CELLS = 40_000
"""Cells of a workbook as shown, all sheets together."""
PAGES = 1_000
SLIDES = 1_000
SHEETS = 20
"""Sheets of a scan that are shown."""
SHEET_SIDE = 2_400
"""Pixels of the longer side of a sheet as shown; A4 at 200 to the inch."""
PIXELS = 100_000_000
PROGRAM_BYTES = 512 * MEGABYTE
"""Memory of the program that reads a PDF, beside the file itself."""
PROGRAM_SECONDS = 20

BLOCKS = 16_000
"""Blocks of one side of a redline that are aligned at a time; 300 pages are about 6,000."""
WORDS = 4_000
"""Words of one block that are compared one by one; longer blocks are shown whole, old and new."""
WORK = 100_000_000
"""Pairs of words looked at in one redline before the remaining changed blocks are shown whole."""
