"""`from_word`: a .docx, ours or anybody's, as written content."""

import hashlib
import re
from collections.abc import Callable
from copy import deepcopy
from html import escape
from typing import Any, BinaryIO

from plumbline.composition import limits
from plumbline.composition.markdown import FIELD_TEXT
from plumbline.composition.model import ATTACHMENT, FIELD, TARGET, Json, NotOurs
from plumbline.composition.packages import Unreadable
from plumbline.composition.parsing import from_html
from plumbline.composition.shown import seekable
from plumbline.composition.typed_numbers import without_typed_numbers
from plumbline.composition.word_pages import word_html
from plumbline.composition.word_parts import R, W, WordParts

KeepImage = Callable[[bytes, str, str], str | None]
"""From a picture's bytes, media type and description to its `attachment:<uid>`, or None to leave it out."""

_TYPED_PLACE = re.compile(r"\[\[([^\[\]\n<>]{1,500})\]\]")  # in HTML: with a tag in it, it stays text
_OPEN, _CLOSE = "\ue000", "\ue001"
_STAND_IN = re.compile(f"{_OPEN}([0-9]{{1,7}}){_CLOSE}")
_NAMED = re.compile(rf"({ATTACHMENT.pattern})(?: sha256:([0-9a-f]{{64}}))?")
_KINDS = {"doc": "document", "req": "requirement"}


LOCKED = "EncryptedPackage".encode("utf-16-le")  # what an Office file with a password is inside of


def from_word(stream: BinaryIO | bytes, keep_image: KeepImage = lambda content, media_type, alt: None) -> Json:
    """The content of a .docx: headings, lists, tables, pictures, links and what `to_word` marked; raises NotOurs."""
    with seekable(stream) as file:
        try:
            marked = _Marked(keep_image)
            html = word_html(file, marked.picture, marked.change)
        except Unreadable as error:
            raise NotOurs("locked" if _locked(file) else "no_word") from error
    return without_typed_numbers(from_html(marked.put_in(html)))


def _locked(file: BinaryIO) -> bool:
    """Whether it is an old container with an Office file behind a password in it, as its directory says."""
    file.seek(0)
    if file.read(4) != b"\xd0\xcf\x11\xe0":
        return False
    kept = b""
    while block := file.read(limits.MEGABYTE):
        if LOCKED in kept + block:
            return True
        kept = block[-len(LOCKED) :]
    return False


class _Marked:
    """Puts stand-ins where our content controls and pictures are, and puts their HTML in when the words are read."""

    def __init__(self, keep_image: KeepImage) -> None:
        self.keep_image = keep_image
        self.snippets: list[str] = []
        self.begun = False

    def change(self, block: Any, parts: WordParts) -> None:
        """Prepare one block of the body."""
        if not self.begun and _is_title(block, parts):
            for child in list(block):
                block.remove(child)
        self.begun = True
        for text in block.iter(f"{W}t"):
            if text.text and (_OPEN in text.text or _CLOSE in text.text):
                text.text = text.text.replace(_OPEN, "").replace(_CLOSE, "")
        for control in list(block.iter(f"{W}sdt")):
            self._control(control)
        for drawing in list(block.iter(f"{W}drawing")):
            self._drawing(drawing, parts)
        style = block.find(f"{W}pPr/{W}pStyle")
        if block.tag == f"{W}p" and style is not None and style.get(f"{W}val") == "HorizontalRule":
            self._stand_in(block, "<hr>", None)

    def _control(self, control: Any) -> None:
        tag = control.find(f"{W}sdtPr/{W}tag")
        name = tag.get(f"{W}val", "") if tag is not None else ""
        gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        if name == "pl:title" or (gallery is not None and gallery.get(f"{W}val") == "Table of Contents"):
            for child in list(control):
                control.remove(child)
            return
        words = "".join(text.text or "" for text in control.iter(f"{W}t"))
        title = control.find(f"{W}sdtPr/{W}alias")
        snippet = _snippet(name or _tag_of(title.get(f"{W}val", "") if title is not None else ""), words)
        parent = control.getparent()
        if snippet and parent is not None:
            holder = control.makeelement(f"{W}r")
            parent.replace(control, holder)
            self._stand_in(holder, snippet, control.find(f".//{W}rPr/.."))

    def _stand_in(self, holder: Any, snippet: str, like: Any) -> None:
        """Put a stand-in into a run, or into a new run of a paragraph, with the looks of the run it replaces."""
        run = holder if holder.tag == f"{W}r" else holder.makeelement(f"{W}r")
        if run is not holder:
            holder.append(run)
        face = like.find(f"{W}rPr") if like is not None and like.tag == f"{W}r" else None
        if face is not None:
            run.append(deepcopy(face))
        text = run.makeelement(f"{W}t")
        text.text = f"{_OPEN}{len(self.snippets)}{_CLOSE}"
        self.snippets.append(snippet)
        run.append(text)

    def _drawing(self, drawing: Any, parts: WordParts) -> None:
        """A picture that carries the name of its attachment and is still the same goes back to it."""
        named = next((each for each in drawing.iter() if each.tag.endswith("}docPr")), None)
        found = _NAMED.fullmatch(named.get("name", "")) if named is not None else None
        key = next((each.get(f"{R}embed") for each in drawing.iter() if each.tag.endswith("}blip")), None)
        parent = drawing.getparent()
        if named is None or not found or key not in parts.pictures or parent is None or parent.tag != f"{W}r":
            return
        digest = hashlib.sha256(parts.package.read(parts.pictures[key])).hexdigest()
        if found[2] and found[2] != digest:
            return
        parent.remove(drawing)
        self._stand_in(parent, _img(found[1], digest, named.get("descr", ""), named.get("title", "")), None)

    def picture(self, content: bytes, media_type: str, alt: str) -> dict[str, str] | None:
        """The attributes of a picture that came with the file, kept by the caller."""
        src = self.keep_image(content, media_type, alt)
        if src is None:
            return None
        return {"data-src": src, "data-sha256": hashlib.sha256(content).hexdigest()}

    def put_in(self, html: str) -> str:
        """The HTML with every stand-in replaced; fields and places that were typed are taken as such."""
        html = FIELD_TEXT.sub(lambda found: f'<span data-field="{found[1]}"></span>', html)
        html = _TYPED_PLACE.sub(_place, html)
        return _STAND_IN.sub(lambda found: "".join(self.snippets[int(found[1]) : int(found[1]) + 1]), html)


def _place(found: re.Match[str]) -> str:
    hint = found[1].replace('"', "&quot;")
    return f'<mark data-place="{hint}"></mark>'


def _is_title(block: Any, parts: WordParts) -> bool:
    """Whether a block is the document's title, which is kept beside the content, not in it."""
    style = block.find(f"{W}pPr/{W}pStyle")
    if style is None or style.get(f"{W}val") != "Title" or "docProps/core.xml" not in parts.package.entries:
        return False
    title = parts.package.tree("docProps/core.xml").findtext("{http://purl.org/dc/elements/1.1/}title")
    return bool(title) and title == "".join(text.text or "" for text in block.iter(f"{W}t"))


def _img(src: str, digest: str, alt: str, title: str) -> str:
    return f'<img data-src="{src}" data-sha256="{digest}" alt="{escape(alt)}" title="{escape(title)}">'


def _snippet(tag: str, words: str) -> str:
    """What a content control of ours stands for; a place that was filled in Word is words from then on."""
    kind, _, rest = tag.removeprefix("pl:").partition(":")
    if not tag.startswith("pl:"):
        return ""
    if kind == "field" and FIELD.fullmatch(rest):
        return f'<span data-field="{rest}"></span>'
    if kind == "place" and words.startswith("[") and words.endswith("]"):
        return f'<mark data-place="{escape(words[1:-1])}"></mark>'
    if kind in _KINDS and TARGET.fullmatch(rest):
        return f'<span data-reference="{_KINDS[kind]}:{escape(rest)}" data-label="{escape(words)}"></span>'
    return ""


def _tag_of(title: str) -> str:
    """The tag that a title stands for, where a program kept only that."""
    if found := FIELD_TEXT.fullmatch(title):
        return f"pl:field:{found[1]}"
    to, _, target = title.partition(":")
    short = {kind: key for key, kind in _KINDS.items()}
    return "pl:place" if title.startswith("[[") else f"pl:{short[to]}:{target}" if to in short else ""
