/* Ordering rows: up and down buttons without a request, drag with the mouse, Alt+arrows in the rank field.
   Without it the same buttons post the form and the server moves the row. */
const body = document.querySelector("[data-ordre]");
const status = document.querySelector("[data-annonce-ordre]");
const field = (row) => row.querySelector("input[type=number]");

/* The moved row enters the order; unranked rows below the last ranked one stay unranked. */
const renumber = (moved) => {
  field(moved).value = field(moved).value || "1";
  const rows = [...body.rows];
  let last = rows.indexOf(moved);
  rows.forEach((row, index) => { if (field(row).value && index > last) last = index; });
  rows.forEach((row, index) => { if (index <= last) field(row).value = String(index + 1); });
  field(moved).dispatchEvent(new Event("input", { bubbles: true }));
  const title = moved.querySelector("th a").textContent;
  status.textContent = `${title} : rang ${field(moved).value}`;
};

const step = (row, by) => {
  const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (by < 0) other.before(row); else other.after(row);
  renumber(row);
};

if (body) {
  body.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-pas]");
    if (!button) return;
    event.preventDefault();
    step(button.closest("tr"), Number(button.dataset.pas));
    button.focus();
  });
  body.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key) || !event.target.matches("input[type=number]")) return;
    event.preventDefault();
    step(event.target.closest("tr"), event.key === "ArrowUp" ? -1 : 1);
    event.target.focus();
  });
  // A rank typed by hand puts the row at its place once the field is left.
  body.addEventListener("change", (event) => {
    const row = event.target.closest("tr");
    const rank = Number(field(row).value);
    if (!rank) return;
    const next = [...body.rows].find((other) => other !== row && (!field(other).value || Number(field(other).value) > rank));
    if (next) next.before(row); else body.append(row);
    event.target.focus({ preventScroll: true });
  });
  let dragged = null;
  for (const row of body.rows) row.draggable = true;
  body.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("tr");
    event.dataTransfer.effectAllowed = "move";
  });
  body.addEventListener("dragover", (event) => {
    const row = event.target.closest("tr");
    if (!dragged || !row || row === dragged) return;
    event.preventDefault();
    const box = row.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) row.before(dragged); else row.after(dragged);
  });
  body.addEventListener("drop", (event) => { event.preventDefault(); });
  body.addEventListener("dragend", () => {
    if (dragged) renumber(dragged);
    dragged = null;
  });
}
