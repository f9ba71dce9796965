// Passkeys: <form data-cle="create|get" data-options="URL">. The browser's answer goes in the field `reponse`.
const bytes = (text) => {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
};
const text = (buffer) => {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
};
const decode = (key) => {
  const options = { ...key, challenge: bytes(key.challenge) };
  if (key.user) options.user = { ...key.user, id: bytes(key.user.id) };
  for (const name of ["excludeCredentials", "allowCredentials"]) {
    if (key[name]) options[name] = key[name].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return options;
};
const encode = (credential) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
};
const ask = async (form) => {
  const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  const answer = await fetch(form.dataset.options, { method: "POST", body, redirect: "error" });
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.raison);
  return navigator.credentials[form.dataset.cle]({ publicKey: decode(data.publicKey) });
};
for (const form of document.querySelectorAll("form[data-cle]")) {
  const says = form.querySelector("[data-cle-dit]");
  if (!window.PublicKeyCredential || !window.isSecureContext) continue;
  form.hidden = false;
  if (form.dataset.cle === "create") says.textContent = "";
  form.addEventListener("submit", async (event) => {
    if (form.elements.reponse.value) return;
    event.preventDefault();
    says.textContent = "Suivez ce que demande votre appareil…";
    try {
      form.elements.reponse.value = JSON.stringify(encode(await ask(form)));
      form.requestSubmit();
    } catch (error) {
      const refused = error.name === "NotAllowedError" || error.name === "AbortError";
      says.textContent = refused
        ? "L’appareil n’a rien donné : recommencez, ou utilisez votre mot de passe."
        : "La clé d’accès ne peut pas servir ici. Rechargez la page, ou utilisez votre mot de passe.";
    }
  });
}
