// The writing surface, <div data-editor>: Tiptap over the JSON in a textarea, with our tools around it (made by {% editor %}).
// Events on it: plumbline:written with {content} as detail, a moment after each change; the textarea says `input` then,
// so forms that save themselves (saving.js) notice.
import { Editor, Extension, NodeSelection, getSchema } from "../vendor/tiptap.min.js";
import { Numbers } from "./numbers.js";
import { Outline, places } from "./outline.js";
import { Panels, placeAt } from "./panels.js";
import { cleaned } from "./paste.js";
import { Waiting, bring, picturesIn } from "./pictures.js";
import { extensions, goodLink, nameBlocks, read, tidy } from "./shape.js";
import { Tools } from "./tools.js";

const { all } = window.plumbline;
const coarse = matchMedia("(pointer: coarse)");

// Focus at once, not a frame later: what is typed straight after a click on a tool belongs to the text.
const AtOnce = Extension.create({
  name: "at_once", priority: 1, // the last one told wins
  addCommands: () => ({ focus: () => ({ view, dispatch }) => { if (dispatch && !view.hasFocus()) view.focus(); return true; } }),
});

class Surface {
  constructor(root) {
    this.root = root;
    this.setting = JSON.parse(root.querySelector("script[data-setting]").textContent);
    this.textarea = root.querySelector("textarea");
    this.status = root.querySelector("[data-save-status]");
    this.form = this.textarea.form;
    const kinds = [...extensions(this.setting), Numbers, Waiting, AtOnce, this.keys()];
    const content = read(this.textarea.value, getSchema(kinds));
    if (!content) { this.tell("unreadable"); return; }
    this.begin(kinds, content);
  }

  begin(kinds, content) {
    this.editor = new Editor({
      element: this.root.querySelector("[data-page]"), extensions: kinds, content, injectCSS: false, editorProps: this.manners(),
      onUpdate: () => this.changed(), onTransaction: () => this.showSoon(),
    });
    this.tools = new Tools(this);
    this.panels = new Panels(this);
    this.outline = new Outline(this);
    nameBlocks(this.editor);
    this.root.classList.add("pl-ready");
    this.file = this.root.querySelector("[data-file]");
    for (const kind of ["input", "change"]) this.file.addEventListener(kind, (event) => event.stopPropagation());
    this.file.addEventListener("change", () => {
      picturesIn(this.file.files).forEach((file) => bring(this, file, this.editor.state.selection.to));
      this.file.value = "";
    });
    this.root.querySelector(".pl-editor-foot").addEventListener("click", (event) => { if (event.target.closest("[data-do]")) this.next_place(); });
    this.root.querySelector("[data-said-close]").addEventListener("click", () => this.hush());
    this.form?.addEventListener("submit", () => this.flush()); // afterwards nothing is unsaved that would ask back
    this.form?.addEventListener("formdata", (event) => event.formData.set(this.textarea.name, this.write()));
    this.textarea.addEventListener("plumbline:put", () => { // what this device kept while there was no network
      const kept = read(this.textarea.value, this.editor.schema);
      if (kept) this.editor.commands.setContent(kept);
    });
    this.show();
    this.outline.show(this.editor.state.doc);
  }

  manners() {
    const margin = { top: 190, bottom: 90, left: 0, right: 0 };
    return {
      attributes: { role: "textbox", "aria-multiline": "true", "aria-label": this.setting.label, "aria-describedby": `${this.textarea.id}-help`, spellcheck: "true" },
      scrollMargin: margin, scrollThreshold: margin,
      transformPastedHTML: (html) => cleaned(html, goodLink, (n) => this.tell("pictures_left", { n })),
      handlePaste: (view, event) => {
        const files = event.clipboardData?.getData("text/html") ? [] : picturesIn(event.clipboardData?.files);
        return this.bringAll(files, view.state.selection.to);
      },
      handleDrop: (view, event, slice, moved) => !moved && this.bringAll(
        picturesIn(event.dataTransfer?.files), view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos ?? view.state.selection.to, event),
      handleClickOn: (view, at, node, nodeAt) => {
        if (node.type.name !== "place") return false;
        view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, nodeAt)));
        if (coarse.matches) this.panels.open("fill");
        return true;
      },
    };
  }

  keys() {
    return Extension.create({
      name: "keys", priority: 1000,
      addKeyboardShortcuts: () => ({
        "Mod-k": () => (getSelection().isCollapsed && !this.editor.isActive("link") ? false : this.link()),
        "F8": () => this.next_place(),
        "Alt-F10": () => { this.tools.focus(); return true; },
        "Enter": () => { if (!placeAt(this.editor)) return false; this.panels.open("fill"); return true; },
      }),
    });
  }

  link() {
    const { view } = this.editor;
    const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection();
    if (view.dom.contains(anchorNode) && view.dom.contains(focusNode)) { // a selection made by keys is told a moment later
      const ends = [view.posAtDOM(anchorNode, anchorOffset), view.posAtDOM(focusNode, focusOffset)];
      this.editor.commands.setTextSelection({ from: Math.min(...ends), to: Math.max(...ends) });
    }
    this.panels.open("link");
    return true;
  }
  reference() { this.panels.open("reference"); }
  field() { this.panels.open("field"); }
  place() { this.panels.open("place"); }
  describe() { this.panels.open("describe"); }
  picture() { this.file.click(); }

  next_place() {
    const found = places(this.editor.state.doc);
    if (!found.length) return true;
    const at = found.find((one) => one >= this.editor.state.selection.to) ?? found[0];
    this.editor.chain().focus().setNodeSelection(at).scrollIntoView().run();
    this.editor.view.nodeDOM(at).scrollIntoView({ block: "center" });
    return true;
  }

  bringAll(files, at, event) {
    if (!files.length || !this.setting.upload) return false;
    event?.preventDefault();
    files.forEach((file) => bring(this, file, at));
    return true;
  }

  say(key, values = {}) {
    return (this.setting.words[key] || key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }

  tell(key, values) {
    this.root.querySelector("[data-said]").textContent = this.say(key, values);
    this.root.querySelector("[data-said]").parentElement.hidden = false;
  }

  hush() {
    this.root.querySelector("[data-said]").parentElement.hidden = true;
    this.editor.commands.focus();
  }

  showSoon() {
    this.frame ??= requestAnimationFrame(() => { this.frame = null; this.show(); });
  }

  show() {
    if (this.tools && !this.editor.isDestroyed) this.tools.show(this.editor);
  }

  changed() {
    if (!this.waiting && this.form?.hasAttribute("data-autosave")) {
      this.status.textContent = this.say("unsaved");
      this.status.dataset.tone = "waiting";
    }
    this.waiting = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), 250);
  }

  write() {
    this.textarea.value = JSON.stringify(tidy(this.editor.getJSON()));
    return this.textarea.value;
  }

  flush() {
    clearTimeout(this.timer);
    if (!this.waiting) return;
    this.waiting = false;
    const content = this.write();
    this.outline.show(this.editor.state.doc);
    this.textarea.dispatchEvent(new Event("input", { bubbles: true }));
    this.root.dispatchEvent(new CustomEvent("plumbline:written", { bubbles: true, detail: { content } }));
  }
}

const surfaces = [];
const ready = (within) => all("[data-editor]:not(.pl-ready)", within).forEach((root) => surfaces.push(new Surface(root)));
const flush = () => surfaces.forEach((surface) => surface.editor && surface.flush());
for (const kind of ["visibilitychange", "beforeunload"]) window.addEventListener(kind, flush, true); // before saving.js looks
const top = document.querySelector(".pl-top");
if (top) new ResizeObserver(() => document.documentElement.style.setProperty("--pl-editor-top", `${top.offsetHeight}px`)).observe(top);
document.addEventListener("htmx:load", (event) => ready(event.target));
ready(document);
