// Pictures: chosen, dropped or pasted, each is sent to the server first; a mark holds its place until the answer is there.
import { Decoration, DecorationSet, Extension, Plugin, PluginKey } from "../vendor/tiptap.min.js";

const KINDS = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const WAITING = new PluginKey("pictures");

export const picturesIn = (files) => [...(files || [])].filter((file) => KINDS.includes(file.type));

export const Waiting = Extension.create({
  name: "waiting",
  addProseMirrorPlugins: () => [new Plugin({
    key: WAITING,
    state: {
      init: () => DecorationSet.empty,
      apply: (change, set) => {
        const told = change.getMeta(WAITING);
        const kept = set.map(change.mapping, change.doc);
        if (told?.add) return kept.add(change.doc, [Decoration.widget(told.add.at, () => told.add.mark, { id: told.add.id })]);
        return told?.remove ? kept.remove(kept.find(null, null, (one) => one.id === told.remove)) : kept;
      },
    },
    props: { decorations: (state) => WAITING.getState(state) },
  })],
});

const send = async (url, file) => {
  const content = new FormData();
  content.append("file", file, file.name);
  const headers = { "X-CSRFToken": window.plumbline.token(), "X-Requested-With": "fetch", Accept: "application/json" };
  const answer = await fetch(url, { method: "POST", body: content, headers });
  const said = (answer.headers.get("content-type") || "").includes("json") ? await answer.json() : {};
  if (!answer.ok || !said.uid) throw Object.assign(new Error("refused"), { reason: said.reason });
  return said;
};

// Puts one picture where the text stood when it was chosen, however much is typed meanwhile.
export const bring = async (surface, file, at) => {
  const { editor, setting } = surface;
  const id = {};
  const mark = Object.assign(document.createElement("span"), { className: "pl-editor-waiting", textContent: `${setting.words.sending} ${file.name}` });
  editor.view.dispatch(editor.state.tr.setMeta(WAITING, { add: { id, at, mark } }));
  const take = (change) => change.setMeta(WAITING, { remove: id });
  try {
    const said = await send(setting.upload, file);
    setting.images[said.uid] = said.url;
    const [held] = WAITING.getState(editor.state).find(null, null, (one) => one.id === id);
    editor.view.dispatch(take(editor.state.tr));
    if (!held) return;
    const attrs = { src: `attachment:${said.uid}`, alt: "", sha256: said.sha256 ?? null };
    editor.commands.insertContentAt(held.from, { type: "image", attrs });
  } catch (failed) {
    editor.view.dispatch(take(editor.state.tr));
    surface.tell(failed.reason ? "picture_refused" : "picture_failed", { name: file.name, reason: failed.reason });
  }
};
