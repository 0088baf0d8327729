"""Reads HTML as a browser's parser would, and says what in it could run or load something."""

from html.parser import HTMLParser

from plumbline.composition.inert import ATTRIBUTES, PICTURE, TAGS


class Parsed(HTMLParser):
    """Collects tags and attributes, and the words between them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.odd: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data):
        self.words += data

    def handle_comment(self, data):
        self.odd.append(f"comment {data!r}")

    def handle_decl(self, decl):
        self.odd.append(f"declaration {decl!r}")

    def handle_pi(self, data):
        self.odd.append(f"instruction {data!r}")

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def dangers(html: str) -> list[str]:
    """Return everything in the HTML that is not on the allow-list, or that makes a browser fetch from elsewhere."""
    parsed = Parsed(html)
    found = list(parsed.odd)
    for tag, attributes in parsed.tags:
        if tag not in TAGS:
            found.append(f"<{tag}>")
        for name, value in attributes.items():
            allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
            if name not in allowed or name.startswith("on") or name == "style":
                found.append(f"<{tag} {name}>")
            if name == "src" and not PICTURE.fullmatch(value) and (value[:1] != "/" or value[1:2] in ("/", "\\")):
                found.append(f"<{tag} src={value!r}>")
            if name == "href" and not _harmless(value):
                found.append(f"<{tag} href={value!r}>")
    return found


def _harmless(href: str) -> bool:
    scheme = "".join(href.split()).lower().split(":")[0] if ":" in href.split("/")[0] else ""
    return scheme in ("", "http", "https", "mailto") and not href.strip().startswith("//")
