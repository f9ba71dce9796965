// The form of a fiche keeps what is typed: a second after the last key, every 45 seconds (presence), on leaving.
// The answer is what is said beside the form (balance, what is missing, who else is here).
const form = document.querySelector("form[data-saisie-en-cours]");
const aside = document.querySelector("#resume");
const PAUSE = 900;
const PRESENCE = 45_000;

const typed = (presence) => {
  const data = new FormData(form);
  data.delete("_soumission"); // this sending has no effect to replay
  if (presence) data.append("_presence", "1");
  return data;
};

const say = (text) => {
  let line = aside.querySelector("[data-etat-saisie]");
  if (!line) {
    line = document.createElement("p");
    line.dataset.etatSaisie = "";
    line.className = "erreurs";
    aside.append(line);
  }
  line.textContent = text;
};

const show = (html) => {
  const open = aside.querySelector(".resume-pli")?.open ?? true;
  const known = aside.querySelector(".pli")?.open ?? false;
  aside.innerHTML = html; // rendered and escaped by our own server
  const fold = aside.querySelector(".resume-pli");
  if (fold) fold.open = open;
  const facts = aside.querySelector(".pli");
  if (facts) facts.open = known;
  lockSums();
};

let timer = 0;
let changed = false;
let sending = false;
let unheard = false; // typed text is on its way and nothing says yet that it was kept
let leaving = false; // the form itself is on its way: a draft sent now would outlive the fiche it was for

const send = async (presence) => {
  if (sending || leaving) return;
  sending = true;
  if (!presence) { changed = false; unheard = true; }
  try {
    const answer = await fetch(form.dataset.saisieEnCours, { method: "POST", body: typed(presence), headers: { Accept: "text/html" } });
    if (answer.redirected || answer.status === 403) {
      changed = true;
      say("Votre session s’est terminée. Ce qui était gardé le reste : reconnectez-vous dans un autre onglet, puis rouvrez cette fiche.");
    } else if (answer.ok) {
      show(await answer.text());
      if (!presence && !changed) form.dispatchEvent(new CustomEvent("htmx:after:request", { bubbles: true }));
    } else say("Votre saisie n’a pas pu être gardée. Enregistrez la fiche avant de quitter la page.");
    if (!presence) unheard = false;
  } catch {
    changed = true;
    say("Le serveur ne répond pas : votre saisie reste sur cet écran, nous réessayons.");
  } finally {
    sending = false;
    if (changed) schedule();
  }
};

const schedule = () => {
  clearTimeout(timer);
  if (leaving) return;
  timer = setTimeout(() => send(false), PAUSE);
};

// With expense rows, cost and eligible base are their sums: nobody types them.
const lockSums = () => {
  const rows = [...form.querySelectorAll('[name^="depenses-"][name$="-montant"]')].some((field) => field.value.trim());
  for (const name of ["cout_ht", "assiette"]) {
    const field = form.querySelector(`[name="${name}"]`);
    if (field) field.readOnly = rows;
  }
};

// On a narrow screen one section is open at a time.
const narrow = window.matchMedia("(width < 64rem)");
const oneAtATime = () => {
  const sections = [...form.querySelectorAll(".section-saisie")];
  if (narrow.matches && !form.querySelector(".errone")) sections.forEach((s, i) => (s.open = i === 0));
  for (const section of sections) {
    section.addEventListener("toggle", () => {
      if (!section.open || !narrow.matches) return;
      for (const other of sections) if (other !== section) other.open = false;
    });
  }
  const fold = aside.querySelector(".resume-pli");
  if (narrow.matches && fold) fold.open = false;
};

// A link of the summary opens the section of the field it names.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('#resume a[href^="#"], .resume-erreurs a[href^="#"]');
  const target = link && document.querySelector(link.getAttribute("href"));
  const section = target?.closest("details.section-saisie");
  if (!section) return;
  event.preventDefault();
  section.open = true;
  target.scrollIntoView({ block: "center" });
  (target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea"))?.focus({ preventScroll: true });
});

if (form && aside) {
  lockSums();
  oneAtATime();
  if (!("attente" in form.dataset)) {
    const touch = () => {
      changed = true;
      lockSums();
      schedule();
    };
    form.addEventListener("input", touch);
    form.addEventListener("change", touch);
    document.addEventListener("fiche:touchee", touch);
    setInterval(() => send(!changed), PRESENCE);
    // A quick hand types before this script is there: what differs from the page as sent is typed text.
    if ([...form.elements].some((field) => field.defaultValue !== undefined && field.type !== "hidden" && field.value !== field.defaultValue)) touch();
    else send(true);
    form.addEventListener("submit", () => {
      leaving = true;
      clearTimeout(timer);
    });
    addEventListener("pageshow", (event) => event.persisted && (leaving = false));
    window.addEventListener("pagehide", () => {
      if ((changed || unheard) && !leaving) navigator.sendBeacon(form.dataset.saisieEnCours, typed(false));
    });
  }
}
