// The shape of a written document: its nodes, its marks, and the JSON that is kept. `setting` carries images and fields.
import { Extension, Image, Node, Plugin, StarterKit, Table, TableCell, TableHeader, TableRow, mergeAttributes } from "../vendor/tiptap.min.js";

const SPANS = ["colspan", "rowspan", "colwidth"];
const BLOCKS = {
  paragraph: [], heading: ["level"], bulletList: [], orderedList: ["start"], listItem: [], blockquote: [], codeBlock: [], horizontalRule: [],
  table: [], image: ["src", "alt", "title", "sha256"],
};
const INSIDE = { tableHeader: SPANS, tableCell: SPANS, field: ["name"], place: ["hint"], reference: ["to", "target", "label"] };
export const EMPTY = { type: "doc", content: [{ type: "paragraph" }] };

export const goodLink = (href) => /^(?:https?:\/\/|mailto:)\S+$/i.test(href) || (/^(?:[/#?]|[\w.-]+(?:[/#?]|$))/.test(href) && !href.startsWith("//"));
const newId = () => [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => (byte % 36).toString(36)).join("");

// What is kept: only attributes of the model that say something.
const only = (attrs, names) => Object.fromEntries(names.filter((name) => attrs?.[name] != null).map((name) => [name, attrs[name]]));
export const tidy = (node) => {
  const kept = { type: node.type };
  const attrs = only(node.attrs, BLOCKS[node.type] ? ["id", ...BLOCKS[node.type]] : INSIDE[node.type] || []);
  if (Object.keys(attrs).length) kept.attrs = attrs;
  if (node.content) kept.content = node.content.map(tidy);
  if (node.text !== undefined) kept.text = node.text;
  if (node.marks?.length) kept.marks = node.marks.map((mark) => (mark.type === "link" ? { type: "link", attrs: { href: mark.attrs.href } } : { type: mark.type }));
  return kept;
};

// Returns null for a text that is not ours: it is left as it is rather than overwritten with half of it.
export const read = (text, schema) => {
  if (!text.trim()) return EMPTY;
  try {
    const content = JSON.parse(text);
    schema.nodeFromJSON(content).check();
    return content;
  } catch { return null; }
};

// Every block has an id that no other has: remarks are tied to it.
const named = (state) => {
  const seen = new Set();
  const change = state.tr;
  state.doc.descendants((node, at) => {
    if (!(node.type.name in BLOCKS)) return;
    if (!node.attrs.id || seen.has(node.attrs.id)) change.setNodeAttribute(at, "id", newId());
    else seen.add(node.attrs.id);
  });
  return change.docChanged ? change.setMeta("addToHistory", false) : null;
};
export const nameBlocks = (editor) => {
  const change = named(editor.state);
  if (change) editor.view.dispatch(change.setMeta("preventUpdate", true));
};
const Identity = Extension.create({
  name: "identity",
  addGlobalAttributes: () => [{
    types: Object.keys(BLOCKS),
    attributes: { id: {
      default: null, keepOnSplit: false, parseHTML: (element) => element.getAttribute("data-block"),
      renderHTML: (attrs) => (attrs.id ? { "data-block": attrs.id } : {}),
    } },
  }],
  addProseMirrorPlugins: () => [new Plugin({
    appendTransaction: (changes, before, state) => (changes.some((change) => change.docChanged) ? named(state) : null),
  })],
});

const attribute = (name, fallback = "") => ({
  default: fallback, parseHTML: (element) => element.getAttribute(`data-${name}`) ?? fallback, renderHTML: (attrs) => (attrs[name] == null ? {} : { [`data-${name}`]: attrs[name] }),
});
const leaf = (name, attrs, show) => Node.create({
  name, group: "inline", inline: true, atom: true, selectable: true,
  addAttributes: () => Object.fromEntries(attrs.map((one) => [one, attribute(one)])),
  parseHTML: () => [{ tag: `span[data-inline="${name}"]` }],
  renderHTML: ({ node, HTMLAttributes }) => {
    const [more, text] = show(node.attrs);
    return ["span", mergeAttributes(HTMLAttributes, { "data-inline": name, class: `pl-inline-${name}` }, more), text];
  },
  renderText: ({ node }) => show(node.attrs)[1],
});
const Leaves = (setting) => [
  leaf("field", INSIDE.field, ({ name }) => {
    const found = (setting.fields || []).find((field) => field.name === name);
    return [{ title: found?.label || name }, found?.value || `{ ${found?.label || name} }`];
  }),
  leaf("place", INSIDE.place, ({ hint }) => [{}, hint || setting.words.place_empty]),
  leaf("reference", INSIDE.reference, ({ to, target, label }) => [{ title: to === "requirement" ? target : label }, label || target]),
];
const Picture = (setting) => Image.extend({
  addAttributes: () => ({
    src: { default: null, rendered: false, parseHTML: (element) => `attachment:${element.getAttribute("data-attachment")}` },
    alt: { default: "" }, title: { default: null }, sha256: attribute("sha256", null),
  }),
  parseHTML: () => [{ tag: "img[data-attachment]" }],
  renderHTML: ({ node, HTMLAttributes }) => {
    const uid = (node.attrs.src || "").replace(/^attachment:/, "");
    const url = setting.images[uid];
    return ["img", mergeAttributes(HTMLAttributes, { "data-attachment": uid, draggable: "true" }, url ? { src: url } : {})];
  },
}).configure({ inline: false, allowBase64: false });

export const extensions = (setting) => [
  StarterKit.configure({
    heading: { levels: [1, 2, 3, 4] },
    link: { openOnClick: false, autolink: true, linkOnPaste: true, defaultProtocol: "https", isAllowedUri: goodLink, HTMLAttributes: { target: null, rel: null, class: null } },
    trailingNode: { notAfter: ["paragraph", "heading", "bulletList", "orderedList"] },
    dropcursor: { class: "pl-dropcursor", color: false, width: 2 },
  }),
  Table.configure({ resizable: false }), TableRow, TableHeader, TableCell,
  Picture(setting), ...Leaves(setting), Identity,
];
