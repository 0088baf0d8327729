// Any form that is sent while there is no network is kept on this device (later.js). What may not be stored, such as a password, stays on its
// page and is sent from there. What keeps itself (<form data-later>, checklists, reading together) has stopped the event before it comes here.
(() => {
  const held = new Map(); // form: the button it was sent with
  const tell = (words) => {
    document.getElementById("pl-held")?.remove();
    if (!words) return;
    const said = Object.assign(document.createElement("div"), { id: "pl-held", className: "pl-alert pl-waiting", textContent: words });
    said.setAttribute("role", "status");
    (document.getElementById("messages") || document.body).prepend(said);
    said.scrollIntoView({ block: "center" });
  };
  const send = async () => {
    if (!held.size || !(await window.plumbline.later?.reached())) return;
    const [form, button] = [...held].find(([one]) => one.isConnected) || [];
    held.clear();
    tell("");
    form?.requestSubmit(button?.isConnected ? button : null);
  };
  const hold = (form, button) => {
    held.clear(); // the page goes with the first that is sent: the last one counts
    held.set(form, button);
    form.dataset.changed = "yes"; // it is asked before the page is left
    tell(window.plumbline.say("held"));
  };
  document.addEventListener("submit", (event) => {
    const { target: form, submitter: button } = event;
    if (event.defaultPrevented || form.getAttribute("method") !== "post" || form.hasAttribute("hx-post")) return;
    const later = window.plumbline?.later;
    const may = later?.may(form, button);
    if (navigator.onLine) { if (may) later.name(form, button); return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (may) later.keep(form, button).catch(() => hold(form, button));
    else hold(form, button);
  });
  document.addEventListener("htmx:sendError", ({ detail: { elt } }) => { // a part of a page, brought by itself
    const form = elt.closest?.("form[hx-post]:not([data-save-on-leave])");
    if (form) hold(form, null);
  });
  window.addEventListener("online", send);
  setInterval(send, 5000);
})();
