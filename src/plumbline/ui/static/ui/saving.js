// Forms that save themselves.
//   <form data-autosave="URL">        the whole form is sent as a draft a moment after the last change
//   <form data-save-on-leave="URL">   the whole form is sent whenever a field is left (URL may be empty: the form's action)
//   <form data-confirm-leave>         asks before changes are left behind
// An answer may be JSON: {version, message, errors: {field: [texts]}}. Status is said in [data-save-status] (made if absent).
// Events on the form: plumbline:saved with the JSON as detail.
(() => {
  const { say, token, all } = window.plumbline;
  const savers = new WeakMap();
  const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

  class Saver {
    constructor(form) {
      this.form = form;
      this.draft = form.hasAttribute("data-autosave");
      this.url = form.dataset.autosave || form.dataset.saveOnLeave || form.action;
      this.status = form.querySelector("[data-save-status]") || form.appendChild(document.createElement("p"));
      this.status.classList.add("pl-save-status");
      this.status.setAttribute("aria-live", "polite");
      this.dirty = this.busy = this.again = this.stopped = false;
      this.tries = 0;
    }

    tell(key, tone, values) {
      this.status.textContent = say(key, values) || key;
      this.status.dataset.tone = tone;
    }

    soon(delay) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), delay);
    }

    save(leaving = false) {
      clearTimeout(this.timer);
      if (this.stopped) return;
      if (this.busy) { this.again = true; return; }
      this.running = this.send(leaving);
    }

    async send(leaving) {
      this.busy = true;
      this.again = false;
      this.tell("saving", "busy");
      const content = new FormData(this.form);
      const withFiles = [...content.entries()].filter(([, value]) => value instanceof File);
      if (this.draft || leaving) withFiles.forEach(([name]) => content.delete(name));
      try {
        const headers = { "X-CSRFToken": token(), "X-Requested-With": "fetch", "X-Plumbline-Save": this.draft ? "draft" : "leave", Accept: "application/json" };
        const answer = await fetch(this.url, { method: "POST", body: content, headers, keepalive: leaving });
        await this.heard(answer);
      } catch {
        this.retry();
      }
      this.busy = false;
      if (this.again && !this.waiting) this.save();
    }

    async heard(answer) {
      const kind = answer.headers.get("content-type") || "";
      const said = kind.includes("json") ? await answer.json() : {};
      if (answer.redirected || answer.status === 401) return this.tell("signed_out", "bad");
      if (answer.ok) return this.saved(said);
      if (answer.status === 409) { this.stopped = true; return this.tell(said.message || "conflict", "bad"); }
      if (answer.status >= 500 || answer.status === 429) return this.retry();
      this.showErrors(said.errors || {});
      return this.tell(said.message || "refused", "bad");
    }

    saved(said) {
      this.tries = 0;
      this.dirty = this.again;
      if (!this.dirty) delete this.form.dataset.changed;
      const version = this.form.elements.version;
      if (version && said.version !== undefined) version.value = said.version;
      this.showErrors({});
      this.tell("saved", "good", { time: clock() });
      this.form.dispatchEvent(new CustomEvent("plumbline:saved", { bubbles: true, detail: said }));
    }

    showErrors(errors) {
      all(".pl-live-error", this.form).forEach((line) => line.remove());
      for (const [name, texts] of Object.entries(errors)) {
        const field = this.form.elements[name];
        const place = (field?.[0] || field)?.closest?.(".pl-form-field, fieldset") || this.status;
        const line = Object.assign(document.createElement("div"), { className: "pl-error pl-live-error", textContent: [].concat(texts).join(" ") });
        place.append(line);
      }
    }

    retry() {
      if (this.stopped) return;
      this.tries += 1;
      this.tell("retrying", "waiting");
      this.form.dispatchEvent(new CustomEvent("plumbline:unsaved", { bubbles: true })); // kept on this device meanwhile
      this.soon(Math.min(2000 * 2 ** (this.tries - 1), 60000));
    }
  }

  const saverOf = (target) => {
    const form = target.form || target.closest?.("form");
    if (!form?.matches("[data-autosave], [data-save-on-leave]")) return null;
    if (!savers.has(form)) savers.set(form, new Saver(form));
    return savers.get(form);
  };
  const pending = () => all("form[data-autosave], form[data-save-on-leave]").map((form) => savers.get(form)).filter((saver) => saver?.dirty);

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-confirm-leave")) form.dataset.changed = "yes";
    const saver = saverOf(event.target);
    if (!saver) return;
    saver.dirty = true;
    if (saver.busy) saver.again = true;
    if (saver.draft) saver.soon(1200);
  });
  document.addEventListener("change", (event) => {
    const saver = saverOf(event.target);
    if (!saver) return;
    saver.dirty = true;
    if (!saver.draft) saver.save();
  });
  const rest = (form) => {
    delete form.dataset.changed;
    const saver = savers.get(form);
    if (saver) { clearTimeout(saver.timer); saver.dirty = false; saver.stopped = true; }
  };
  // What is being saved arrives first: else a form would meet its own save as somebody else's, or the draft outlive what was sent
  const PATIENCE = 5000; // milliseconds, if no answer comes
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    const saver = savers.get(form);
    if (!saver?.busy || saver.waited) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    clearTimeout(saver.timer);
    saver.again = false;
    if (saver.waiting) return; // pressed twice
    saver.waiting = true;
    const go = () => {
      saver.waiting = false;
      saver.waited = true;
      if (form.isConnected) form.requestSubmit(submitter);
      saver.waited = false;
    };
    Promise.race([saver.running, new Promise((done) => { setTimeout(done, PATIENCE); })]).then(go);
  }, true);
  document.addEventListener("submit", (event) => rest(event.target));
  document.addEventListener("plumbline:kept", ({ target: form }) => {
    rest(form);
    savers.get(form)?.status.replaceChildren();
    savers.delete(form);
  }); // waits on this device, and may be written anew
  window.addEventListener("online", () => pending().forEach((saver) => saver.save()));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") pending().forEach((saver) => saver.save(true));
  });
  window.addEventListener("beforeunload", (event) => {
    if (pending().length || document.querySelector("form[data-changed]")) { event.preventDefault(); event.returnValue = say("leave"); }
  });
})();
