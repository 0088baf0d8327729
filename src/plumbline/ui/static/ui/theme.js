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

// What is pressed while the page's other scripts are still on their way is pressed again once they are there.
(() => {
  const pressed = [];
  const hold = (event, again) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed.push(again);
  };
  const click = (event) => {
    const button = event.target.closest?.("button[type=button]");
    if (button) hold(event, () => button.click());
  };
  const key = (event) => {
    const { key: name, ctrlKey, metaKey, altKey, shiftKey, target } = event;
    const box = (ctrlKey || metaKey) && name === "k";
    const letter = name.length === 1 && name !== " " && !ctrlKey && !metaKey && !altKey && !target.closest?.("input, textarea, select, [contenteditable]");
    const same = { key: name, ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true };
    if (box || letter) hold(event, () => (target.isConnected ? target : document.body).dispatchEvent(new KeyboardEvent("keydown", same)));
  };
  addEventListener("click", click, true);
  addEventListener("keydown", key, true);
  document.addEventListener("DOMContentLoaded", () => {
    removeEventListener("click", click, true);
    removeEventListener("keydown", key, true);
    setTimeout(() => pressed.forEach((again) => again()));
  });
})();
