// What static/ui/editor/*.js imports from Tiptap and ProseMirror; everything of ours stands there, unbundled.
export { Editor, Extension, getSchema, mergeAttributes, Node } from "@tiptap/core";
export { Image } from "@tiptap/extension-image";
export { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
export { DOMSerializer, Fragment, Slice } from "@tiptap/pm/model";
export { NodeSelection, Plugin, PluginKey, TextSelection } from "@tiptap/pm/state";
export { Decoration, DecorationSet } from "@tiptap/pm/view";
export { StarterKit } from "@tiptap/starter-kit";
