// The numbers of headings, 1, 1.1, 1.1.1, counted as on paper: a level that was left out counts as its first.
import { Decoration, DecorationSet, Extension, Plugin } from "../vendor/tiptap.min.js";

export const headings = (doc) => {
  let counts = [];
  const found = [];
  doc.descendants((node, at) => {
    if (node.type.name !== "heading") return;
    const { level } = node.attrs;
    counts = Array.from({ length: level }, (_, place) => (place < level - 1 ? Math.max(1, counts[place] || 0) : (counts[place] || 0) + 1));
    found.push({ at, level, number: counts.join("."), text: node.textContent, end: at + node.nodeSize });
  });
  return found;
};

const marked = (doc) => DecorationSet.create(doc, headings(doc).map(({ at, end, number }) => Decoration.node(at, end, { "data-number": number })));

export const Numbers = Extension.create({
  name: "numbers",
  addProseMirrorPlugins: () => [new Plugin({
    state: { init: (_, state) => marked(state.doc), apply: (change, set) => (change.docChanged ? marked(change.doc) : set) },
    props: { decorations(state) { return this.getState(state); } },
  })],
});
