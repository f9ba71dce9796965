// Warns before one leaves a form with unsaved changes: <form data-brouillon>.
const drafts = new Set();
const onChange = (event) => {
  const form = event.target.closest?.("form[data-brouillon]");
  if (form) drafts.add(form);
};
document.addEventListener("input", onChange);
document.addEventListener("submit", (event) => drafts.delete(event.target));
document.addEventListener("reset", (event) => drafts.delete(event.target));
// A form that htmx has replaced or saved is no longer a draft.
document.addEventListener("htmx:after:request", (event) => drafts.delete(event.target.closest?.("form")));
window.addEventListener("beforeunload", (event) => {
  if ([...drafts].some((form) => form.isConnected)) event.preventDefault();
});
