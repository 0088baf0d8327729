// The tools above the text: what each button does, when it is on, and how the keyboard walks along them.
const { all } = window.plumbline;
const toggle = (command, node) => ({ run: (chain) => chain[command](), on: (editor) => editor.isActive(node) });
const plain = (command, ...given) => ({ run: (chain) => chain[command](...given), can: (editor) => editor.can()[command](...given) });

const COMMANDS = {
  undo: plain("undo"), redo: plain("redo"),
  bold: toggle("toggleBold", "bold"), italic: toggle("toggleItalic", "italic"), underline: toggle("toggleUnderline", "underline"),
  strike: toggle("toggleStrike", "strike"), code: toggle("toggleCode", "code"),
  bullets: toggle("toggleBulletList", "bulletList"), numbers: toggle("toggleOrderedList", "orderedList"), quote: toggle("toggleBlockquote", "blockquote"),
  indent: plain("sinkListItem", "listItem"), outdent: plain("liftListItem", "listItem"),
  line: { run: (chain) => chain.setHorizontalRule() },
  clear: { run: (chain) => chain.unsetAllMarks().clearNodes() },
  table: { run: (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }), can: (editor) => !editor.isActive("table") },
  row_above: plain("addRowBefore"), row_below: plain("addRowAfter"), row_gone: plain("deleteRow"),
  column_before: plain("addColumnBefore"), column_after: plain("addColumnAfter"), column_gone: plain("deleteColumn"),
  header_row: plain("toggleHeaderRow"), merge: plain("mergeCells"), split: plain("splitCell"), table_gone: plain("deleteTable"),
  picture_gone: { run: (chain) => chain.deleteSelection() },
};
const STYLES = {
  paragraph: (chain) => chain.setParagraph(), codeBlock: (chain) => chain.setCodeBlock(),
  ...Object.fromEntries([1, 2, 3, 4].map((level) => [`heading${level}`, (chain) => chain.setHeading({ level })])),
};
const styleOf = (editor) => (editor.isActive("codeBlock") ? "codeBlock" : Object.keys(STYLES).find((name) =>
  name.startsWith("heading") && editor.isActive("heading", { level: Number(name.slice(7)) })) || "paragraph");

export class Tools {
  constructor(surface) {
    this.surface = surface;
    this.bars = all('[role="toolbar"]', surface.root);
    this.style = surface.root.querySelector("[data-style]");
    this.style.addEventListener("input", (event) => event.stopPropagation());
    this.style.addEventListener("change", (event) => {
      event.stopPropagation();
      STYLES[this.style.value](surface.editor.chain().focus()).run();
    });
    for (const bar of this.bars) {
      bar.addEventListener("mousedown", (event) => { if (!event.target.closest("select")) event.preventDefault(); });
      bar.addEventListener("click", (event) => this.press(event.target.closest("[data-do]")));
      bar.addEventListener("keydown", (event) => this.walk(event, bar));
      bar.addEventListener("focusin", (event) => this.hold(bar, event.target));
      this.hold(bar, this.items(bar)[0]);
    }
  }

  items(bar) {
    return all("button, select", bar).filter((item) => !item.hidden);
  }

  hold(bar, item) {
    this.items(bar).forEach((other) => { other.tabIndex = other === item ? 0 : -1; });
  }

  focus() {
    this.bars[0].querySelector('[tabindex="0"]').focus();
  }

  press(button) {
    const command = COMMANDS[button?.dataset.do];
    if (!button || (command?.can && !command.can(this.surface.editor))) return; // asked now: what it looks like is a frame behind
    if (command) command.run(this.surface.editor.chain().focus()).run();
    else this.surface[button.dataset.do]?.(button);
  }

  walk(event, bar) {
    if (event.key === "Escape") { event.preventDefault(); this.surface.editor.commands.focus(); return; }
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = this.items(bar);
    const forward = getComputedStyle(bar).direction === "rtl" ? -step : step;
    const wanted = Math.max(-1, Math.min(items.length, items.indexOf(event.target) + forward));
    const next = Number.isFinite(step) ? (wanted + items.length) % items.length : step < 0 ? 0 : items.length - 1;
    items[next].focus();
    items[next].scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  show(editor) {
    for (const bar of this.bars.slice(1)) bar.hidden = !(editor.isEditable && editor.isActive(bar.dataset.toolbar));
    if (document.activeElement !== this.style) this.style.value = styleOf(editor);
    for (const button of all("[data-do]", this.surface.root)) {
      const command = COMMANDS[button.dataset.do];
      if (!command || button.closest("[hidden]")) continue;
      if (command.on) button.setAttribute("aria-pressed", command.on(editor));
      if (command.can) button.setAttribute("aria-disabled", !command.can(editor));
    }
  }
}
