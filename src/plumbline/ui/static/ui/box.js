// The one box: Ctrl K or / opens it anywhere; what is found comes from the search page, arrows walk it, Enter opens it.
(() => {
  const box = document.getElementById("pl-box");
  if (!box?.showModal) return;
  const { all, keep } = window.plumbline;
  const input = box.querySelector("input");
  const found = box.querySelector("[data-found]");
  const SEEN = 8, WAIT = 90; // records remembered; milliseconds between two letters
  const shelf = `seen.${box.dataset.box}`;
  const seen = () => (keep.get(shelf) || "").split(",").filter(Boolean);
  const here = document.querySelector("[data-seen]")?.dataset.seen;
  if (here) keep.set(shelf, [here, ...seen().filter((one) => one !== here)].slice(0, SEEN).join(","));

  let asking = null, timer = 0, shown = null;
  const options = () => all('[role="option"]', found);
  const chosen = () => found.querySelector('[aria-selected="true"]');
  const choose = (option) => {
    options().forEach((one) => one.setAttribute("aria-selected", one === option));
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };
  const show = (html, text) => {
    found.innerHTML = html;
    shown = text;
    onThisPage(text);
    const list = found.querySelector("#pl-found");
    input.setAttribute("aria-expanded", Boolean(list));
    if (list) input.setAttribute("aria-controls", "pl-found");
    else input.removeAttribute("aria-controls");
    choose(options()[0]);
    box.querySelector("[data-said]").textContent = all(".pl-box-note", found).map((note) => note.textContent).join(" ") ||
      (list ? box.dataset.counted.replace("{n}", options().length) : "");
  };
  // What can be done on the page itself: its own links and buttons, by what they are called
  const onThisPage = (text) => {
    const typed = text.toLowerCase();
    const doable = all(".pl-actions a[href], .pl-moves a[href]").filter((link) => typed && link.getAttribute("aria-disabled") !== "true" &&
      link.textContent.toLowerCase().split(/\s+/).some((word) => word.startsWith(typed)));
    const list = found.querySelector("#pl-found");
    if (!doable.length || !list) return;
    const group = document.createElement("div");
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", "pl-found-here");
    group.append(Object.assign(document.createElement("p"), { className: "pl-box-head", id: "pl-found-here", textContent: box.dataset.here }));
    doable.slice(0, 5).forEach((link, place) => {
      const line = Object.assign(document.createElement("a"), { className: "pl-box-line", href: link.href, id: `pl-found-here-${place}`, tabIndex: -1 });
      line.setAttribute("role", "option");
      const icon = link.querySelector("svg")?.cloneNode(true);
      if (icon) line.append(icon);
      line.append(Object.assign(document.createElement("span"), { className: "pl-box-what", textContent: link.textContent.trim() }));
      group.append(line);
    });
    list.prepend(group);
  };
  const ask = async () => {
    const text = input.value.trim();
    asking?.abort();
    asking = new AbortController();
    const query = new URLSearchParams({ box: "1", q: text, ...(text ? {} : { seen: seen().join(",") }) });
    try {
      const answer = await fetch(`${box.dataset.url}?${query}`, { signal: asking.signal, headers: { "X-Requested-With": "fetch" } });
      if (answer.redirected) { window.location.assign(box.dataset.url); return; } // signed out
      if (answer.ok) show(await answer.text(), text);
    } catch (error) {
      if (error.name !== "AbortError") shown = null; // no network: Enter still goes to the search page
    }
  };
  const open = (text = "") => {
    if (box.open) return;
    box.showModal();
    input.value = text;
    input.focus();
    input.select();
    ask();
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  input.addEventListener("keydown", (event) => {
    const lines = options(), place = lines.indexOf(chosen());
    const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: lines.length - 1 }[event.key];
    if (to !== undefined && lines.length && !(["Home", "End"].includes(event.key) && input.value)) {
      event.preventDefault();
      choose(lines[(to + lines.length) % lines.length]);
    }
    if (event.key === "Enter" && shown === input.value.trim() && chosen()) {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) window.open(chosen().href, "_blank", "noopener");
      else chosen().click();
    } // else the form goes to the search page
  });
  box.addEventListener("click", (event) => { if (event.target === box || event.target.closest("[data-close]")) box.close(); });
  box.addEventListener("close", () => { clearTimeout(timer); asking?.abort(); });

  document.addEventListener("keydown", (event) => {
    const called = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && keep.get("keys") !== "off";
    if (event.defaultPrevented || (!called && !slash) || (document.querySelector("dialog[open]") && !box.open)) return;
    event.preventDefault();
    if (box.open) input.select();
    else open();
  }); // not while it is captured: where text is written, Ctrl K on a selection makes a link
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("input[data-search], .pl-bottom a");
    if (!link || event.ctrlKey || event.metaKey || event.button) return;
    if (!link.matches("[data-search]") && (link.hash || new URL(link.href).pathname !== box.dataset.url)) return;
    event.preventDefault();
    open(link.value || "");
  });
})();
