// Passkeys: the browser is asked, its answer goes into the form's hidden field, and the form is sent.
(() => {
  const { say, token, all } = window.plumbline;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => buffer ? btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") : undefined;
  const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  const asked = (options) => {
    const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
    if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
    if (key.excludeCredentials) key.excludeCredentials = listed(key.excludeCredentials);
    if (key.allowCredentials) key.allowCredentials = listed(key.allowCredentials);
    return { publicKey: key };
  };
  const answered = (found) => JSON.stringify({
    type: found.type, id: found.id, rawId: text(found.rawId), authenticatorAttachment: found.authenticatorAttachment || undefined,
    clientExtensionResults: found.getClientExtensionResults(),
    response: {
      clientDataJSON: text(found.response.clientDataJSON),
      attestationObject: text(found.response.attestationObject),
      transports: found.response.getTransports?.(),
      authenticatorData: text(found.response.authenticatorData),
      signature: text(found.response.signature),
      userHandle: text(found.response.userHandle),
    },
  });

  const tell = (button, words) => {
    const line = button.parentElement.querySelector("[data-passkey-said]") ||
      button.insertAdjacentElement("afterend", Object.assign(document.createElement("p"), { className: "pl-error", role: "alert" }));
    line.dataset.passkeySaid = "";
    line.textContent = words;
  };
  const from = async (address, body) => {
    const headers = { Accept: "application/json", "X-Requested-With": "XMLHttpRequest", "X-CSRFToken": token() };
    const response = await fetch(address, body ? { method: "POST", headers, body } : { headers });
    if (!response.ok) throw new Error(`${response.status}`);
    return (await response.json()).request_options;
  };

  const go = async (button, options, field) => {
    if (!window.PublicKeyCredential) return tell(button, say("passkey_unable"));
    button.disabled = true;
    try {
      const { create, request } = await options();
      const found = create ? await navigator.credentials.create(asked(create)) : await navigator.credentials.get(asked(request));
      field.value = answered(found);
      field.form.submit();
    } catch (error) {
      tell(button, say(error.name === "InvalidStateError" ? "passkey_there" : "passkey_failed"));
    } finally {
      button.disabled = false;
    }
    return undefined;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-passkey], [data-passkey-sign]");
    if (!button) return;
    const { form } = button;
    if (button.dataset.passkeySign) {
      const body = new URLSearchParams({ for: `${button.dataset.passkeySign}:${form.elements.seen.value}` });
      go(button, async () => ({ request: await from("/accounts/passkey/sign/", body) }), form.elements.passkey);
      return;
    }
    const kept = document.getElementById("passkey-options");
    const options = async () => {
      if (!kept) return { request: await from(form.action) };
      const given = JSON.parse(kept.textContent);
      return { create: given.creation_options, request: given.request_options };
    };
    go(button, options, form.elements.credential);
  });
  document.addEventListener("submit", (event) => { // Enter in its name
    const button = event.target.querySelector("[data-passkey]");
    if (!button || !["", "null"].includes(event.target.elements.credential.value)) return;
    event.preventDefault();
    button.click();
  });
  if (!window.PublicKeyCredential) all("[data-passkey-only]").forEach((part) => { part.hidden = true; });
})();
