// Lines of a list are ticked: one, a range with Shift, a page, all that match; the links of the list follow its filters.
(() => {
  const { all } = window.plumbline;
  const bar = () => document.querySelector("form[data-many]");
  const boxes = () => all(`input[type=checkbox][name="${bar()?.dataset.many}"]:not([form=""])`).filter((box) => box.closest("[data-rows]"));
  let last = null;

  const tell = () => {
    const form = bar();
    if (!form) return;
    const lines = boxes();
    const ticked = lines.filter((box) => box.checked).length;
    const every = form.querySelector("[data-many-all]");
    const count = form.querySelector("[data-many-count]");
    form.hidden = !ticked && !every?.checked;
    count.hidden = Boolean(every?.checked);
    count.textContent = ticked === 1 ? count.dataset.one : count.dataset.more.replace("{n}", ticked.toLocaleString(document.documentElement.lang));
    const page = form.querySelector("[data-many-page]");
    page.checked = ticked > 0 && ticked === lines.length;
    page.indeterminate = ticked > 0 && ticked < lines.length;
    const head = document.querySelector("[data-many-head]");
    if (head) { head.checked = page.checked; head.indeterminate = page.indeterminate; }
  };

  const headed = () => {
    const place = document.querySelector("[data-rows] th.c-pick");
    const form = bar();
    if (!place || !form || place.querySelector("input")) return;
    const box = Object.assign(document.createElement("input"), { type: "checkbox", className: "form-check-input" });
    box.dataset.manyHead = "";
    box.setAttribute("aria-label", form.querySelector("[data-many-page]").closest("label").textContent.trim());
    place.append(box);
  };

  const tick = (box, on, range) => {
    const lines = boxes();
    if (range && lines.includes(last)) {
      const [from, to] = [lines.indexOf(last), lines.indexOf(box)].sort((a, b) => a - b);
      lines.slice(from, to + 1).forEach((one) => { one.checked = on; });
    }
    box.checked = on;
    last = box;
    tell();
  };

  document.addEventListener("click", (event) => {
    if (event.target.matches?.("[data-many-line]")) {
      const box = document.activeElement.closest("tr")?.querySelector(".c-pick input");
      if (box) tick(box, !box.checked, false);
      return;
    }
    const form = bar();
    if (form && event.target.matches?.(`[data-rows] input[name="${form.dataset.many}"]`)) tick(event.target, event.target.checked, event.shiftKey);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-many-page], [data-many-head]")) {
      boxes().forEach((box) => { box.checked = event.target.checked; });
      tell();
    }
    if (event.target.matches?.("[data-many-all]")) {
      boxes().forEach((box) => { box.checked = event.target.checked; });
      tell();
    }
  });

  const follow = () => all('a[data-asked], .pl-actions a[href*="/export/"]').forEach((link) => { link.search = location.search; });
  document.addEventListener("htmx:pushedIntoHistory", follow);
  document.addEventListener("htmx:load", () => { last = null; headed(); tell(); });
  window.addEventListener("pageshow", tell);
  headed();
  tell();
})();
