// Shared devices: a badge reader types wherever the focus is, and nobody stays signed in who has gone.
(() => {
  const reader = document.querySelector("[data-reader]");
  if (reader) {
    const typing = (element) => element.matches("input:not([type=hidden]), textarea, select");
    document.addEventListener("keydown", (event) => {
      const letter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (letter && !typing(event.target)) reader.focus();
    }, true);
    window.addEventListener("focus", () => { if (document.activeElement === document.body) reader.focus(); });
  }

  const leaving = document.querySelector("[data-idle]");
  if (leaving) {
    let touched = Date.now();
    for (const name of ["pointerdown", "keydown", "scroll"]) addEventListener(name, () => { touched = Date.now(); }, { passive: true, capture: true });
    setInterval(() => {
      if (Date.now() - touched < Number(leaving.dataset.idle) * 1000) return;
      touched = Date.now();
      if (leaving.matches("form")) { window.plumbline?.later?.gone(); leaving.submit(); }
      else location.assign(leaving.href);
    }, 5000);
  }
})();
