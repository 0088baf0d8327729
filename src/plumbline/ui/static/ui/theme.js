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
