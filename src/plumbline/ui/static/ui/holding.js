// Any other form that is sent while there is no network: its page stays as it is, says so, and sends it when the network is back.
// What keeps itself (<form data-later>, checklists, reading together) has stopped the event before it comes here.
(() => {
  const held = new Map(); // form: the button it was sent with
  const tell = (words) => {
    document.getElementById("pl-held")?.remove();
    if (!words) return;
    const said = Object.assign(document.createElement("div"), { id: "pl-held", className: "pl-alert", textContent: words });
    said.setAttribute("role", "status");
    said.dataset.tone = "waiting";
    (document.getElementById("messages") || document.body).prepend(said);
    said.scrollIntoView({ block: "center" });
  };
  const reached = async () => {
    if (!navigator.onLine) return false;
    try { return (await fetch("/health/", { cache: "no-store", signal: AbortSignal.timeout(5000) })).ok; } catch { return false; }
  };
  const send = async () => {
    if (!held.size || !(await reached())) return;
    const [form, button] = [...held].find(([one]) => one.isConnected) || [];
    held.clear();
    tell("");
    form?.requestSubmit(button?.isConnected ? button : null);
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (navigator.onLine || event.defaultPrevented || form.getAttribute("method") !== "post" || form.hasAttribute("hx-post")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held.clear(); // the page goes with the first that is sent: the last one counts
    held.set(form, event.submitter);
    form.dataset.changed = "yes"; // it is asked before the page is left
    tell(window.plumbline.say("held"));
  });
  window.addEventListener("online", send);
  setInterval(send, 5000);
})();
