// Columns of maturity: a card is dragged to a column, or moved by Alt+arrows from one of its controls. Both press
// the button the card already has; without it, the card says why it cannot go there.
const board = document.querySelector("[data-kanban]");
const status = document.querySelector("[data-annonce-maturite]");

const move = (card, wanted) => {
  if (!card || card.closest("[data-classe]").dataset.classe === wanted) return;
  const button = card.querySelector(`button[data-vers="${wanted}"]`);
  if (button) {
    button.click();
    return;
  }
  const title = card.querySelector("h3").textContent;
  const why = card.querySelector(`[data-attente="${wanted}"]`)?.textContent ?? "Cette fiche n’entre pas dans cette classe.";
  status.textContent = `${title} : ${why}`;
};

if (board) {
  const columns = [...board.querySelectorAll("[data-classe]")];
  let dragged = null;
  const aim = (column) => columns.forEach((other) => other.classList.toggle("visee", other === column));
  for (const card of board.querySelectorAll("[data-deplacable]")) card.draggable = true;
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-deplacable]");
    status.textContent = "";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged?.id ?? "");
  });
  board.addEventListener("dragover", (event) => {
    const column = event.target.closest("[data-classe]");
    if (!dragged || !column) return;
    event.preventDefault();
    aim(column);
  });
  board.addEventListener("drop", (event) => {
    event.preventDefault();
    const column = event.target.closest("[data-classe]");
    if (column) move(dragged, column.dataset.classe);
  });
  board.addEventListener("dragend", () => {
    aim(null);
    dragged = null;
  });
  board.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const card = event.target.closest("[data-deplacable]");
    if (!card) return;
    event.preventDefault();
    const rank = columns.indexOf(card.closest("[data-classe]")) + (event.key === "ArrowUp" ? -1 : 1);
    if (columns[rank]) move(card, columns[rank].dataset.classe);
  });
  // Back from a move, the hand is on the card that moved: after the browser has gone to the anchor itself.
  const target = location.hash.startsWith("#fiche-") && document.getElementById(location.hash.slice(1));
  const take = () => target.querySelector("a").focus();
  if (target) {
    if (document.readyState === "complete") take();
    else window.addEventListener("load", () => setTimeout(take));
  }
}
