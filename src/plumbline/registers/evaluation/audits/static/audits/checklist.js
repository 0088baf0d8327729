// The checklist saves itself: every field by itself as it is left, again and again until the server has it.
// What is not saved yet also stays on this device, so that a dead battery loses nothing.
(() => {
  document.querySelector(".au-areas [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  const board = document.querySelector("[data-checklist]");
  if (!board || board.hasAttribute("data-closed")) return;
  const { token, keep, all } = window.plumbline;
  const words = JSON.parse(document.getElementById("audit-words").textContent);
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const NAMES = ["result", "notes", "interviewee", "seen", "strength"];
  const same = (text) => (text || "").replace(/\r\n/g, "\n").normalize("NFC");

  const read = (form, name) => {
    if (name === "strength") return form.querySelector('input[type="checkbox"][name="strength"]').checked ? "1" : "0";
    return same(form.elements[name]?.value);
  };
  const given = (form, name) => { // by the server, where somebody typed or chose before this script was there
    const fields = all(`[name="${name}"]:not([type=hidden])`, form);
    if (!fields.some((field) => window.plumblineEarly.has(field))) return read(form, name);
    if (name === "strength") return fields[0].defaultChecked ? "1" : "0";
    if (name === "result") return fields.find((radio) => radio.defaultChecked)?.value || "";
    return same(fields[0].defaultValue);
  };
  const write = (form, name, value) => {
    if (name === "strength") form.querySelector('input[type="checkbox"][name="strength"]').checked = value === "1";
    else if (name === "result") all('input[name="result"]', form).forEach((radio) => { radio.checked = radio.value === value; });
    else form.elements[name].value = value;
    if (name === "result") form.querySelector("[data-clear]").hidden = !value;
  };

  class Answer {
    constructor(form) {
      this.form = form;
      this.known = Object.fromEntries(NAMES.map((name) => [name, given(form, name)]));
      this.files = [];
      this.busy = false;
      this.tries = 0;
      this.status = form.querySelector("[data-save-status]");
    }

    tell(text, tone) { this.status.textContent = text; this.status.dataset.tone = tone; }
    place(name) { return `answer.${this.form.action}.${this.form.dataset.answer}.${name}`; }
    dirty() { return NAMES.filter((name) => read(this.form, name) !== this.known[name] && !this.conflict(name)); }
    conflict(name) { return this.form.querySelector(`[data-conflict="${name}"]`); }
    waits() { return this.dirty().length || this.files.length; }

    remember(name) {
      const value = read(this.form, name);
      if (value === this.known[name]) localStorage.removeItem(`pl.${this.place(name)}`);
      else keep.set(this.place(name), JSON.stringify({ was: this.known[name], now: value }));
    }

    restore() {
      for (const name of NAMES) {
        const kept = JSON.parse(keep.get(this.place(name)) || "null");
        if (!kept) continue;
        if (kept.now === this.known[name]) { localStorage.removeItem(`pl.${this.place(name)}`); continue; }
        write(this.form, name, kept.now);
        this.known[name] = kept.was;
        this.tell(say("restored"), "waiting");
        this.soon(200);
      }
    }

    soon(delay) { clearTimeout(this.timer); this.timer = setTimeout(() => this.save(), delay); }

    async save(leaving = false) {
      clearTimeout(this.timer);
      if (this.busy) { this.again = true; return; }
      const name = this.dirty()[0];
      const file = name ? null : this.files[0];
      if (!name && !file) return;
      this.busy = true;
      this.again = false;
      this.tell(file ? say("sending", { name: file.name }) : say("saving"), "busy");
      const content = new FormData();
      content.append("requirement", this.form.elements.requirement.value);
      const sent = name && read(this.form, name);
      if (name) { content.append(name, sent); content.append(`was_${name}`, this.known[name]); }
      if (file) content.append("file", file, file.name);
      try {
        const answer = await fetch(this.form.action, { method: "POST", body: content, keepalive: leaving,
          headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: "application/json" } });
        await this.heard(answer, name, sent, file);
      } catch { this.retry(); }
      this.busy = false;
      if (this.ok && this.waits()) this.save();
    }

    async heard(answer, name, sent, file) {
      this.ok = false;
      const json = (answer.headers.get("content-type") || "").includes("json");
      const said = json ? await answer.json() : {};
      if (answer.redirected || answer.status === 401) return this.tell(say("signed_out"), "bad");
      if (answer.status === 409 && said.conflict) return this.ask(said);
      if (answer.status >= 500 || answer.status === 429 || (answer.ok && !json)) return this.retry();
      if (!answer.ok) {
        if (file) this.files.shift();
        return this.tell(say("refused", { why: said.message || answer.status }), "bad");
      }
      this.ok = true;
      this.tries = 0;
      if (name) { this.known[name] = sent; this.remember(name); }
      if (file) { this.files.shift(); this.show(file); }
      told(said);
      this.tell(file ? say("sent", { name: file.name }) : say("saved", { time: said.at }), "good");
    }

    retry() {
      this.ok = false;
      this.tries += 1;
      this.tell(say("retrying"), "waiting");
      this.soon(Math.min(1500 * 2 ** (this.tries - 1), 30000));
    }

    show(file) {
      const line = this.form.querySelector("[data-files]").appendChild(document.createElement("li"));
      line.textContent = file.name;
      if (!file.type.startsWith("image/")) return;
      const image = Object.assign(new Image(), { src: URL.createObjectURL(file), alt: file.name });
      image.onload = () => line.replaceChildren(image); // not every browser can show every kind (HEIC)
    }

    // Somebody else wrote in the same field: show both, let the reader choose.
    ask(said) {
      const name = said.conflict;
      this.tell(said.message, "waiting");
      this.known[name] = same(said.theirs);
      this.conflict(name)?.remove();
      const box = Object.assign(document.createElement("div"), { className: "au-conflict" });
      box.dataset.conflict = name;
      box.setAttribute("role", "alert");
      const shown = name === "result" ? this.label(said.theirs) : name === "strength" ? { 1: "✓", 0: "–" }[said.theirs] : said.theirs;
      box.append(Object.assign(document.createElement("strong"), { textContent: say("meanwhile", { who: said.who }) }));
      box.append(Object.assign(document.createElement("blockquote"), { textContent: shown || say("empty") }));
      const choose = (key, act) => {
        const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm pl-btn-secondary", textContent: say(key) });
        button.addEventListener("click", () => { box.remove(); act(); this.remember(name); this.tell("", ""); this.save(); });
        box.append(button);
      };
      choose("mine", () => {});
      choose("theirs", () => write(this.form, name, this.known[name]));
      if (name === "notes" || name === "seen") choose("both", () => write(this.form, name, `${said.theirs}\n${read(this.form, name)}`));
      const field = this.form.elements[name];
      (field?.[0] || field).closest(".au-fields > div, .au-results, .au-foot").after(box);
    }

    label(value) { return this.form.querySelector(`input[name="result"][value="${value}"]`)?.parentElement.textContent.trim() || value; }

    // What somebody else saved appears where nobody is typing.
    hear(theirs) {
      for (const name of NAMES) {
        const value = same(theirs[name]);
        if (value === this.known[name] || this.dirty().includes(name) || this.conflict(name)) continue;
        if (document.activeElement?.name === name && this.form.contains(document.activeElement) && name !== "result") continue;
        this.known[name] = value;
        write(this.form, name, value);
        if (!this.waits()) this.tell(theirs.by, "");
      }
      this.form.querySelector("[data-finding]").textContent = theirs.finding ? say("finding", { number: theirs.finding }) : "";
    }
  }

  const answers = new Map();
  const enrol = (within) => [within, ...all("form[data-answer]", within)].filter((form) => form.matches("form[data-answer]")).filter((form) => form.elements.notes && !answers.has(form)).forEach((form) => {
    answers.set(form, new Answer(form));
    answers.get(form).restore();
  });
  document.addEventListener("htmx:load", (event) => { if (board.contains(event.target)) enrol(event.target); });

  const told = (said) => {
    for (const area of said.areas || []) {
      const tab = document.querySelector(`[data-area="${area.code}"]`);
      if (!tab) continue;
      tab.querySelector("[data-area-count]").textContent = say("of", area);
      tab.querySelector("[data-area-word]").textContent = area.word;
      tab.querySelector("[data-area-gaps]").textContent = area.gaps ? say(area.gaps === 1 ? "gap" : "gaps", { n: area.gaps }) : "";
      const shape = tab.querySelector("use");
      shape.setAttribute("href", shape.getAttribute("href").replace(/#.*/, `#${area.tone}`));
    }
    for (const [id, result] of Object.entries(said.results || {})) {
      const card = document.getElementById(`q-${id}`);
      if (card) card.dataset.result = result;
    }
    for (const [form, answer] of answers) if (said.answers?.[form.dataset.answer]) answer.hear(said.answers[form.dataset.answer]);
  };

  board.addEventListener("input", (event) => {
    const answer = answers.get(event.target.form);
    if (answer && NAMES.includes(event.target.name)) answer.remember(event.target.name);
  });
  board.addEventListener("change", (event) => {
    const answer = answers.get(event.target.form);
    if (!answer) return;
    if (event.target.matches("[data-send]")) { answer.files.push(...event.target.files); event.target.value = ""; }
    if (event.target.name === "result") answer.form.querySelector("[data-clear]").hidden = false;
    answer.save();
  });
  board.addEventListener("click", (event) => {
    if (!event.target.closest("[data-clear]")) return;
    const answer = answers.get(event.target.closest("form"));
    write(answer.form, "result", "");
    answer.remember("result");
    answer.save();
  });
  board.addEventListener("submit", (event) => { event.preventDefault(); answers.get(event.target)?.save(); });

  // Keyboard: j and k walk, the digits answer.
  const cards = all("[data-card]", board);
  let here = -1;
  const walk = (step) => {
    const focused = cards.findIndex((card) => card.contains(document.activeElement));
    here = Math.min(Math.max((focused < 0 ? here : focused) + step, 0), cards.length - 1);
    cards[here].focus();
    cards[here].scrollIntoView({ block: "start" });
  };
  document.addEventListener("keydown", (event) => {
    const writing = event.target.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");
    if (event.key === "Escape" && writing && board.contains(event.target)) { event.target.blur(); event.target.closest("[data-card]")?.focus(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || writing || document.querySelector("dialog[open]") || keep.get("keys") === "off") return;
    if (event.key === "j" || event.key === "k") { event.preventDefault(); walk(event.key === "j" ? 1 : -1); return; }
    const card = document.activeElement?.closest?.("[data-card]");
    const place = document.activeElement?.closest?.("form[data-answer]") || card?.querySelector("form[data-answer]");
    const radio = place?.querySelector(`[data-key-result="${event.key}"]`);
    if (radio && !radio.disabled) { event.preventDefault(); radio.checked = true; radio.dispatchEvent(new Event("change", { bubbles: true })); }
  });

  const waiting = () => [...answers.values()].filter((answer) => answer.waits());
  window.addEventListener("online", () => waiting().forEach((answer) => answer.save()));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") waiting().forEach((answer) => answer.save(true)); });
  window.addEventListener("beforeunload", (event) => { if (waiting().length) { event.preventDefault(); event.returnValue = ""; } });
  const look = async () => {
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(board.dataset.checklist, { headers: { Accept: "application/json" } });
      if (answer.ok && !answer.redirected) told(await answer.json());
    } catch { /* no connection: what is open stays, the next look comes soon */ }
  };
  setInterval(look, 20000);
  enrol(board);
})();
