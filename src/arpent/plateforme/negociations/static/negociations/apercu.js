// While one types, the totals and the gauge already say what the table would become; the server then confirms.
const frame = document.querySelector("[data-tableau]");
const french = new Intl.NumberFormat("fr-FR", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const bases = new WeakMap(); // element that the server wrote → its amount in cents and its words

const cents = (text) => {
  const clean = text.replace(/[\s\u00a0\u202f€%]/g, "").replace(",", ".").replace("\u2212", "-");
  return /^-?\d{1,12}(\.\d+)?$/.test(clean) ? Math.round(Number(clean) * 100) : null;
};
const euros = (amount) => french.format(amount / 100);
const short = (amount) => (amount % 100 ? euros(amount) : (amount / 100).toLocaleString("fr-FR"));
const base = (element) => {
  if (!bases.has(element)) bases.set(element, { amount: cents(element.textContent) ?? 0, words: element.innerHTML });
  return bases.get(element);
};
const cell = (row, name) => row.querySelector(`[name="${name}-${row.dataset.pk}"]`);

// What the row counts for now and what it would: [amount, amount]; nothing unless it is retained.
const amounts = (row) => {
  const amount = cell(row, "montant");
  const rate = cell(row, "taux");
  if (!amount || cell(row, "decision").value !== "retenue") return [0, 0];
  const before = cents(amount.defaultValue) ?? 0;
  if (amount.value !== amount.defaultValue) return [before, amount.value.trim() ? cents(amount.value) ?? before : 0];
  if (rate && rate.value !== rate.defaultValue) {
    const [of, points] = [cents(cell(row, "base").value), cents(rate.value)];
    if (of !== null && points !== null) return [before, Math.round(of * points / 10000)];
  }
  return [before, before];
};

// Adds what a row moves to the totals it is in, by their keys; a year half typed moves nothing.
const spread = (row, moves) => {
  const [before, after] = amounts(row);
  const year = cell(row, "annee");
  const [from, to] = year ? [year.defaultValue, /^(20\d\d)?$/.test(year.value.trim()) ? year.value.trim() : year.defaultValue] : ["", ""];
  const add = (key, amount) => { if (amount) moves.set(key, (moves.get(key) ?? 0) + amount); };
  add(`annee:${from}`, -before);
  add(`annee:${to}`, after);
  const fund = cell(row, "fonds");
  const [paid, pays] = fund ? [fund.dataset.vu ?? fund.value, fund.value].map((x) => x || row.dataset.fondsTheme) : Array(2).fill(row.querySelector("[data-fonds]")?.dataset.fonds ?? "");
  add(`fonds:${paid}`, -before);
  add(`fonds:${pays}`, after);
  for (const key of [`theme:${row.dataset.theme}`, `porteur:${row.dataset.porteur}`, "autorite"]) add(key, after - before);
  return after - before;
};

const write = (element, moved, text) => {
  if (!element) return;
  const { words } = base(element);
  element.classList.toggle("provisoire", moved !== 0);
  if (moved) element.textContent = text(bases.get(element).amount + moved);
  else element.innerHTML = words;
};

const gauge = (place, moved) => {
  if (!place) return;
  const total = cents(place.querySelector(".jauge-total").textContent) ?? 0;
  const said = place.querySelector(".jauge-legende li:not(.jauge-solde) strong");
  const left = place.querySelector(".jauge-solde");
  const proposed = base(said).amount + moved;
  write(said, moved, (x) => `${euros(x)} €`);
  write(left, moved, () => `${proposed > total ? "dépassement" : "reste"} ${euros(Math.abs(total - proposed))} €`);
  place.classList.toggle("depassee", proposed > total);
  const full = Math.max(total, proposed);
  const width = full > 0 ? `${(Math.max(proposed, 0) * 100 / full).toFixed(2)}%` : "0%";
  for (const part of place.querySelectorAll(".jauge-part, .jauge-part + rect")) part.setAttribute("width", width);
  const mark = place.querySelector(".jauge-repere");
  for (const x of ["x1", "x2"]) mark?.setAttribute(x, full > 0 ? `${(total * 100 / full).toFixed(2)}%` : "0%");
};

const preview = () => {
  let all = 0;
  const moves = new Map();
  for (const body of frame.querySelectorAll("tbody")) {
    let moved = 0;
    for (const row of body.querySelectorAll("tr[data-pk]")) moved += spread(row, moves);
    write(body.querySelector("[data-sous-total]"), moved, euros);
    all += moved;
  }
  write(document.querySelector("#total-propose"), all, euros);
  for (const total of document.querySelectorAll("#totaux [data-total]")) write(total, moves.get(total.dataset.total) ?? 0, short);
  gauge(document.querySelector("#jauge-enveloppe > .jauge"), all);
  for (const fund of document.querySelectorAll("[data-fonds-jauge]")) gauge(fund.querySelector(".jauge"), moves.get(`fonds:${fund.dataset.fondsJauge}`) ?? 0);
};

let asked = 0;
const soon = () => {
  cancelAnimationFrame(asked);
  asked = requestAnimationFrame(preview);
};
frame?.addEventListener("input", ({ target }) => { if (target.matches("td.saisie :is(input, select)")) soon(); });
frame?.addEventListener("keydown", ({ key }) => { if (key === "Escape") setTimeout(soon); });
