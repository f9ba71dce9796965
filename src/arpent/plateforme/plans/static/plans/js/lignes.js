/* "Ajouter une ligne": clones the blank row of a formset. Without it, blank rows are there already. */
for (const button of document.querySelectorAll("[data-ajouter]")) {
  const prefix = button.dataset.ajouter;
  const body = document.querySelector(`[data-lignes="${prefix}"]`);
  const total = document.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
  const blank = document.querySelector(`#vide-${prefix}`);
  if (!body || !total || !blank) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const row = blank.content.querySelector("[data-ligne]").cloneNode(true);
    for (const element of row.querySelectorAll("*")) {
      for (const name of ["id", "name", "for", "aria-describedby"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace("__prefix__", total.value));
      }
    }
    for (const label of row.querySelectorAll(".invisible, legend")) {
      label.textContent = label.textContent.replace("nouvelle", String(Number(total.value) + 1));
    }
    total.value = String(Number(total.value) + 1);
    body.append(row);
    row.querySelector("select, input").focus();
  });
}
