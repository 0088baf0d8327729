// A text that is larger than one request may be is not sent: it stays on the page, and the page says so.
(() => {
  const MOST = 4_800_000; // bytes; a request without files holds 5 MB
  document.addEventListener("submit", (event) => {
    const text = event.target.elements?.content;
    const said = event.target.querySelector("[data-too-large]");
    if (!text || !said) return;
    const large = new Blob([text.value]).size > MOST;
    said.hidden = !large;
    said.textContent = large ? said.dataset.tooLarge : "";
    if (!large) return;
    event.preventDefault();
    event.stopPropagation();
    said.scrollIntoView({ block: "center" });
  }, true);
})();
