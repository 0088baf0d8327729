// A place to drop files and folders: <div data-drop="URL" data-drop-field="file">. One file is sent after the other, each as
// a POST with the fields `file` and `path` (its place in the folder). The answer may be JSON: {status, reason, title, url}.
// Failures by network or server are tried three times, then offered as "Try again". Ends with the event plumbline:dropped,
// shows [data-drop-then] and, with data-drop-next="URL", goes on there when nothing was refused.
(() => {
  const { say, token, all } = window.plumbline;
  const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });
  const make = (tag, css, text = "") => Object.assign(document.createElement(tag), { className: css, textContent: text });

  const readAll = async (reader) => {
    const found = [];
    for (;;) {
      const part = await new Promise((done, fail) => { reader.readEntries(done, fail); });
      if (!part.length) return found;
      found.push(...part);
    }
  };
  const walk = async (entry) => {
    if (entry.isFile) {
      const file = await new Promise((done, fail) => { entry.file(done, fail); });
      return [{ file, path: entry.fullPath.replace(/^\//, "") }];
    }
    const inside = await readAll(entry.createReader());
    return (await Promise.all(inside.map(walk))).flat();
  };
  const hiddenFile = (path) => path.split("/").some((part) => part.startsWith(".") || part.startsWith("~$") || part === "Thumbs.db");

  class Zone {
    constructor(place) {
      this.place = place;
      this.queue = [];
      this.total = this.sent = 0;
      this.failed = [];
      this.refused = 0;
      this.list = place.appendChild(make("ul", "pl-drop-list"));
      this.bar = place.querySelector("progress") || place.appendChild(Object.assign(make("progress", "pl-drop-bar"), { hidden: true }));
      this.bar.setAttribute("aria-label", say("sending", { n: "", total: "" }).trim());
      this.status = place.appendChild(make("p", "pl-drop-status"));
      this.status.setAttribute("aria-live", "polite");
    }

    add(items) {
      const wanted = items.filter(({ path }) => !hiddenFile(path)).sort((a, b) => a.path.localeCompare(b.path));
      if (!wanted.length && !this.queue.length) { this.status.textContent = say("nothing_here"); return; }
      for (const item of wanted) {
        item.line = make("li", "pl-drop-file");
        item.name = item.line.appendChild(make("span", "pl-drop-name", item.path));
        item.state = item.line.appendChild(make("span", "pl-drop-state", say("waiting")));
        this.list.append(item.line);
      }
      this.queue.push(...wanted);
      this.total += wanted.length;
      if (!this.running) this.run();
    }

    async run() {
      this.running = true;
      this.place.setAttribute("aria-busy", "true");
      this.bar.hidden = false;
      while (this.queue.length) {
        this.show();
        await this.send(this.queue.shift());
      }
      this.running = false;
      this.place.removeAttribute("aria-busy");
      this.show();
      this.finish();
    }

    show() {
      this.bar.max = this.total;
      this.bar.value = this.sent;
      const text = this.running ? say("sending", { n: Math.min(this.sent + 1, this.total), total: this.total }) : say("sent", { n: this.sent, total: this.total });
      const parts = [text];
      if (this.refused) parts.push(say("refused_files", { n: this.refused }));
      if (this.failed.length) parts.push(say("failed", { n: this.failed.length }));
      this.status.textContent = parts.join(" · ");
    }

    async send(item) {
      item.state.textContent = say("busy");
      item.line.dataset.tone = "busy";
      for (let attempt = 0; attempt < 3; attempt += 1) {
        if (attempt) await pause(1000 * 3 ** attempt);
        const outcome = await this.attempt(item);
        if (outcome) return this.mark(item, outcome);
      }
      return this.mark(item, { tone: "waiting", text: say("no_network"), retry: true });
    }

    async attempt(item) {
      const content = new FormData();
      content.append("path", item.path);
      content.append(this.place.dataset.dropField || "file", item.file, item.file.name);
      try {
        const answer = await fetch(this.place.dataset.drop, { method: "POST", body: content, headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: "application/json" } });
        if (answer.status >= 500 || answer.status === 429) return null;
        const said = (answer.headers.get("content-type") || "").includes("json") ? await answer.json() : {};
        if (answer.redirected) return { tone: "bad", text: say("signed_out"), retry: true };
        const refused = !answer.ok || said.status === "refused";
        return { tone: refused ? "bad" : "good", text: said.reason || (refused ? say("refused_file") : said.title || say("done")), url: said.url, refused };
      } catch {
        return null;
      }
    }

    mark(item, { tone, text, url, retry, refused }) {
      item.line.dataset.tone = tone;
      item.state.textContent = text;
      if (url) item.name.replaceChildren(Object.assign(make("a", "", item.path), { href: url }));
      if (!retry) { this.sent += 1; this.refused += refused ? 1 : 0; return; }
      this.failed.push(item);
      const again = Object.assign(make("button", "btn btn-sm pl-btn-secondary", say("again")), { type: "button" });
      again.addEventListener("click", () => this.retry(item, again));
      item.line.append(again);
    }

    retry(item, button) {
      button.remove();
      this.failed = this.failed.filter((other) => other !== item);
      item.state.textContent = say("waiting");
      this.queue.push(item);
      if (!this.running) this.run();
    }

    finish() { // what was refused is looked at first
      all('[data-tone="bad"]', this.list).reverse().forEach((line) => this.list.prepend(line));
      const detail = { total: this.total, failed: this.failed.length, refused: this.refused };
      this.place.dispatchEvent(new CustomEvent("plumbline:dropped", { bubbles: true, detail }));
      all("[data-drop-then]", this.place).forEach((element) => { element.hidden = false; });
      if (this.place.dataset.dropNext && !detail.failed && !detail.refused) window.location.assign(this.place.dataset.dropNext);
    }
  }

  const zones = new WeakMap();
  const zoneOf = (place) => { if (!zones.has(place)) zones.set(place, new Zone(place)); return zones.get(place); };
  const under = (event) => event.target.closest?.("[data-drop]");
  document.addEventListener("dragover", (event) => {
    const place = under(event);
    if (place) { event.preventDefault(); place.classList.add("pl-drop-over"); }
  });
  document.addEventListener("dragleave", (event) => {
    const place = under(event);
    if (place && !place.contains(event.relatedTarget)) place.classList.remove("pl-drop-over");
  });
  document.addEventListener("drop", async (event) => {
    const place = under(event);
    if (!place) return;
    event.preventDefault();
    place.classList.remove("pl-drop-over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const loose = [...event.dataTransfer.files].map((file) => ({ file, path: file.name }));
    zoneOf(place).add(entries.length ? (await Promise.all(entries.map(walk))).flat() : loose);
  });
  document.addEventListener("change", (event) => {
    const place = under(event);
    if (!place || !event.target.matches("input[type=file]")) return;
    zoneOf(place).add([...event.target.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
    event.target.value = "";
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector('[data-drop][aria-busy="true"]')) event.preventDefault();
  });
})();
