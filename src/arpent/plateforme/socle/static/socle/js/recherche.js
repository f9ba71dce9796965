// The list under the search box: arrows walk through it, Escape closes it. Without script, Enter searches.
const form = document.querySelector(".bandeau-recherche");
const field = form?.querySelector("input");
const list = form?.querySelector(".suggestions");

form?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    list.replaceChildren();
    field.focus();
    return;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const stops = [field, ...list.querySelectorAll("a")];
  const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  if (stops.length < 2 || !stops[next]) return;
  event.preventDefault();
  stops[next].focus();
});
