// The arbitration table as a spreadsheet. Each change is sent with what was read of the row (data-lu), so that
// the server keeps the cells that others changed; rows come back as a fragment, others' changes by polling.
const frame = document.querySelector("[data-tableau]");
const form = document.querySelector("#f");
const PARTS = ["version", "montant", "annee", "decision", "base", "priorite", "fonds", "motif"];
const FIELDS = [...PARTS.slice(1), "taux"];
const POLL = 4000;
const french = new Intl.NumberFormat("fr-FR", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const tell = (text) => { document.querySelector("#annonce-maquette").textContent = text; };

const rowOf = (pk) => frame.querySelector(`tr[data-pk="${pk}"]`);
const field = (row, name) => row.querySelector(`[name="${name}-${row.dataset.pk}"]`);
const nameOf = (input) => input.name.replace(/-\d+$/, "");
const split = (lu) => {
  const parts = lu.split("/");
  return [...parts.slice(0, 7), parts.slice(7).join("/")];
};
const shown = (input) => (input.matches("select") ? input.dataset.vu : input.defaultValue);
const show = (input, value) => {
  input.value = value;
  if (input.matches("select")) input.dataset.vu = value;
  else input.defaultValue = value;
};
const written = (name, raw) => (raw && (name === "montant" || name === "base") ? french.format(Number(raw)) : raw);
const setRead = (row, lu) => {
  row.dataset.lu = lu;
  const hidden = field(row, "lu");
  if (hidden) hidden.value = lu;
};

// --- what comes back -----------------------------------------------------------------------------

const late = new WeakMap(); // cell under the cursor → what somebody else put in it meanwhile

const apply = (row, data, sent) => {
  const before = split(row.dataset.lu);
  const after = split(data.lu);
  const kept = [...after];
  for (const name of FIELDS) {
    const input = field(row, name);
    const value = data[name] ?? "";
    if (!input) {
      const text = row.querySelector(`[data-champ="${name}"]`);
      if (text && name !== "decision") text.textContent = value || "–";
      continue;
    }
    const dirty = input.value !== shown(input) && input.value !== sent?.get(input);
    const typing = !sent && document.activeElement === input;
    if (!dirty && !typing) {
      late.delete(input);
      show(input, value);
    } else if (PARTS.includes(name)) {
      const rank = PARTS.indexOf(name);
      if (!dirty) late.set(input, [value, after[rank]]);
      kept[rank] = before[rank];
    }
  }
  setRead(row, kept.join("/"));
  const pays = row.querySelector("[data-fonds-dit]");
  if (pays) pays.textContent = data.fondsDit;
  row.classList.toggle("attenuee", after[3] !== "retenue");
  return PARTS.slice(1).filter((_, i) => before[i + 1] !== after[i + 1]);
};

frame?.addEventListener("focusout", ({ target }) => {
  const waiting = late.get(target);
  if (!waiting || target.value !== shown(target)) return;
  const row = target.closest("tr");
  const parts = split(row.dataset.lu);
  parts[PARTS.indexOf(nameOf(target))] = waiting[1];
  setRead(row, parts.join("/"));
  show(target, waiting[0]);
  late.delete(target);
});

const cents = (lu) => (lu[3] === "retenue" ? Math.round(Number(lu[1]) * 100) : 0);
const subtotals = () => {
  for (const body of frame.querySelectorAll("tbody")) {
    const cell = body.querySelector("[data-sous-total]");
    if (!cell) continue;
    const rows = [...body.querySelectorAll("tr[data-lu]")];
    cell.textContent = french.format(rows.reduce((sum, row) => sum + cents(split(row.dataset.lu)), 0) / 100);
  }
};

const receive = (html, sent) => {
  const box = document.createElement("template");
  box.innerHTML = html;
  const root = box.content.firstElementChild;
  const moved = [];
  for (const { dataset: data } of root.querySelectorAll("[data-ligne]")) {
    const row = rowOf(data.ligne);
    if (!row) continue;
    const notice = root.querySelector(`#avis-${data.ligne}`);
    const own = data.etat !== "vue";
    if (data.etat === "refusee" || data.etat === "conflit") {
      row.base = { ...data };
      if (data.invite) {
        const reason = field(row, "motif");
        reason.placeholder = data.invite;
        reason.ariaLabel = `${data.invite}, projet ${row.dataset.numero}`;
      }
    } else {
      const cells = apply(row, data, own ? sent : null);
      moved.push({ row, data, cells });
    }
    row.classList.remove("collee");
    const current = document.querySelector(`#avis-${data.ligne}`);
    if (own || !current.querySelector(".refus-ligne")) current.replaceWith(notice);
    for (const button of row.querySelectorAll("[data-garder]")) button.hidden = false;
    for (const note of row.querySelectorAll(".sans-script")) note.hidden = true;
  }
  for (const id of ["constat", "jauge-enveloppe", "total-propose", "total-taux", "total-solde", "totaux"]) {
    const fresh = root.querySelector(`#${id}`);
    if (fresh) document.querySelector(`#${id}`)?.replaceWith(fresh);
  }
  const live = root.querySelector("[data-total-vivant]").textContent;
  for (const place of document.querySelectorAll(".total-vivant")) place.textContent = live;
  subtotals();
  return { moved, revision: root.dataset.revision, text: root.querySelector("[data-annonce]").textContent };
};

// --- sending -------------------------------------------------------------------------------------

const done = [];
const undone = [];
const buttons = () => {
  const undo = document.querySelector("[data-annuler]");
  if (!undo) return;
  undo.disabled = !done.length;
  document.querySelector("[data-retablir]").disabled = !undone.length;
};

const remember = (moved, touched, origin) => {
  const entry = [];
  for (const { row, data, old } of moved) {
    const after = split(data.lu);
    const cells = {};
    for (const name of touched.get(row) ?? []) {
      const i = PARTS.indexOf(name);
      if (old[i] !== after[i]) cells[name] = [old[i], after[i]];
    }
    if (Object.keys(cells).length) entry.push({ pk: row.dataset.pk, cells });
  }
  if (!entry.length) return;
  (origin === "undo" ? undone : done).push(entry);
  if (origin === "edit") undone.length = 0;
  buttons();
};

const post = async (rows, origin) => {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  const sent = new Map();
  const touched = new Map();
  const old = new Map();
  for (const row of rows) {
    const names = new Set();
    for (const name of FIELDS) {
      const input = field(row, name);
      if (!input) continue;
      if (input.value !== shown(input)) names.add(name === "taux" ? "montant" : name);
      sent.set(input, input.value);
      body.set(input.name, input.value);
    }
    touched.set(row, names);
    old.set(row, split(row.dataset.lu));
    body.set(`lu-${row.dataset.pk}`, row.dataset.lu);
    const force = row.querySelector(`[name="imposer-${row.dataset.pk}"]:checked`);
    if (force) body.set(force.name, force.value);
  }
  try {
    const answer = await fetch(frame.dataset.lignes, { method: "POST", body, redirect: "error" });
    const html = await answer.text();
    if (![200, 409, 422].includes(answer.status)) throw new Error(String(answer.status));
    const { moved, text } = receive(html, sent);
    for (const move of moved) move.old = old.get(move.row);
    remember(moved, touched, origin);
    tell(text);
  } catch {
    tell("Rien n’est parti : vérifiez la connexion, puis « Enregistrer le tableau ». Vos cases restent à l’écran.");
    for (const row of rows) row.classList.add("collee");
  }
};

let queue = Promise.resolve();
const send = (rows, origin = "edit") => {
  queue = queue.then(() => post(rows, origin));
  return queue;
};

// A rate typed sets the amount, an amount typed sets the rate: the last one typed is the one sent.
const pair = (input) => {
  const other = { montant: "taux", taux: "montant" }[nameOf(input)];
  if (!other) return;
  const twin = field(input.closest("tr"), other);
  twin.value = shown(twin);
};

frame?.addEventListener("change", ({ target }) => {
  const row = target.closest("tr[data-pk]");
  if (!row || !form) return;
  if (target.matches("[data-euros]")) {
    const text = target.value.replace(/[\s\u00a0\u202f€]/g, "").replace(",", ".");
    if (/^\d{1,10}(\.\d{1,2})?$/.test(text)) target.value = french.format(Number(text));
  }
  pair(target);
  send([row]);
});

frame?.addEventListener("click", ({ target }) => {
  const row = target.closest("[data-garder]") && target.closest("tr");
  if (!row) return;
  for (const name of FIELDS) if (field(row, name)) show(field(row, name), row.base[name] ?? "");
  setRead(row, row.base.lu);
  row.querySelector(".refus-ligne").remove();
  field(row, "montant").focus();
});

// --- a block pasted ------------------------------------------------------------------------------

const put = (input, text) => {
  if (!input.matches("select")) {
    input.value = text;
    return true;
  }
  const wanted = text.toLowerCase();
  const option = [...input.options].find((o) => o.value === wanted || o.text.toLowerCase().startsWith(wanted));
  if (option) input.value = option.value;
  return Boolean(option);
};

frame?.addEventListener("paste", (event) => {
  const from = event.target;
  const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
  if (!from.matches("td.saisie input") || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  const rows = [...frame.querySelectorAll("tr[data-pk]")];
  const first = rows.indexOf(from.closest("tr"));
  const editable = (row) => [...row.querySelectorAll("td.saisie :is(input:not([type=hidden]), select)")];
  const column = editable(rows[first]).indexOf(from);
  const grid = text.split("\n").map((line) => line.split("\t"));
  const touched = new Set();
  let left = 0;
  grid.forEach((line, i) => {
    const row = rows[first + i];
    line.forEach((value, j) => {
      const input = row && editable(row)[column + j];
      if (!input || !put(input, value.trim())) {
        left += 1;
        return;
      }
      pair(input);
      touched.add(row);
      row.classList.add("collee");
    });
  });
  const after = left ? ` ${left} case${left > 1 ? "s" : ""} hors du tableau ou illisible${left > 1 ? "s" : ""}, laissée${left > 1 ? "s" : ""} de côté.` : "";
  if (touched.size) send([...touched]).then(() => { if (after) tell(document.querySelector("#annonce-maquette").textContent + after); });
});

// --- undo, redo, F2 ------------------------------------------------------------------------------

const back = (from, side) => {
  const entry = from.pop();
  if (!entry) return;
  const rows = [];
  const skipped = [];
  for (const { pk, cells } of entry) {
    const row = rowOf(pk);
    const now = row && split(row.dataset.lu);
    if (!row || Object.entries(cells).some(([name, pair_]) => now[PARTS.indexOf(name)] !== pair_[1])) {
      skipped.push(row?.dataset.numero ?? pk);
      continue;
    }
    for (const [name, [before]] of Object.entries(cells)) field(row, name).value = written(name, before);
    rows.push(row);
  }
  buttons();
  const note = skipped.length ? `Projet ${skipped.join(", ")} : changé depuis par quelqu’un d’autre, laissé tel quel.` : "";
  if (!rows.length) tell(note);
  else send(rows, side).then(() => { if (note) tell(note); });
};

for (const [name, from, side] of [["annuler", done, "undo"], ["retablir", undone, "redo"]]) {
  const button = document.querySelector(`[data-${name}]`);
  if (!button) continue;
  button.hidden = false;
  button.addEventListener("click", () => back(from, side));
}

frame?.addEventListener("keydown", (event) => {
  const input = event.target;
  if (event.key === "F2" && input.setSelectionRange) {
    input.setSelectionRange(input.value.length, input.value.length);
    event.preventDefault();
  }
  if (!(event.ctrlKey || event.metaKey) || event.altKey || (input.value !== undefined && input.value !== shown(input))) return;
  const key = event.key.toLowerCase();
  const redo = key === "y" || (key === "z" && event.shiftKey);
  if (key !== "z" && !redo) return;
  event.preventDefault();
  if (redo) back(undone, "redo");
  else back(done, "undo");
});

// --- what others change --------------------------------------------------------------------------

let revision = frame?.dataset.revision;
const poll = async () => {
  if (document.hidden) return;
  const answer = await fetch(`${frame.dataset.suite}?depuis=${revision}`, { redirect: "error" });
  if (answer.status !== 200) return;
  const { moved, revision: newer } = receive(await answer.text(), null);
  revision = newer;
  const others = moved.filter(({ cells }) => cells.length);
  for (const { row } of others) row.classList.add("d-ailleurs");
  if (others.length) {
    const by = [...new Set(others.map(({ data }) => data.par).filter(Boolean))].join(", ");
    tell(`${others.length === 1 ? `Projet ${others[0].row.dataset.numero} modifié` : `${others.length} projets modifiés`}${by ? ` par ${by}` : ""}.`);
  }
};
// Laid out as grids, its rows are still those of a table for whoever listens to it.
const ROLES = { table: "table", "thead, tbody, tfoot": "rowgroup", tr: "row", "thead th": "columnheader", ":is(tbody, tfoot) th": "rowheader", td: "cell" };
if (frame) {
  for (const [which, role] of Object.entries(ROLES)) for (const part of frame.querySelectorAll(which)) part.role = role;
  for (const select of frame.querySelectorAll("tr select")) select.dataset.vu = select.value;
  setInterval(() => { queue = queue.then(poll).catch(() => {}); }, POLL);
}
