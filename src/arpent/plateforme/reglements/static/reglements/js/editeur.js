// Alt + arrow up or down moves the article or the rule that holds the keyboard, with its own buttons.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  const block = event.target.closest?.("[data-deplacable]");
  const geste = event.key === "ArrowUp" ? "monter" : "descendre";
  const button = block?.querySelector(`button[name="geste"][value="${geste}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// Changing what a scale depends on shows its new form at once; without this, a button does it.
document.addEventListener("change", (event) => {
  const field = event.target.closest?.("[data-actualise] select[name$='-par']");
  if (!field || field.value === "indicateur" || field.value === "quantite" || field.value === "depense") return;
  field.closest("form").querySelector('button[name="_actualiser"]')?.click();
});
