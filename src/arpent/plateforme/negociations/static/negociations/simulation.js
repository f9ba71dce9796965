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

const essai = document.querySelector("form[data-essai]");
let envoye = false; // by the button, and nothing typed since
let demande = "";
let affiche = "";

const ecrit = () => new URLSearchParams(new FormData(essai)).toString();

// The address follows the trial, so that it can be kept and sent.
essai?.addEventListener("change", () => window.history.replaceState(null, "", `?${ecrit()}`));

// The button asks at once, the change of the field a moment later: one request is enough for both.
essai?.addEventListener("htmx:before:request", (event) => {
  if (ecrit() === demande) event.preventDefault();
  demande = ecrit();
});
essai?.addEventListener("htmx:error", () => { demande = ""; });

// The result is below the form on a phone: what the button asked for is brought into sight, a refusal with the
// focus. A mere change of a field moves nothing; the fields to correct are marked.
essai?.addEventListener("input", () => { envoye = false; });
essai?.addEventListener("submit", () => {
  envoye = true;
  if (affiche === ecrit()) montrer();
});
essai?.addEventListener("htmx:after:swap", () => {
  affiche = demande;
  const liens = document.querySelectorAll('#refus-essai a[href^="#"]');
  const fautifs = new Set([...liens].map((lien) => lien.hash.slice(1)));
  for (const champ of essai.querySelectorAll("input, select")) {
    if (fautifs.has(champ.id)) champ.setAttribute("aria-invalid", "true");
    else champ.removeAttribute("aria-invalid");
  }
  if (envoye) montrer();
});

function montrer() {
  const refus = document.getElementById("refus-essai");
  if (refus.childElementCount) {
    refus.focus({ preventScroll: true });
    refus.scrollIntoView({ block: "start" });
  } else {
    document.getElementById("constat")?.scrollIntoView({ block: "nearest" });
  }
}
