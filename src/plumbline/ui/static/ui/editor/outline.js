// What stands beside and below the text: its contents, its words, and the places still to fill in.
import { headings } from "./numbers.js";

const SIGN = /[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}'’.,-]*[\p{L}\p{N}])?/gu;

export const places = (doc) => {
  const found = [];
  doc.descendants((node, at) => { if (node.type.name === "place") found.push(at); });
  return found;
};

export class Outline {
  constructor(surface) {
    this.surface = surface;
    this.list = surface.root.querySelector("[data-outline] ol");
    this.words = surface.root.querySelector("[data-count]");
    this.left = surface.root.querySelector("[data-places]");
    this.list.addEventListener("click", (event) => {
      const line = event.target.closest("button");
      if (line) this.go(this.shown[Number(line.dataset.at)]);
    });
  }

  go({ at }) {
    const { editor } = this.surface;
    editor.chain().focus().setTextSelection(at + 1).run();
    editor.view.nodeDOM(at).scrollIntoView({ block: "center" });
  }

  show(doc) {
    const found = headings(doc);
    const text = JSON.stringify(found.map(({ level, number, text: title }) => [level, number, title]));
    this.shown = found;
    if (text !== this.text) this.list.replaceChildren(...found.map(({ level, number, text: title }, at) => this.line(level, number, title, at)));
    this.text = text;
    this.list.parentElement.classList.toggle("pl-editor-no-headings", !found.length);
    const count = (doc.textBetween(0, doc.content.size, " ", " ").match(SIGN) || []).length;
    this.words.textContent = this.surface.say("words", { n: count.toLocaleString(document.documentElement.lang) });
    const left = places(doc).length;
    this.left.textContent = this.surface.say(left === 1 ? "one_place" : "places", { n: left });
    this.left.closest("button").hidden = !left;
  }

  line(level, number, title, at) {
    const line = document.createElement("li");
    line.dataset.level = level;
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.dataset.at = at;
    button.append(Object.assign(document.createElement("span"), { textContent: number }), ` ${title || "…"}`);
    line.append(button);
    return line;
  }
}
