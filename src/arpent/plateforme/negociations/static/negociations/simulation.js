// A slider beside each weight. Without this script the number fields and the button do the same.
for (const field of document.querySelectorAll("input[data-curseur]")) {
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = "0";
  slider.max = "100";
  slider.step = "1";
  slider.value = field.value || "0";
  slider.setAttribute("aria-label", `${document.querySelector(`label[for="${field.id}"]`)?.textContent.trim() ?? "Poids"}, curseur`);
  slider.addEventListener("input", () => { field.value = slider.value; });
  field.addEventListener("input", () => { slider.value = field.value || "0"; });
  field.before(slider);
}

// The address follows the trial, so that it can be kept and sent.
document.querySelector("form[data-essai]")?.addEventListener("change", (event) => {
  window.history.replaceState(null, "", `?${new URLSearchParams(new FormData(event.currentTarget))}`);
});
