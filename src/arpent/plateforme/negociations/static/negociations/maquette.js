// Writes a typed amount the way the table does (12 345,67), once the cell is left. The server reads both.
const french = new Intl.NumberFormat("fr-FR", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches?.("input[data-montant]")) return;
  const text = field.value.replace(/[\s\u00a0\u202f€]/g, "").replace(",", ".");
  if (!/^\d{1,10}(\.\d{1,2})?$/.test(text)) return;
  field.value = french.format(Number(text));
  field.defaultValue = field.value;
});
