// The way back of the single sign-on: its form goes by itself.
document.querySelector("form[data-retour-connexion]")?.requestSubmit();
