// The remarks on one field open in a dialog over the form: htmx brings the thread, nothing typed is left behind.
const dialog = document.querySelector("#remarques-du-champ");
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-remarques]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) dialog.showPopover();
});
