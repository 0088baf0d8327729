// What is pasted or dropped as HTML becomes plain markup of our schema before the editor reads it: lists of Word become lists,
// headings keep their level, and everything else a page may carry (scripts, styles, events, pictures elsewhere) is left behind.
const KEEP = {
  a: ["href"], p: [], h1: [], h2: [], h3: [], h4: [], ul: [], ol: ["start"], li: [], blockquote: [], pre: [], code: [], hr: [], br: [],
  strong: [], em: [], u: [], s: [], table: [], tbody: [], tr: [], th: ["colspan", "rowspan"], td: ["colspan", "rowspan"],
  img: ["alt", "title", "data-attachment", "data-sha256"], span: ["data-inline", "data-name", "data-hint", "data-to", "data-target", "data-label"],
};
// What an attribute must look like to be taken along; the server would refuse the whole document for less.
const NUMBER = /^[1-9]\d{0,1}$/;
const SHAPE = {
  start: /^\d{1,5}$/, colspan: NUMBER, rowspan: NUMBER, "data-attachment": /^[A-Za-z0-9][\w.-]{0,120}$/, "data-sha256": /^[0-9a-f]{64}$/, "data-inline": /^(?:field|place|reference)$/,
  "data-name": /^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+){0,5}$/, "data-to": /^(?:document|requirement)$/, "data-target": /^[A-Za-z0-9][\w.:/ ()-]{0,120}$/, "data-block": /^[\w-]{4,40}$/,
};
const good = (element, name) => SHAPE[name].test(element.getAttribute(name) || "");
const leafOf = (element) => good(element, "data-inline") && { field: ["data-name"], place: [], reference: ["data-to", "data-target"] }[element.dataset.inline].every((name) => good(element, name));
const RENAMED = { b: "strong", i: "em", ins: "u", del: "s", strike: "s", h5: "h4", h6: "h4", tt: "code", kbd: "code", samp: "code", thead: "tbody", tfoot: "tbody" };
const GONE = new Set(["script", "x-style", "iframe", "object", "embed", "svg", "math", "template", "noscript", "head", "title", "meta", "link", "input", "select",
  "textarea", "button", "audio", "video", "canvas", "base", "frame", "frameset", "applet", "xml", "caption", "colgroup"]);
const PARTS = new Set(["div", "section", "article", "main", "header", "footer", "aside", "figure", "address", "dl", "dt", "dd", "center", "form", "fieldset"]);

// Styles would be refused by the content security policy as soon as they are parsed, so they are read under another name;
// where that name has got into the words themselves, it is taken out again.
const ALIAS = "data-was-style";
const parsed = (html) => new DOMParser().parseFromString(
  html.replace(/<!--[\s\S]*?-->|<!\[[^\]>]*\]>/g, "").replace(/<(\/?)style\b/gi, "<$1x-style").replace(/\bstyle(?=\s*=)/gi, ALIAS), "text/html").body;
const styleOf = (element) => (element.getAttribute(ALIAS) || "").toLowerCase();

// Word writes a list as paragraphs: "mso-list: l0 level2 lfo1", with the bullet or the number as text.
const wordLevel = (element) => Number(styleOf(element).match(/mso-list:\s*\w+ level(\d+)/)?.[1] || 0);
const takeMarker = (element) => {
  const marker = [...element.querySelectorAll("*")].find((child) => styleOf(child).includes("mso-list:ignore") || styleOf(child).includes("mso-list: ignore"));
  const text = marker?.textContent.trim() || "";
  marker?.remove();
  return text;
};
const addItem = (stack, first, line, level) => {
  const marker = takeMarker(line);
  const kind = /^[([]?(?:\d+|[a-z]|[ivxlc]+)[.)\]]/i.test(marker) ? "ol" : "ul";
  while (stack.length > level) stack.pop();
  while (stack.length < level) {
    const list = document.implementation.createHTMLDocument("").createElement(kind);
    const above = stack.at(-1);
    if (!above) first.before(list);
    else (above.lastElementChild || above.appendChild(document.implementation.createHTMLDocument("").createElement("li"))).append(list);
    if (kind === "ol" && /^\d+/.test(marker) && parseInt(marker, 10) > 1) list.setAttribute("start", parseInt(marker, 10));
    stack.push(list);
  }
  const item = stack.at(-1).appendChild(document.implementation.createHTMLDocument("").createElement("li"));
  const inner = item.appendChild(document.implementation.createHTMLDocument("").createElement("p"));
  inner.append(...line.childNodes);
};
const wordLists = (body) => {
  let stack = [];
  for (const line of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6")]) {
    const level = Math.min(wordLevel(line), 6);
    const heading = line.tagName !== "P";
    if (heading) takeMarker(line);
    if (!level || heading) { stack = []; continue; }
    if (stack.length && line.previousElementSibling !== stack[0]) stack = [];
    addItem(stack, line, line, level);
    line.remove();
  }
};
const wordHeadings = (body) => body.querySelectorAll("p").forEach((line) => {
  const level = (line.className || "").match(/^(?:Mso)?(?:Heading|berschrift|Überschrift)\s?([1-6])/i)?.[1] || (/MsoTitle/i.test(line.className) ? 1 : 0);
  if (!level) return;
  const heading = line.ownerDocument.createElement(`h${Math.min(level, 4)}`);
  heading.append(...line.childNodes);
  line.replaceWith(heading);
});

// Marks that other programs write as styles.
const marksOf = (element) => {
  const style = styleOf(element);
  const marks = [];
  if (/font-weight:\s*(?:bold|[6-9]00)/.test(style)) marks.push("strong");
  if (/font-style:\s*italic/.test(style)) marks.push("em");
  if (/text-decoration[^;]*underline/.test(style) && element.localName !== "a") marks.push("u");
  if (/text-decoration[^;]*line-through/.test(style)) marks.push("s");
  return marks;
};
const unwrapped = (element, style) => (element.localName === "b" || element.localName === "strong") && /font-weight:\s*(?:normal|[1-4]00)/.test(style);

class Cleaner {
  constructor(goodLink) {
    this.goodLink = goodLink;
    this.leftOut = 0;
    this.paper = document.implementation.createHTMLDocument("");
  }

  into(target, source) {
    for (const child of [...source.childNodes]) {
      if (child.nodeType === 3) target.append(this.paper.createTextNode(child.data.replaceAll(ALIAS, "style")));
      else if (child.nodeType === 1) this.element(target, child);
    }
  }

  element(target, element) {
    const name = RENAMED[element.localName] || element.localName;
    if (GONE.has(element.localName) || /display:\s*none|mso-hide:\s*all/.test(styleOf(element))) return;
    if (name === "img" && !good(element, "data-attachment")) { this.leftOut += 1; return; }
    const known = name in KEEP && !unwrapped(element, styleOf(element)) && (name !== "span" || leafOf(element));
    const block = PARTS.has(element.localName) && !element.querySelector("p, div, table, ul, ol, h1, h2, h3, h4, h5, h6, pre, blockquote");
    let place = known || block ? target.appendChild(this.paper.createElement(known ? name : "p")) : target;
    if (known) this.attributes(place, element, name);
    for (const mark of marksOf(element)) place = place.appendChild(this.paper.createElement(mark));
    this.into(place, element);
  }

  attributes(place, element, name) {
    for (const kept of [...KEEP[name], "data-block", "data-pm-slice"]) {
      const value = element.getAttribute(kept);
      if (value === null || value.includes(ALIAS) || (kept === "href" && !this.goodLink(value))) continue;
      if (SHAPE[kept] && !good(element, kept)) continue;
      place.setAttribute(kept, value);
    }
  }
}

// Returns plain markup, and tells through `leftOut` how many pictures elsewhere were not taken along.
export const cleaned = (html, goodLink, leftOut = () => {}) => {
  const body = parsed(html);
  wordHeadings(body);
  wordLists(body);
  const cleaner = new Cleaner(goodLink);
  cleaner.into(cleaner.paper.body, body);
  if (cleaner.leftOut) leftOut(cleaner.leftOut);
  return cleaner.paper.body.innerHTML;
};
