// What was sent after the session had ended, was refused or did not get through, is put back into its form when the same person is back in this tab.
// Forms that save themselves need none of it. The text stays in the tab's own storage, until the next page at the latest.
(() => {
  const KEY = "plumbline:sent";
  const KINDS = ["textarea", "text", "date", "number", "email", "url", "tel"];
  const fields = (form) => [...form.elements].filter((field) => field.name && KINDS.includes(field.type));

  document.addEventListener("submit", ({ target: form }) => {
    const who = document.body.dataset.who;
    if (!who || !form.matches("[method=post]:not([data-autosave], [hx-post])")) return;
    const values = fields(form).map((field) => [field.name, field.value]).filter(([, value]) => value);
    if (!values.length) { sessionStorage.removeItem(KEY); return; }
    sessionStorage.setItem(KEY, JSON.stringify({ who, page: window.location.pathname, action: form.getAttribute("action"), values }));
  });

  const put = (kept) => {
    const form = [...document.querySelectorAll("form[method=post]")].find((one) => one.getAttribute("action") === kept.action && kept.values.some(([name]) => one.elements[name]));
    if (!form) return;
    const filled = fields(form).filter((field) => kept.values.some(([name, value]) => {
      if (name !== field.name) return false;
      field.value = value;
      return true;
    }));
    filled.forEach((field) => field.dispatchEvent(new Event("input", { bubbles: true })));
    filled[0]?.closest("details")?.setAttribute("open", "");
    filled[0]?.focus();
  };

  const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
  const { who } = document.body.dataset;
  if (!kept) return;
  if (!who) { // the sign-in, and what it may ask further
    const back = document.querySelector("[data-kept-back]"); // the page for no network, which the worker gave as the answer
    if (back) { back.href = kept.page; back.hidden = false; }
    if (back || document.querySelector("main form[action*='/accounts/']")) sessionStorage.setItem(KEY, JSON.stringify({ ...kept, ended: true }));
    return;
  }
  sessionStorage.removeItem(KEY);
  const refused = document.querySelector("#messages .pl-alert.pl-bad"); // the page came back and says why
  if ((kept.ended || refused) && kept.who === who && kept.page === window.location.pathname) put(kept);
})();
