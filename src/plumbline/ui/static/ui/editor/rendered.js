// The JSON of a written document as still HTML, the way the writing surface shows it.
import { DOMSerializer, getSchema } from "../vendor/tiptap.min.js";
import { headings } from "./numbers.js";
import { extensions, read } from "./shape.js";

export const rendered = (text, setting) => {
  const schema = getSchema(extensions(setting));
  const content = read(text, schema);
  if (!content) return null;
  const doc = schema.nodeFromJSON(content);
  const shown = DOMSerializer.fromSchema(schema).serializeFragment(doc.content);
  const numbers = headings(doc);
  shown.querySelectorAll("h1, h2, h3, h4").forEach((heading, at) => { heading.dataset.number = numbers[at].number; });
  return shown;
};
