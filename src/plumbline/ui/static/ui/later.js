// Forms that wait for the network. What is sent while there is none is kept on this device, with its files, and sent from whichever page is
// open when the network is back and the same person is signed in (<body data-who>): once, by its name. <form data-later> asks beforehand whether
// the network is there. Nobody is shown or sends what somebody else has kept here.
(() => {
  const { say, keep, token, all } = window.plumbline;
  const shelf = window.plumblineShelf;
  const who = document.body.dataset.who || "";
  const offline = document.querySelector("form[data-later-report]"); // the page shown while there is no network
  const report = document.querySelector(".pl-bottom a[href$='/new/']")?.pathname;
  const gone = () => { keep.set("who", ""); keep.set("report", ""); };
  if (report) keep.set("report", report);
  if (who) keep.set("who", who);
  else if (!offline) gone(); // signed out
  const owner = () => who || keep.get("who") || "";
  const NEVER = "input[type=password], [autocomplete=one-time-code], [data-passkey-sign], [name=provider], [name=code]";
  const CHOSEN = ["checkbox", "radio"];
  let typing = 0; // the timer that keeps what is half typed
  let taken = []; // what was sent one after the other and taken: [title, address]
  const read = (kind) => document.cookie.split("; ").find((one) => one.startsWith(`${kind}=`))?.slice(kind.length + 1) || "";

  const waits = (one) => !one.refused && !one.begun && !one.opened;
  const mine = async () => (await shelf.all()).filter((one) => one.who && one.who === owner()).sort((one, other) => (one.at || 0) - (other.at || 0));
  const reached = async () => {
    if (!navigator.onLine) return false;
    try { return (await fetch("/health/", { cache: "no-store", signal: AbortSignal.timeout(5000) })).ok; } catch { return false; }
  };
  const uuid7 = () => { // RFC 9562: 48 bits of time, then chance
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let now = Date.now();
    for (let at = 5; at >= 0; at -= 1) { bytes[at] = now % 256; now = Math.floor(now / 256); }
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  // A form and what is typed into it
  const target = (form, button) => new URL(button?.getAttribute("formaction") || form.getAttribute("action") || location.href, location.href);
  const may = (form, button) => {
    const { origin, pathname } = target(form, button);
    return Boolean(owner()) && origin === location.origin && !form.querySelector(NEVER) && !/^\/(accounts|language|start)\//.test(pathname);
  };
  const labelOf = (field) => field?.labels?.[0]?.firstChild?.textContent?.trim() || field?.getAttribute?.("aria-label") || "";
  const told = (form) => [...form.elements].filter((field) => field.name && field.type !== "hidden" && !CHOSEN.includes(field.type))
    .map((field) => [labelOf(field), field.files ? [...field.files].map((file) => file.name).join(", ") : field.selectedOptions && field.value ? field.selectedOptions[0].text : field.value])
    .filter(([label, value]) => label && value && !value.startsWith("{"));
  const titleOf = (form, button) => form.elements.title?.value || (offline ? say("later_report") :
    [document.querySelector("h1")?.textContent.trim(), button?.textContent.trim()].filter(Boolean).join(" · "));
  const rowOf = (form, button) => {
    const fields = shelf.fields(new FormData(form));
    if (button?.name) fields.push([button.name, button.value]);
    const { pathname, search } = target(form, button);
    const page = offline ? keep.get("report") : location.pathname + location.search;
    return { url: pathname + search, page, who: owner(), title: titleOf(form, button), at: Date.now(), fields, told: told(form) };
  };
  const forget = async (form) => { clearTimeout(typing); if (form.dataset.begun) { delete form.dataset.begun; await shelf.drop(begunName(form)); } };
  const begunName = (form) => `begun ${owner()} ${location.pathname}${location.search} ${form.getAttribute("action") || ""}`;

  // The bar that says what waits
  const element = (tag, given, ...inside) => { const made = Object.assign(document.createElement(tag), given); made.append(...inside); return made; };
  const button = (words, press) => { const made = element("button", { type: "button", className: "btn btn-sm pl-btn-quiet", textContent: words }); made.onclick = () => press(made); return made; };
  const bar = (words, tone, ...more) => {
    document.getElementById("pl-later")?.remove();
    if (!words) return;
    const line = element("p", { textContent: words });
    line.setAttribute("role", "status");
    const said = element("div", { id: "pl-later", className: `pl-alert pl-${tone} pl-later` }, element("div", {}, line, " ", ...more));
    (document.getElementById("messages") || document.body).prepend(said);
  };
  const link = (href, words) => element("a", { href, textContent: words });
  const discard = (one) => button(say("later_drop"), async (pressed) => {
    if (!pressed.dataset.sure) { pressed.dataset.sure = "yes"; pressed.textContent = say("later_sure"); return; }
    await shelf.drop(one.id);
    await tell();
  });
  const line = (one) => {
    const when = one.at ? new Date(one.at).toLocaleString(document.documentElement.lang.replace(/^en$/, "en-GB"), { dateStyle: "medium", timeStyle: "short" }) : "";
    const state = one.begun || one.opened ? say("later_begun") : one.refused ? one.refused.said || say("later_not_taken") : "";
    const values = one.told || one.fields.filter(([field]) => !["uid", "version"].includes(field)).map(([, value]) => ["", value.name || value]).filter(([, value]) => typeof value === "string");
    const list = element("dl", {}, ...values.flatMap(([label, value]) => [element("dt", { textContent: label }), element("dd", { textContent: value })]));
    const kept = element("li", {}, element("strong", { textContent: one.title || one.url }), ` ${[when, state].filter(Boolean).join(" · ")}`, list);
    const again = one.begun ? one.page : `${one.page || one.url}#kept=${one.id}`;
    kept.append(element("p", { className: "pl-inline" }, link(again, say("later_open")), discard(one)));
    return kept;
  };
  const tell = async () => {
    const here = document.querySelector("form[data-kept-id]")?.dataset.keptId;
    const kept = (await mine()).filter((one) => one.id !== here && !(one.begun && one.page === location.pathname + location.search));
    const ready = kept.filter(waits);
    const refused = kept.find((one) => one.refused && !one.opened);
    if (!kept.length) return bar("");
    const shown = element("details", {}, element("summary", { textContent: say("later_show") }), element("ul", {}, ...kept.map(line)));
    shown.open = document.querySelector("#pl-later details")?.open || false;
    const now = ready.length && who ? [button(say("later_now"), () => sendAll())] : [];
    if (refused) {
      const why = refused.refused.said ? ` ${refused.refused.said}` : "";
      return bar(say("later_refused", { title: refused.title }) + why, "bad", link(`${refused.page || refused.url}#kept=${refused.id}`, say("later_open")), shown, ...now);
    }
    return bar(ready.length ? say("later_waits", { n: ready.length }) : say("later_begun_here", { n: kept.length }), "waiting", ...now, shown);
  };

  // Sending
  const fresh = async () => { // the page may be open since this morning: who is signed in now, and with which token
    const answer = await fetch(location.pathname, { headers: { "X-Requested-With": "fetch" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { who: page.body.dataset.who || "", token: page.querySelector('meta[name="csrf-token"]')?.content || "" };
  };
  const post = (one, secret) => {
    const content = new FormData();
    one.fields.forEach(([name, value]) => content.append(name, value));
    const headers = { "X-CSRFToken": secret, "X-Requested-With": "fetch", "X-Plumbline-Once": one.id, "X-Plumbline-Who": encodeURIComponent(one.who) };
    return fetch(one.url, { method: "POST", body: content, headers });
  };
  const wrong = async (answer) => { // what the page that came back says is wrong
    if ((answer.headers.get("content-type") || "").includes("json")) return (await answer.json()).said || "";
    if (answer.status === 404) return say("later_gone");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = [".pl-summary li", ".pl-error", ".pl-alert.pl-bad", "main strong"].map((place) => page.querySelector(place)).find(Boolean);
    const said = found?.cloneNode(true);
    all(".visually-hidden", said || page.createElement("p")).forEach((hidden) => hidden.remove());
    return said?.textContent.trim() || "";
  };
  const send = async (one) => {
    let answer = await post(one, token());
    if (answer.status === 403) {
      const now = await fresh();
      if (now.who !== one.who) return bar(say("later_sign_in"), "waiting", link(location.pathname + location.search, say("later_enter")));
      answer = await post(one, now.token);
    }
    if (answer.redirected || answer.status === 401) return bar(say("later_sign_in"), "waiting", link(location.pathname + location.search, say("later_enter")));
    if (answer.status >= 500 || answer.status === 429) return tell();
    const heard = answer.status === 200 || answer.status === 409 ? await answer.clone().json().catch(() => ({})) : {};
    if (heard.other) return bar(say("later_sign_in"), "waiting", link(location.pathname + location.search, say("later_enter")));
    if (heard.taken) {
      await shelf.drop(one.id);
      taken.push([one.title, heard.url]);
      if (taken.length > 1 && !heard.said) return bar(say("later_sent", { title: "" }), "good", ...taken.flatMap(([title, url], at) => [at ? " · " : "", link(url, title)]));
      return bar([say("later_sent", { title: one.title }), heard.said].filter(Boolean).join(". "), heard.said ? "waiting" : "good", link(heard.url, say("later_look")));
    }
    await shelf.put({ ...one, refused: { status: answer.status, said: heard.said || await wrong(answer) } });
    return tell();
  };
  const alone = (work) => navigator.locks ? navigator.locks.request("plumbline-later", { ifAvailable: true }, work) : work(true); // none without TLS
  const sendAll = () => alone(async (free) => {
    if (!free || !who) return;
    taken = [];
    for (const one of (await mine()).filter(waits)) {
      try { await send(one); } catch { await tell(); return; }
    }
  });

  // Keeping
  const keepForm = async (form, pressed) => {
    if (form.elements.uid && !form.elements.uid.value) form.elements.uid.value = uuid7();
    await shelf.put({ id: form.dataset.keptId || (form.matches("[data-later]") && form.elements.uid?.value) || uuid7(), ...rowOf(form, pressed) });
    await forget(form);
    delete form.dataset.changed;
    delete form.dataset.keptId;
    form.dispatchEvent(new CustomEvent("plumbline:kept", { bubbles: true }));
    form.reset();
    if (form.matches("[data-later]") && form.elements.uid) form.elements.uid.value = "";
    await tell();
    document.getElementById("pl-later")?.scrollIntoView({ block: "center" });
  };
  // What is sent while the network seems to be there goes by a name too: the worker keeps it under that name if no answer comes
  const name = (form, pressed) => {
    const id = form.dataset.keptId || (form.matches("[data-later]") && form.elements.uid?.value) || uuid7();
    const field = form.querySelector("input[name=_once]") || form.appendChild(element("input", { type: "hidden", name: "_once" }));
    field.value = `${id} ${owner()} ${titleOf(form, pressed)}`;
    if (form.dataset.keptId) { shelf.put({ id, ...rowOf(form, pressed), opened: true }); clean(); }
    forget(form);
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-later]") || form.dataset.reached || !owner()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await reached()) { form.dataset.reached = "yes"; form.requestSubmit(event.submitter); delete form.dataset.reached; return; }
    try { await keepForm(form, event.submitter); } catch { bar(say("later_no_room"), "bad"); }
  }, true);

  // What is half typed while there is no network is there again when the page is
  const begun = (form) => {
    if (!form?.matches("form[method=post]:not([data-save-on-leave], [hx-post])") || form.dataset.keptId || !may(form)) return;
    clearTimeout(typing);
    typing = setTimeout(() => {
      if (!told(form).length) { forget(form); return; }
      form.dataset.begun = "yes";
      const { fields, ...row } = rowOf(form);
      shelf.put({ id: begunName(form), ...row, begun: true, fields: fields.filter(([, value]) => !(value instanceof File)) }).catch(() => {});
    }, 500);
  };
  document.addEventListener("input", ({ target: { form } }) => { if (!navigator.onLine || form?.dataset.begun) begun(form); });
  document.addEventListener("plumbline:unsaved", (event) => begun(event.target));
  document.addEventListener("plumbline:saved", (event) => forget(event.target));

  const put = (form, one) => {
    const given = (name) => one.fields.filter(([other]) => other === name).map(([, value]) => value);
    [...form.elements].filter((field) => field.name && !["csrfmiddlewaretoken", "_once"].includes(field.name) && !["submit", "button"].includes(field.type)).forEach((field) => {
      const values = given(field.name);
      if (CHOSEN.includes(field.type)) field.checked = values.includes(field.value);
      else if (field.type === "file") {
        const files = new DataTransfer();
        values.filter((value) => value instanceof File).forEach((file) => files.items.add(file));
        if (files.files.length) field.files = files.files;
      } else if (field.options) { if (values.length || field.multiple) [...field.options].forEach((option) => { option.selected = values.includes(option.value); }); }
      else if (values.length) [field.value] = values;
      if (values.length) field.closest("details")?.setAttribute("open", "");
      field.dispatchEvent(new CustomEvent("plumbline:put"));
    });
    form.querySelector("textarea, input:not([type=hidden])")?.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const formOf = (one) => {
    const forms = all("form[method=post]").filter((form) => may(form));
    const there = forms.filter((form) => target(form).pathname === new URL(one.url, location.href).pathname);
    return there.find((form) => one.fields.some(([field]) => field !== "uid" && form.elements[field] && form.elements[field].type !== "hidden")) || there[0];
  };
  const clean = () => { if (location.hash.startsWith("#kept=")) history.replaceState(null, "", location.pathname + location.search); };
  const shows = (form, one) => Boolean(form) && one.fields.every(([field, value]) => { // the page that came back shows what was sent
    const there = form.elements[field];
    return !value || value instanceof File || !there || there.type === "hidden" || there.value === undefined || there.value === value;
  });
  const refill = async () => {
    const id = location.hash.startsWith("#kept=") ? location.hash.slice(6) : "";
    const kept = id || who ? await mine() : [];
    const one = kept.find((row) => row.id === id) || kept.find((row) => row.begun && row.page === location.pathname + location.search);
    const form = one && formOf(one);
    if (!form) {
      const back = kept.find((row) => row.opened && row.page === location.pathname + location.search && shows(formOf(row), row));
      if (back) formOf(back).dataset.keptId = back.id;
      return;
    }
    if (one.begun) form.dataset.begun = "yes";
    else { form.dataset.keptId = one.id; await shelf.put({ ...one, opened: true }); }
    put(form, one);
    form.scrollIntoView({ block: "nearest" });
    const back = element("div", { className: "pl-alert pl-active pl-later" }, element("div", {}, element("p", { textContent: say("later_back") }), " ",
      button(say("later_drop"), async () => { await shelf.drop(one.id); delete form.dataset.keptId; form.reset(); back.remove(); clean(); })));
    document.getElementById("messages")?.prepend(back);
  };

  // Who goes is told what stays, and is gone also where no network tells the server: the next person is shown nothing of it
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!/\/accounts\/(logout|device\/next)\//.test(form.getAttribute("action") || "") || !who) return;
    if (form.dataset.asked) { gone(); return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    form.dataset.asked = "yes";
    const n = (await mine().catch(() => [])).length;
    if (!n) { form.requestSubmit(event.submitter); return; }
    all("details[data-menu][open]").forEach((menu) => { menu.open = false; });
    bar(say("later_stays", { n }), "waiting", button(say("later_leave"), () => form.requestSubmit()));
    document.getElementById("pl-later").scrollIntoView({ block: "center" });
  }, true);

  const begin = async () => {
    const arrived = read("pl_arrived");
    if (arrived) { await shelf.drop(arrived); document.cookie = "pl_arrived=; path=/; max-age=0"; }
    if (offline) {
      if (keep.get("report")) { offline.action = keep.get("report"); offline.hidden = false; }
      const sent = JSON.parse(sessionStorage.getItem("plumbline:sent") || "null"); // kept.js: only where the worker could not keep it
      if ((await mine()).some((one) => sent && (one.page || "").split("?")[0] === sent.page)) { sessionStorage.removeItem("plumbline:sent"); all("[data-kept-back]").forEach((back) => { back.hidden = true; }); }
    }
    await refill();
    await tell();
    await sendAll();
  };
  window.plumbline.later = { may, name, keep: keepForm, reached, gone };
  window.addEventListener("online", sendAll);
  window.addEventListener("hashchange", () => { if (location.hash.startsWith("#kept=")) refill().then(tell).catch(() => {}); }); // opened on its own page
  begin().catch(() => {}); // storage closed: nothing is kept
  setInterval(sendAll, 20000);
  if ("serviceWorker" in navigator && isSecureContext && all('link[rel="manifest"]').length) navigator.serviceWorker.register("/sw.js").catch(() => {});
})();
