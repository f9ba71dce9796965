// Brings the current place of the thread into view, and closes the account menu when one clicks elsewhere.
const current = document.querySelector(".fil [aria-current]");
const rail = current?.closest(".fil");
if (rail && rail.scrollWidth > rail.clientWidth) {
  const place = current.closest("li");
  rail.scrollLeft = place.offsetLeft - rail.offsetLeft - (rail.clientWidth - place.offsetWidth) / 2;
}

const closeOthers = (target) => {
  for (const open of document.querySelectorAll("details.menu[open], details.source[open]")) {
    if (!open.contains(target)) open.open = false;
  }
};
document.addEventListener("click", (event) => closeOthers(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open], details.source[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
// The error summary takes the focus, so that a screen reader starts there.
document.querySelector(".resume-erreurs")?.focus();
