// Photos and files chosen one after the other, as a phone's camera gives them: what was chosen before stays, is shown, and can be taken out
// again. <input type="file" multiple data-gather>; what cannot be shown later is said at once.
(() => {
  const { say } = window.plumbline;
  const gathered = new WeakMap(); // field: its files so far
  const make = (tag, given, ...inside) => { const made = Object.assign(document.createElement(tag), given); made.append(...inside); return made; };
  const same = (file) => `${file.name} ${file.size} ${file.lastModified}`;
  const size = (file) => `${(Math.max(file.size, 1e5) / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 })} MB`;
  const heic = (file) => /hei[cf]/.test(file.type) || /\.hei[cf]$/i.test(file.name);

  const line = (field, file) => {
    const out = make("button", { type: "button", className: "btn btn-sm pl-btn-quiet", textContent: say("gather_out") });
    out.setAttribute("aria-label", say("gather_out_of", { name: file.name }));
    out.addEventListener("click", () => { put(field, gathered.get(field).filter((other) => other !== file)); field.focus(); });
    const told = make("span", {}, make("span", { className: "pl-gathered-name", textContent: file.name }), " ", make("span", { className: "pl-detail", textContent: size(file) }));
    const shown = make("li", {}, told, out);
    if (heic(file)) shown.append(make("p", { className: "pl-note pl-gathered-note", textContent: say("gather_heic") }));
    if (file.type.startsWith("image/")) {
      const image = make("img", { alt: "", decoding: "async", src: URL.createObjectURL(file) });
      image.onload = () => URL.revokeObjectURL(image.src);
      image.onerror = () => image.remove();
      shown.prepend(image);
    }
    return shown;
  };
  const put = (field, files) => {
    const kept = new DataTransfer();
    files.forEach((file) => kept.items.add(file));
    field.files = kept.files;
    gathered.set(field, files);
    const list = field.parentElement.querySelector(".pl-gathered") || field.insertAdjacentElement("afterend", make("ul", { className: "pl-gathered" }));
    list.setAttribute("aria-live", "polite");
    list.hidden = !files.length;
    list.replaceChildren(...files.map((file) => line(field, file)));
  };
  const wanted = (target) => target.matches?.("input[type=file][data-gather]");
  document.addEventListener("change", ({ target }) => {
    if (!wanted(target)) return;
    const before = gathered.get(target) || [], known = new Set(before.map(same));
    put(target, [...before, ...[...target.files].filter((file) => !known.has(same(file)))]);
  });
  document.addEventListener("plumbline:put", ({ target }) => { if (wanted(target)) put(target, [...target.files]); }, true);
  document.addEventListener("reset", ({ target }) => [...target.elements].filter(wanted).forEach((field) => put(field, [])));
})();
