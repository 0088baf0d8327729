// Runs before the first paint: light or dark, as chosen here or as the system says.
(() => {
  let kept = null;
  try { kept = localStorage.getItem("pl.theme"); } catch { /* storage may be closed: the system decides */ }
  const wish = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => document.documentElement.setAttribute("data-bs-theme", kept || (wish.matches ? "dark" : "light"));
  wish.addEventListener("change", apply);
  window.plumblineTheme = (name) => { kept = name; try { localStorage.setItem("pl.theme", name); } catch { /* as above */ } apply(); };
  apply();
})();

// What is pressed, typed, chosen or sent while the page's other scripts are still on their way is done again once they are there.
(() => {
  const again = []; // in the order of the person
  const touched = new Set();
  const needs = (form) => form.matches("[hx-post], [data-group], [data-answer]") || form.querySelector("[data-passkey]"); // any other is sent as it is
  const hold = (event, act) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    again.push(act);
  };
  const click = (event) => {
    const pressed = event.target.closest?.("button[type=button], details[data-fold] > summary, details[hx-get] > summary");
    if (pressed) hold(event, () => pressed.click());
  };
  const key = (event) => {
    const { key: name, ctrlKey, metaKey, altKey, shiftKey, target } = event;
    const box = (ctrlKey || metaKey) && name === "k";
    const letter = name.length === 1 && name !== " " && !ctrlKey && !metaKey && !altKey && !target.closest?.("input, textarea, select, [contenteditable]");
    const same = { key: name, ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true };
    if (box || letter) hold(event, () => {
      const meant = (target.isConnected ? target : document.body).dispatchEvent(new KeyboardEvent("keydown", same));
      if (letter && meant && document.activeElement?.matches("input, textarea")) document.execCommand("insertText", false, name); // a key before it opened the box
    });
  };
  const change = ({ target }) => {
    if (touched.has(target)) return;
    touched.add(target);
    again.push(() => ["input", "change"].forEach((kind) => target.dispatchEvent(new Event(kind, { bubbles: true }))));
  };
  const sent = new Set(); // buttons, and forms sent without one
  const submit = (event) => {
    const { target: form, submitter } = event;
    if (needs(form)) {
      if (sent.has(submitter || form)) event.preventDefault();
      else hold(event, () => form.isConnected && form.requestSubmit(submitter));
      sent.add(submitter || form);
    } else if (form.getAttribute("method") === "post") { // one click, one request
      if (sent.has(form)) event.preventDefault();
      else setTimeout(() => { if (!event.defaultPrevented) sent.add(form); }); // else a script that is there already sends it
    }
  };
  const heard = { click, keydown: key, input: change, change, submit };
  Object.entries(heard).forEach(([kind, hear]) => addEventListener(kind, hear, true));
  window.plumblineEarly = touched;
  document.addEventListener("DOMContentLoaded", () => {
    setTimeout(() => { // after every script's own beginning, and nothing overtakes what was pressed before it
      Object.entries(heard).forEach(([kind, hear]) => removeEventListener(kind, hear, true));
      again.forEach((act) => act());
    });
  });
})();
