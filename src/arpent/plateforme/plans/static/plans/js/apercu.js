// The pré-instruction beside the form: asked again half a second after the last key, shown when it comes.
const form = document.querySelector("form[data-apercu]");
const panel = document.querySelector("#apercu");
const PAUSE = 500;
let timer = 0;
let turn = 0;

const ask = async () => {
  const mine = ++turn;
  const data = new FormData(form);
  data.delete("_soumission"); // this sending has no effect to replay
  data.append("_apercu", "1");
  panel.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.dataset.apercu, { method: "POST", body: data, headers: { Accept: "text/html" } });
    // A later question is already on its way: its answer is the one to show.
    if (mine === turn && answer.ok && !answer.redirected) panel.innerHTML = await answer.text(); // rendered and escaped by our own server
  } catch {
    // The form says by itself that the server does not answer.
  } finally {
    panel.removeAttribute("aria-busy");
  }
};

if (form && panel) {
  panel.hidden = false;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  document.addEventListener("fiche:touchee", later);
  ask();
}
