"""How much of a file is read before it is cut short or refused; every reader keeps to these figures."""

MEGABYTE = 1024 * 1024

FILE_BYTES = 200 * MEGABYTE
"""A single file; larger ones are refused."""
ARCHIVE_BYTES = 4096 * MEGABYTE
"""All files of one archive together, unpacked."""
ARCHIVE_ENTRIES = 20_000
FOLDER_FILES = 50_000
DIRECTORY_BYTES = 8 * MEGABYTE
"""The table of contents of an archive."""
RATIO = 200
"""Unpacked to packed; text seldom passes 30, deflate's end is 1,032."""
RATIO_FROM_BYTES = 4 * MEGABYTE
"""Entries smaller than this may have any ratio."""
PACKAGE_ENTRIES = 5_000
PART_BYTES = 64 * MEGABYTE
"""One XML part of an Office file, unpacked."""
PACKAGE_BYTES = 512 * MEGABYTE
"""An Office file unpacked, pictures included (which are never unpacked)."""
ELEMENTS = 1_500_000
DEPTH = 200
SECONDS = 4.0
"""Processor time one file may take, of the thread that reads it: others may be busy meanwhile."""
WALL_SECONDS = 20.0
"""Time on the clock one PDF may take on a busy machine."""
CHILD_BYTES = 448 * MEGABYTE
PDF_PAGES = 500
PDF_PAGES_REFUSED = 50_000
TEXT_BYTES = 8 * MEGABYTE
"""Plain text, CSV, HTML and Markdown: the part that is read."""
MARKDOWN_BYTES = MEGABYTE // 2
"""Longer Markdown is read as plain text."""
CHARACTERS = 2_000_000
PARAGRAPH = 20_000
TABLE_ROWS = 20_000
TABLE_COLUMNS = 200
CELLS = 200_000
PIXELS = 100_000_000
