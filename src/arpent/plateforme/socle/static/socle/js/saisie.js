// Keyboard in a table of inputs (<table data-saisie> or inside it): Enter and arrows up/down go to the same
// column of the next row; arrows left/right go to the next cell once the caret is at the edge of the text.
const fieldsOf = (row) => [...row.querySelectorAll("td.saisie input:not([type=hidden]), td.saisie select")];

const neighbour = (field, step) => {
  const cell = field.closest("td");
  const rows = [...field.closest("table").rows];
  for (let i = rows.indexOf(cell.parentElement) + step; rows[i]; i += step) {
    const target = rows[i].cells[cell.cellIndex]?.querySelector("input, select");
    if (target && !target.disabled) return target;
  }
  return null;
};

const sideways = (field, step) => {
  const fields = fieldsOf(field.closest("tr"));
  return fields[fields.indexOf(field) + step] ?? null;
};

const atEdge = (field, step) => {
  if (field.selectionStart === null || field.selectionStart === undefined) return true;
  const whole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
  return whole || (field.selectionStart === field.selectionEnd && field.selectionStart === (step > 0 ? field.value.length : 0));
};

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-saisie] td.saisie input") || event.altKey || event.ctrlKey || event.metaKey) return;
  let target = null;
  if (event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey)) target = neighbour(field, 1);
  else if (event.key === "ArrowUp" || event.key === "Enter") target = neighbour(field, -1);
  else if (event.key === "ArrowRight" && atEdge(field, 1)) target = sideways(field, 1);
  else if (event.key === "ArrowLeft" && atEdge(field, -1)) target = sideways(field, -1);
  else if (event.key === "Escape") {
    field.value = field.defaultValue;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.select?.();
    return;
  }
  // Enter must never send the whole table half filled.
  if (target || event.key === "Enter") event.preventDefault();
  if (target) {
    target.focus();
    target.select?.();
  }
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("[data-saisie] td.saisie input:is([type=text], :not([type]))")) event.target.select();
});
