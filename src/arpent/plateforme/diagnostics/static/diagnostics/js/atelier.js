// The screen of the room: arrows turn the pages, full screen, and the focus survives a change of step.
const press = (role) => document.querySelector(`[data-${role}]:not(:disabled)`)?.click();
const keys = { ArrowRight: "suivante", PageDown: "suivante", ArrowLeft: "precedente", PageUp: "precedente" };

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select")) return;
  const role = keys[event.key];
  if (!role || event.repeat) return;
  event.preventDefault();
  press(role);
});

const full = document.querySelector("[data-plein-ecran]");
if (full && document.documentElement.requestFullscreen) {
  full.hidden = false;
  full.addEventListener("click", () =>
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen(),
  );
  document.addEventListener("fullscreenchange", () => {
    full.textContent = document.fullscreenElement ? "Quitter le plein écran" : "Plein écran";
  });
}

// The buttons are drawn again with each step: the one that had the focus takes it back.
let held = "";
document.addEventListener("focusin", ({ target }) => {
  held = ["suivante", "precedente"].find((role) => target.hasAttribute(`data-${role}`)) ?? "";
});
new MutationObserver(() => {
  if (held && document.activeElement === document.body) document.querySelector(`[data-${held}]`)?.focus();
}).observe(document.body, { childList: true });
