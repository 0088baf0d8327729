// A document to read and to comment on, <div data-passages> (made by {% passages %}): remarks are highlighted where their quote
// stands, and a passage that is selected can be commented on. Events on it: plumbline:passage with {quote, block} as detail.
const { all } = window.plumbline;
const LINES = "p, h1, h2, h3, h4, h5, h6, pre, img, figure, hr";
const NAMED = '[data-block], [id^="b-"]'; // the second as composition's to_html writes it
const BLOCK = `${NAMED}, ${LINES}, li, td, th`;
const make = (tag, css, text = "") => Object.assign(document.createElement(tag), { className: css, textContent: text });

// The text of an element with single spaces, also between blocks, and where each letter of it stands.
const lettersOf = (scope) => {
  const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT, {
    acceptNode: (node) => (node.parentElement.closest(".pl-passage-mark, .pl-number") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT),
  });
  const letters = [];
  let block = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const here = node.parentElement.closest(BLOCK);
    if (here !== block && letters.length) letters.push({ sign: " " });
    block = here;
    [...node.data].reduce((at, sign) => { letters.push({ sign: /\s/.test(sign) ? " " : sign, node, at, end: at + sign.length }); return at + sign.length; }, 0);
  }
  return letters.filter((letter, at) => letter.sign !== " " || (at && letters[at - 1].sign !== " "));
};
const plain = (text) => text.replace(/\s+/g, " ").trim();

// Letters may take two places in a text, so places are counted in letters.
const find = (scope, quote) => {
  const letters = lettersOf(scope);
  const at = letters.map(({ sign }) => sign).join("").indexOf(quote);
  if (at < 0 || !quote) return [];
  let place = 0;
  return letters.filter(({ sign }) => { const here = place; place += sign.length; return here >= at && here < at + quote.length; }).filter(({ node }) => node);
};

class Passages {
  constructor(root) {
    this.root = root;
    this.setting = JSON.parse(root.querySelector("script[data-setting]").textContent);
    this.page = root.querySelector("[data-page]");
    root.classList.add("pl-ready");
    this.begin();
  }

  async begin() {
    if (this.setting.value) {
      const { rendered } = await import("./rendered.js");
      const shown = rendered(this.setting.value, this.setting);
      if (!shown) { this.page.append(make("p", "pl-alert pl-bad", this.setting.words.unreadable)); return; }
      this.page.replaceChildren(shown);
    }
    all("table", this.page).filter((table) => !table.closest(".tableWrapper")).forEach((table) => {
      const around = make("div", "tableWrapper");
      table.replaceWith(around);
      around.append(table);
      if (around.scrollWidth > around.clientWidth) around.tabIndex = 0;
    });
    this.setting.remarks.forEach((remark, at) => this.highlight(remark, at + 1));
    this.page.addEventListener("click", (event) => {
      const mark = event.target.closest("[data-remark]");
      if (mark && !this.lines && !event.target.closest("a:not(.pl-passage-mark)") && getSelection().isCollapsed) { event.preventDefault(); this.go(mark.dataset.remark); }
    });
    if (this.setting.form) this.offer();
    this.root.dataset.shown = "yes";
  }

  highlight({ uid, block, quote, open }, number) {
    const scope = block ? this.page.querySelector(`[data-block="${CSS.escape(block)}"], #b-${CSS.escape(block)}`) : null;
    const letters = [scope, this.page].filter(Boolean).map((one) => find(one, plain(quote || ""))).find((found) => found.length) || [];
    const runs = [];
    for (const letter of letters) {
      const last = runs.at(-1);
      if (last?.node === letter.node) last.end = letter.end;
      else runs.push({ ...letter });
    }
    const marks = runs.map(({ node, at, end }) => {
      const mark = make("mark", `pl-passage${open ? "" : " pl-passage-closed"}`);
      mark.dataset.remark = uid;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, end);
      range.surroundContents(mark);
      return mark;
    });
    if (marks.length) marks[0].id = `passage-${uid}`;
    const link = Object.assign(make("a", `pl-passage-mark${open ? "" : " pl-passage-closed"}`, number), { href: `#remark-${uid}` });
    link.setAttribute("aria-label", this.say(open ? "remark" : "remark_closed", { n: number }));
    link.dataset.remark = uid;
    if (marks.length) marks.at(-1).after(link);
    else if (scope && !scope.matches("img, hr, table, tr, ul, ol")) { scope.append(link); link.id = `passage-${uid}`; }
  }

  say(key, values) {
    return this.setting.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }

  go(uid) {
    const remark = document.getElementById(`remark-${uid}`);
    if (!remark) return;
    remark.closest("details:not([open])")?.setAttribute("open", "");
    if (!remark.hasAttribute("tabindex")) remark.tabIndex = -1;
    remark.scrollIntoView({ block: "center" });
    remark.focus({ preventScroll: true });
  }

  offer() {
    this.button = this.root.querySelector("[data-comment]");
    this.button.addEventListener("mousedown", (event) => event.preventDefault());
    this.button.addEventListener("click", () => this.comment(this.chosen));
    const choose = this.root.querySelector("[data-choose]");
    choose.hidden = false;
    choose.addEventListener("click", () => this.choose());
    this.page.addEventListener("keydown", (event) => this.key(event));
    this.page.addEventListener("click", (event) => this.tap(event));
    document.addEventListener("selectionchange", () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.look(), 120); });
  }

  look() {
    const selection = getSelection();
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const quote = range && this.page.contains(range.commonAncestorContainer) ? this.quoteOf(range) : "";
    this.button.hidden = !quote;
    if (!quote) return;
    const start = range.startContainer.nodeType === 1 ? range.startContainer.childNodes[range.startOffset] || range.startContainer : range.startContainer;
    this.chosen = { quote, block: this.blockOf(start) };
    const [box, around] = [range.getBoundingClientRect(), this.root.getBoundingClientRect()];
    this.button.style.insetBlockStart = `${box.bottom - around.top + 8}px`;
    this.button.style.left = `${Math.max(0, Math.min(box.left - around.left, around.width - this.button.offsetWidth))}px`;
  }

  quoteOf(range) {
    const inside = ({ node, at, end }) => node && range.comparePoint(node, at) >= 0 && range.comparePoint(node, end) <= 0;
    const common = range.commonAncestorContainer;
    const letters = lettersOf(common.nodeType === 1 ? common : common.parentElement);
    const first = letters.findIndex(inside);
    const last = letters.findLastIndex(inside);
    return first < 0 ? "" : plain(letters.slice(first, last + 1).map(({ sign }) => sign).join(""));
  }

  blockOf(node) {
    const block = (node.nodeType === 1 ? node : node.parentElement).closest(NAMED);
    return block?.dataset.block || block?.id.slice(2) || "";
  }

  choose() {
    this.lines = all(LINES, this.page).filter((line) => line.getClientRects().length);
    this.lines.forEach((line) => { line.tabIndex = -1; });
    this.root.querySelector("[data-choose-how]").hidden = false;
    (this.lines.find((line) => line.getBoundingClientRect().top > 120) || this.lines[0])?.focus();
  }

  key(event) {
    const here = (this.lines || []).indexOf(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (here < 0 || !(step || ["Enter", "Escape"].includes(event.key))) return;
    event.preventDefault();
    if (step) this.lines[Math.max(0, Math.min(this.lines.length - 1, here + step))].focus();
    else this.chose(event.target, event.key === "Enter");
  }

  tap(event) {
    const line = this.lines && !event.target.closest("a") && event.target.closest(LINES);
    if (line && this.lines.includes(line)) this.chose(line, true);
  }

  chose(line, comments) {
    this.lines.forEach((one) => one.removeAttribute("tabindex"));
    this.lines = null;
    this.root.querySelector("[data-choose-how]").hidden = true;
    if (comments) this.comment({ quote: plain(lettersOf(line).map(({ sign }) => sign).join("")) || line.getAttribute("alt") || "", block: this.blockOf(line) });
    else this.root.querySelector("[data-choose]").focus();
  }

  comment(passage) {
    this.button.hidden = true;
    this.root.dispatchEvent(new CustomEvent("plumbline:passage", { bubbles: true, detail: passage }));
    const form = document.getElementById(this.setting.form);
    if (!form) return;
    for (const name of ["quote", "block"]) if (form.elements[name]) form.elements[name].value = passage[name];
    all("[data-quote]", form).forEach((place) => { place.textContent = passage.quote; });
    form.hidden = false;
    const dialog = form.closest("dialog");
    if (dialog && !dialog.open) dialog.showModal();
    const field = form.querySelector('textarea, input:not([type="hidden"])');
    if (!dialog) form.scrollIntoView({ block: "nearest" });
    field?.focus();
  }
}

const ready = (within) => all("[data-passages]:not(.pl-ready)", within).forEach((root) => new Passages(root));
document.addEventListener("htmx:load", (event) => ready(event.target));
ready(document);
