// Small questions that open under the tools: where a link goes, which document or field, what a place is for.
import { NodeSelection } from "../vendor/tiptap.min.js";
import { goodLink } from "./shape.js";
const { all } = window.plumbline;

const selected = (editor, name) => (editor.state.selection instanceof NodeSelection && editor.state.selection.node.type.name === name ? editor.state.selection.node : null);
export const placeAt = (editor) => selected(editor, "place");
const withScheme = (text) => (/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(text) ? `mailto:${text}` : /^[\w-]+(\.[\w-]+)+(\/\S*)?$/.test(text) ? `https://${text}` : text);

// What each panel starts with, and what it does with the answer; `false` keeps it open.
const PANELS = {
  link: {
    start: (editor) => editor.getAttributes("link").href || "",
    apply: (surface, text) => {
      const href = withScheme(text.trim());
      if (!goodLink(href)) { surface.tell("bad_link"); return false; }
      const chain = surface.editor.chain().focus().extendMarkRange("link");
      if (surface.editor.state.selection.empty && !surface.editor.isActive("link")) return chain.insertContent({ type: "text", text: text.trim(), marks: [{ type: "link", attrs: { href } }] }).run();
      return chain.setLink({ href }).run();
    },
    remove: (surface) => surface.editor.chain().focus().extendMarkRange("link").unsetLink().run(),
  },
  place: {
    start: () => "",
    apply: (surface, hint) => surface.editor.chain().focus().insertContent({ type: "place", attrs: { hint: hint.trim() } }).run(),
  },
  fill: {
    start: () => "",
    apply: (surface, text) => (text.trim() && placeAt(surface.editor) ? surface.editor.chain().focus().insertContent({ type: "text", text: text.trim() }).run() : false),
  },
  describe: {
    start: (editor) => selected(editor, "image")?.attrs.alt || "",
    apply: (surface, alt) => surface.editor.chain().focus().updateAttributes("image", { alt: alt.trim() }).run(),
  },
  field: {
    start: () => "",
    find: async (surface, words) => surface.setting.fields
      .filter(({ name, label }) => `${name} ${label}`.toLowerCase().includes(words.toLowerCase()))
      .map(({ name, label, value }) => ({ label, detail: value || surface.setting.words.no_value, node: { type: "field", attrs: { name } } })),
  },
  reference: {
    start: (editor) => editor.state.doc.textBetween(editor.state.selection.from, editor.state.selection.to, " ").slice(0, 60),
    find: async (surface, words) => {
      const url = surface.setting.search;
      const answer = await fetch(`${url}${url.includes("?") ? "&" : "?"}q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      return (await answer.json()).map(({ to, target, label, detail }) => ({ label, detail, node: { type: "reference", attrs: { to, target, label } } }));
    },
  },
};

export class Panels {
  constructor(surface) {
    this.surface = surface;
    this.asked = 0;
    for (const panel of all("[data-panel]", surface.root)) {
      for (const kind of ["input", "change"]) panel.addEventListener(kind, (event) => event.stopPropagation());
      panel.querySelector("input").addEventListener("input", () => this.searchSoon(panel));
      panel.addEventListener("keydown", (event) => this.key(event, panel));
      panel.addEventListener("click", (event) => this.click(event, panel));
    }
  }

  open(name) {
    this.close(false);
    const panel = this.panel = this.surface.root.querySelector(`[data-panel="${name}"]`);
    const input = panel.querySelector("input");
    panel.hidden = false;
    input.value = PANELS[name].start(this.surface.editor);
    if (name === "fill") panel.querySelector("[data-hint]").textContent = placeAt(this.surface.editor).attrs.hint || this.surface.setting.words.place_empty;
    all("[data-panel-remove]", panel).forEach((button) => { button.hidden = !this.surface.editor.isActive("link"); });
    input.focus();
    input.select();
    if (PANELS[name].find) this.search(panel);
  }

  close(back = true) {
    if (!this.panel) return;
    this.panel.hidden = true;
    this.panel = null;
    if (back) this.surface.editor.commands.focus();
  }

  key(event, panel) {
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.close(); return; }
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && panel.querySelector('[role="listbox"]')) { event.preventDefault(); this.choose(panel, move); }
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    if (panel.querySelector('[role="listbox"]')) this.take(panel.querySelector('[aria-selected="true"]'));
    else this.apply(panel);
  }

  click(event, panel) {
    if (event.target.closest("[data-panel-close]")) this.close();
    else if (event.target.closest("[data-panel-apply]")) this.apply(panel);
    else if (event.target.closest("[data-panel-remove]")) { PANELS[panel.dataset.panel].remove(this.surface); this.close(); }
    else if (event.target.closest('[role="option"]')) this.take(event.target.closest('[role="option"]'));
  }

  apply(panel) {
    if (PANELS[panel.dataset.panel].apply(this.surface, panel.querySelector("input").value) !== false) this.close();
  }

  take(option) {
    if (!option) return;
    this.surface.editor.chain().focus().insertContent(this.found[Number(option.dataset.at)].node).run();
    this.close();
  }

  choose(panel, move) {
    const options = all('[role="option"]', panel);
    if (!options.length) return;
    const here = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    this.mark(panel, options[(here + move + options.length) % options.length]);
  }

  mark(panel, option) {
    all('[role="option"]', panel).forEach((other) => other.setAttribute("aria-selected", other === option));
    const input = panel.querySelector("input");
    if (option) { input.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); } else input.removeAttribute("aria-activedescendant");
  }

  searchSoon(panel) {
    clearTimeout(this.timer);
    if (PANELS[panel.dataset.panel].find) this.timer = setTimeout(() => this.search(panel), 150);
  }

  async search(panel) {
    const mine = this.asked += 1;
    const status = panel.querySelector("[data-panel-said]");
    try {
      const found = await PANELS[panel.dataset.panel].find(this.surface, panel.querySelector("input").value.trim());
      if (mine !== this.asked) return;
      this.found = found.slice(0, 30);
      status.textContent = found.length ? "" : this.surface.setting.words.nothing_found;
    } catch {
      this.found = [];
      status.textContent = this.surface.setting.words.no_search;
    }
    this.list(panel);
  }

  list(panel) {
    const list = panel.querySelector('[role="listbox"]');
    list.replaceChildren(...this.found.map(({ label, detail }, at) => {
      const option = Object.assign(document.createElement("div"), { id: `${list.id}-${at}` });
      option.setAttribute("role", "option");
      option.dataset.at = at;
      option.append(Object.assign(document.createElement("strong"), { textContent: label }), " ", Object.assign(document.createElement("span"), { textContent: detail || "" }));
      return option;
    }));
    list.hidden = !this.found.length;
    panel.querySelector("input").setAttribute("aria-expanded", Boolean(this.found.length));
    this.mark(panel, list.firstElementChild);
  }
}
