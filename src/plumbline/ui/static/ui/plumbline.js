// Keys, menus, dialogs, folds, times, lists. Everything is found by data attributes; nothing here is needed to read a page.
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const words = JSON.parse(document.getElementById("pl-words")?.textContent || "{}");
  const say = (key, values = {}) => (words[key] || key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const keep = {
    get: (key) => { try { return localStorage.getItem(`pl.${key}`); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(`pl.${key}`, value); } catch { /* storage closed: nothing is kept */ } },
  };
  const token = () => document.querySelector('meta[name="csrf-token"]')?.content || "";
  window.plumbline = { say, keep, token, all };

  // Theme
  const nameTheme = () => all("[data-theme-toggle]").forEach((button) =>
    button.setAttribute("aria-label", say(root.dataset.bsTheme === "dark" ? "theme_light" : "theme_dark")));

  // Relative times
  const steps = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
  const speak = new Intl.RelativeTimeFormat(root.lang || "en", { numeric: "auto" });
  const relative = (instant) => {
    const seconds = (new Date(instant) - Date.now()) / 1000;
    const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) || ["second", 1];
    return Math.abs(seconds) < 45 ? speak.format(0, "second") : speak.format(Math.round(seconds / size), unit);
  };
  const tellTimes = (within = document) => all("time[data-relative]", within).forEach((time) => {
    time.textContent = relative(time.dateTime);
  });

  // Folds that the reader's browser remembers
  const restoreFolds = (within = document) => all("details[data-fold]", within).forEach((fold) => {
    const kept = keep.get(`fold.${fold.dataset.fold}`);
    if (kept && !fold.querySelector('[aria-current="page"], .pl-bad-field')) fold.open = kept === "open";
    fold.addEventListener("toggle", () => keep.set(`fold.${fold.dataset.fold}`, fold.open ? "open" : "shut"));
  });

  // Photo preview
  const preview = (input) => {
    const box = document.getElementById(input.dataset.preview) || input.parentElement.querySelector(".pl-preview") ||
      input.insertAdjacentElement("afterend", Object.assign(document.createElement("div"), { className: "pl-preview" }));
    all("img", box).forEach((image) => { URL.revokeObjectURL(image.src); image.remove(); });
    [...input.files].filter((file) => file.type.startsWith("image/")).forEach((file) =>
      box.append(Object.assign(new Image(), { src: URL.createObjectURL(file), alt: say("preview", { name: file.name }) })));
  };

  // Lists: j and k walk from line to line
  const walk = (step) => {
    const lines = all("[data-rows] tbody tr, [data-rows] > li").filter((line) => line.querySelector("a"));
    if (!lines.length) return false;
    const here = lines.findIndex((line) => line.contains(document.activeElement));
    const next = lines[here < 0 ? (step > 0 ? 0 : lines.length - 1) : Math.min(Math.max(here + step, 0), lines.length - 1)];
    next.querySelector("a").focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  };

  // Keyboard
  let first = "";
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
  const listKeys = () => {
    const list = document.querySelector("[data-keys]");
    all("[data-key-made]", list).forEach((line) => line.remove());
    all("[data-when]", list).forEach((line) => { line.hidden = !document.querySelector(line.dataset.when); });
    const seen = new Set();
    all("[data-key], [aria-keyshortcuts]").forEach((element) => {
      const keys = element.dataset.key || element.getAttribute("aria-keyshortcuts").replace("Control", "Ctrl").replaceAll("+", " ");
      if (seen.has(keys)) return;
      seen.add(keys);
      const line = document.createElement("div");
      line.dataset.keyMade = "";
      const term = line.appendChild(document.createElement("dt"));
      keys.split(" ").forEach((key) => {
        term.append(Object.assign(document.createElement("kbd"), { textContent: key }), " ");
      });
      const text = element.querySelector(".pl-nav-text")?.textContent || element.getAttribute("aria-label") || element.textContent;
      line.appendChild(document.createElement("dd")).textContent = text.trim();
      list.append(line);
    });
  };
  const open = (id) => {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    if (id === "pl-keys") listKeys();
    dialog.showModal();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") all("details[data-menu][open]").forEach((menu) => {
      menu.open = false;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    });
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (keep.get("keys") === "off") return;
    if (event.key === "?") { event.preventDefault(); open("pl-keys"); return; }
    if (!first && (event.key === "j" || event.key === "k") && walk(event.key === "j" ? 1 : -1)) { event.preventDefault(); return; }
    const pressed = first ? `${first} ${event.key}` : event.key;
    const target = all("[data-key]").find((element) => element.dataset.key === pressed);
    first = "";
    if (target) { event.preventDefault(); target.click(); return; }
    if (event.key.length === 1 && all("[data-key]").some((element) => element.dataset.key.startsWith(`${pressed} `))) {
      first = event.key;
      setTimeout(() => { first = ""; }, 1500);
    }
  });

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    all("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    if (on('[aria-disabled="true"]')) { event.preventDefault(); return; }
    if (on("[data-theme-toggle]")) { window.plumblineTheme(root.dataset.bsTheme === "dark" ? "light" : "dark"); nameTheme(); }
    if (on("[data-dismiss]")) on(".pl-alert")?.remove();
    if (on("[data-open]")) open(on("[data-open]").dataset.open);
    if (on("[data-print]")) window.print();
    const copy = on("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => { copy.dataset.said = say("copied"); });
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][data-preview]")) preview(event.target);
    if (event.target.matches("[data-keys-switch]")) keep.set("keys", event.target.checked ? "on" : "off");
  });

  // The scanner comes when it is asked for: by a link to #scan, or by a button that wants what is read (the event plumbline:scanned)
  const scan = async (button = null) => {
    const panel = document.getElementById("pl-scan");
    if (!panel) return;
    if (location.hash === "#scan") history.replaceState(history.state, "", location.pathname + location.search);
    const wanted = button && ((uid) => button.dispatchEvent(new CustomEvent("plumbline:scanned", { bubbles: true, detail: uid })));
    try { (await import(panel.dataset.src)).show(wanted); } catch {
      panel.querySelector("[data-scan-said]").textContent = say("scan_missing");
      if (!panel.open) panel.showModal();
    }
  };
  document.addEventListener("click", (event) => {
    const asks = event.target.closest('a[href="#scan"], [data-scan]');
    if (!asks || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    scan(asks.matches("[data-scan]") ? asks : null);
  });
  const named = () => { if (location.hash === "#scan") scan(); };
  window.addEventListener("hashchange", named);
  document.addEventListener("DOMContentLoaded", named);

  // One click, one request
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("method") !== "post" || form.hasAttribute("hx-post") || form.hasAttribute("data-download") || event.defaultPrevented) return; // a download changes nothing
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));

  // Fragments that htmx brings
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    detail.headers["X-CSRFToken"] = token();
    if (detail.elt.matches(".pl-filters")) [...detail.formData].forEach(([name, value]) => { if (!value) detail.formData.delete(name); });
  });
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) ready(event.target); });

  // A page that looks for itself how far something is keeps still under a finger: a press ends on what it began on
  let pressing = false, lifted = 0;
  addEventListener("pointerdown", () => { clearTimeout(lifted); pressing = true; }, true);
  for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, () => { lifted = setTimeout(() => { pressing = false; }, 100); }, true); // the click comes after
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (pressing && detail.requestConfig?.elt?.matches("[hx-trigger^=every]")) detail.shouldSwap = false;
  });

  const ready = (within) => {
    tellTimes(within);
    restoreFolds(within);
    if (within !== document || document.activeElement === document.body) within.querySelector("[data-focus]")?.focus(); // not out of a field one is in already
  };
  ready(document);
  nameTheme();
  all("[data-keys-switch]").forEach((box) => { box.checked = keep.get("keys") !== "off"; });
  setInterval(tellTimes, 60000);
})();
