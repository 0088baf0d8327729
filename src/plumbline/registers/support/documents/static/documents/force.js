// Quick choices of a day fill the field in place; without script they are links.
document.addEventListener("click", (event) => {
  const choice = event.target.closest?.("a[data-day]");
  const field = document.getElementById("id_effective_on");
  if (!choice || !field) return;
  event.preventDefault();
  field.value = choice.dataset.day;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
