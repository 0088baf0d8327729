// The JSON of a written document as still HTML, the way the writing surface shows it.
import { DOMSerializer, getSchema } from "../vendor/tiptap.min.js";
import { extensions, read } from "./shape.js";

export const rendered = (text, setting) => {
  const schema = getSchema(extensions(setting));
  const content = read(text, schema);
  return content && DOMSerializer.fromSchema(schema).serializeFragment(schema.nodeFromJSON(content).content);
};
