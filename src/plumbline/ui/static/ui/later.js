// Forms that wait for the network: <form data-later>. What is sent while there is none is kept on this device, with its photos, and
// sent when the network is back and the same person is signed in (<body data-who>). The form's hidden `uid` makes it arrive once.
(() => {
  const { say, keep, token, all } = window.plumbline;
  const who = document.body.dataset.who || "";
  const report = document.querySelector(".pl-bottom a[href$='/new/']")?.pathname;
  if (report) { keep.set("report", report); keep.set("who", who); }

  const open = () => new Promise((done, failed) => {
    const asked = indexedDB.open("plumbline", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("later", { keyPath: "id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const store = async (mode, act) => {
    const db = await open();
    return new Promise((done, failed) => {
      const work = db.transaction("later", mode);
      const asked = act(work.objectStore("later"));
      work.oncomplete = () => { db.close(); done(asked.result); };
      work.onerror = work.onabort = () => { db.close(); failed(work.error); };
    });
  };
  const waiting = async () => (await store("readonly", (rows) => rows.getAll())).filter((one) => one.who === (who || keep.get("who")));

  const reached = async () => {
    if (!navigator.onLine) return false;
    try { return (await fetch("/health/", { cache: "no-store", signal: AbortSignal.timeout(5000) })).ok; } catch { return false; }
  };

  // The bar that says what waits
  const bar = (words, tone, link) => {
    document.getElementById("pl-later")?.remove();
    if (!words) return;
    const said = Object.assign(document.createElement("div"), { id: "pl-later", className: "pl-alert", textContent: words });
    said.setAttribute("role", "status");
    said.dataset.tone = tone;
    if (link) said.append(" ", Object.assign(document.createElement("a"), { href: link.href, textContent: link.words }));
    (document.getElementById("messages") || document.body).prepend(said);
  };
  const tell = async () => {
    const kept = await waiting();
    const refused = kept.find((one) => one.refused);
    if (refused) bar(say("later_refused", { title: refused.title }), "bad", { href: `${refused.url}#kept=${refused.id}`, words: say("later_open") });
    else if (kept.length) bar(say("later_waits", { n: kept.length }), "waiting");
  };

  const send = async (one) => {
    const content = new FormData();
    one.fields.forEach(([name, value]) => content.append(name, value));
    const answer = await fetch(one.url, { method: "POST", body: content, headers: { "X-CSRFToken": token() } });
    if (answer.redirected && !new URL(answer.url).pathname.startsWith("/accounts/")) {
      await store("readwrite", (rows) => rows.delete(one.id));
      return bar(say("later_sent", { title: one.title }), "good", { href: answer.url, words: say("later_look") });
    }
    if (answer.redirected || answer.status === 401 || answer.status === 403) return bar(say("later_sign_in"), "waiting");
    if (answer.status < 500 && answer.status !== 429) await store("readwrite", (rows) => rows.put({ ...one, refused: answer.status }));
    return tell();
  };
  const sendAll = () => navigator.locks.request("plumbline-later", { ifAvailable: true }, async (mine) => {
    if (!mine || !who) return;
    for (const one of (await waiting()).filter((kept) => !kept.refused)) {
      try { await send(one); } catch { await tell(); return; }
    }
  });

  const uuid7 = () => { // RFC 9562: 48 bits of time, then chance
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let now = Date.now();
    for (let at = 5; at >= 0; at -= 1) { bytes[at] = now % 256; now = Math.floor(now / 256); }
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };
  const keepForm = async (form) => {
    if (form.elements.uid && !form.elements.uid.value) form.elements.uid.value = uuid7();
    const fields = [...new FormData(form).entries()].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !(value instanceof File && !value.size));
    const title = String(fields.find(([name]) => name === "title")?.[1] || "");
    const id = form.elements.uid?.value || uuid7();
    await store("readwrite", (rows) => rows.put({ id, url: new URL(form.action, location.href).pathname, who: who || keep.get("who"), title, fields }));
    delete form.dataset.changed;
    form.reset();
    if (form.elements.uid) form.elements.uid.value = "";
    await tell();
    document.getElementById("pl-later")?.scrollIntoView({ block: "center" });
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-later]") || form.dataset.reached) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await reached()) { form.dataset.reached = "yes"; form.requestSubmit(event.submitter); delete form.dataset.reached; return; }
    try { await keepForm(form); } catch { bar(say("later_no_room"), "bad"); }
  }, true);

  // A report that was refused is opened again with what was typed
  const refill = async () => {
    const id = location.hash.startsWith("#kept=") ? location.hash.slice(6) : "";
    const one = id && (await waiting()).find((kept) => kept.id === id);
    const form = document.querySelector("form[data-later]");
    if (!one || !form) return;
    one.fields.filter(([, value]) => !(value instanceof File)).forEach(([name, value]) => {
      const field = form.elements[name];
      if (field && "value" in field) field.value = value;
    });
    await store("readwrite", (rows) => rows.delete(id));
  };

  const offline = document.querySelector("form[data-later-report]"); // the page shown while there is no network
  if (offline && keep.get("report")) { offline.action = keep.get("report"); offline.hidden = false; }
  window.addEventListener("online", sendAll);
  refill().then(tell).then(sendAll);
  setInterval(sendAll, 60000);
  if ("serviceWorker" in navigator && isSecureContext && all('link[rel="manifest"]').length) navigator.serviceWorker.register("/sw.js").catch(() => {});
})();
