// The panel “Scan a label”: the camera, what it read, and the ways out (a photo, a number). What is read is opened here or, where somebody
// reports a problem, given to the form. The camera is on only while the panel is open and the page is seen.
import { Camera } from "./camera.js";
import { meaning, read, readPhoto } from "./code.js";

const { say, all, later } = window.plumbline;
const panel = document.getElementById("pl-scan");
const part = (name) => panel.querySelector(`[data-scan-${name}]`);
const camera = new Camera(part("video"));
const eye = part("eye"), said = part("said"), text = part("text"), light = part("light"), again = part("again"), search = part("search");
const SHORTEST = 60; // milliseconds between two looks; a slow device rests as long as it looked
const named = (() => { try { return new URL(panel.dataset.origin).origin; } catch { return ""; } })();
let take = null; // who wants the record, else it is opened
let looking = 0, waiting = null, timer = 0;

const tell = (words, shown = "", tone = "") => {
  if (said.textContent !== words) said.textContent = words;
  text.textContent = shown;
  text.hidden = !shown;
  panel.dataset.tone = tone;
};
const rest = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });
const stop = () => {
  looking += 1;
  camera.stop();
  eye.hidden = true;
  light.hidden = true;
};
const close = () => { if (panel.open) panel.close(); };

// What was read
const go = (path) => { tell(say("scan_opening"), "", "good"); stop(); window.location.assign(path); };
const open = async (path) => {
  stop();
  tell(say("scan_read"), "", "good");
  if (await later.reached()) { go(path); return; }
  waiting = path;
  tell(say("scan_waits"), "", "waiting");
  clearInterval(timer);
  timer = setInterval(tryAgain, 5000);
};
const tryAgain = async () => {
  const path = waiting;
  if (!path || !(await later.reached()) || waiting !== path) return;
  waiting = null;
  clearInterval(timer);
  go(path);
};
window.addEventListener("online", tryAgain);

// True when there is nothing more to look for.
const heard = (what) => {
  const { uid, page, badge, foreign } = meaning(what, named);
  search.hidden = true;
  if (uid) {
    if (!window.matchMedia("(prefers-reduced-motion: reduce)").matches) navigator.vibrate?.(40);
    if (take) { const wanted = take; close(); wanted(uid); }
    else open(`/r/${uid}/`);
    return true;
  }
  if (badge) tell(say("scan_badge"), "", "bad");
  else if (page) {
    tell(say("scan_page"), page, "waiting");
    search.querySelector("span").textContent = say("scan_page_open");
    search.href = page;
    search.hidden = Boolean(take);
  } else {
    tell(say("scan_foreign"), foreign.slice(0, 500), "bad");
    search.querySelector("span").textContent = say("scan_search");
    search.href = panel.dataset.finds ? `${panel.dataset.finds}?${new URLSearchParams({ q: foreign.slice(0, 200) })}` : "";
    search.hidden = Boolean(take) || !panel.dataset.finds || /^[a-z][a-z0-9+.-]*:/i.test(foreign);
  }
  return false;
};

// Looking
const look = async () => {
  const mine = looking;
  let last = "";
  while (mine === looking) {
    const from = performance.now();
    const square = camera.square();
    const found = square ? await read(square) : "";
    if (mine !== looking) return;
    if (found && found !== last) {
      last = found;
      if (heard(found)) return;
    }
    await rest(Math.max(SHORTEST, performance.now() - from));
  }
};
const WHY = { SecurityError: "scan_insecure", NotAllowedError: "scan_refused", NotFoundError: "scan_none", OverconstrainedError: "scan_none", NotReadableError: "scan_busy", AbortError: "scan_busy" };
const start = async () => {
  stop();
  const mine = looking;
  again.hidden = true;
  tell(say("scan_asking"));
  try {
    if (!(await camera.start())) return; // stopped meanwhile: closed, or a photo was chosen
  } catch (error) {
    if (mine !== looking) return;
    const why = WHY[error.name] || "scan_none";
    tell(`${say(why)} ${say("scan_otherwise")}`, "", "bad");
    again.hidden = !["scan_refused", "scan_busy"].includes(why);
    return;
  }
  eye.hidden = false;
  light.hidden = !camera.hasLight;
  light.setAttribute("aria-pressed", "false");
  tell(say("scan_hold"));
  look().catch(() => { stop(); tell(say("scan_missing"), "", "bad"); });
};

part("photo").addEventListener("change", async ({ target }) => {
  const [photo] = target.files;
  if (!photo) return;
  stop();
  search.hidden = true;
  tell(say("scan_looking"));
  let found;
  try { found = await readPhoto(photo); } catch {
    const heic = /\.(heic|heif)$/i.test(photo.name) || /hei[cf]/.test(photo.type);
    tell(say(heic ? "scan_heic" : "scan_no_photo"), "", "bad");
    found = null;
  }
  target.value = "";
  if (found === "") tell(say("scan_nothing"), "", "bad");
  if (found && heard(found)) return;
  again.hidden = false;
});
again.addEventListener("click", start);
light.addEventListener("click", async () => {
  const on = light.getAttribute("aria-pressed") !== "true";
  try { await camera.light(on); light.setAttribute("aria-pressed", on); } catch { light.hidden = true; }
});
panel.addEventListener("click", (event) => { if (event.target === panel) close(); });
panel.addEventListener("close", () => { waiting = take = null; clearInterval(timer); stop(); });
document.addEventListener("visibilitychange", () => {
  if (!panel.open) return;
  if (document.hidden) stop();
  else if (!waiting && again.hidden) start();
});
window.addEventListener("pagehide", close);

// A field wants what a label names: <button data-scan="ID of the field">. It gets the number, and its hint the title; without network the label itself.
document.addEventListener("plumbline:scanned", async ({ target, detail: uid }) => {
  const field = document.getElementById(target.dataset.scan);
  const hint = document.getElementById(field?.getAttribute("aria-describedby"));
  const put = (value, words) => {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (hint) hint.textContent = words;
  };
  put(uid, say("scan_read"));
  try {
    const answer = await fetch(`${panel.dataset.finds}?${new URLSearchParams({ box: "1", q: "", seen: uid })}`, { headers: { "X-Requested-With": "fetch" } });
    const line = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".pl-box-line");
    if (!answer.ok || answer.redirected) throw new Error("not asked");
    if (line) put(line.querySelector(".pl-detail").textContent.split(" · ")[0], line.querySelector(".pl-box-title").textContent);
    else put("", say("scan_unseen"));
  } catch { put(uid, say("scan_linked_later")); }
});

export const show = (wanted = null) => {
  all("dialog[open]").forEach((other) => { if (other !== panel) other.close(); });
  take = wanted;
  search.hidden = true;
  if (part("typed")) part("typed").hidden = Boolean(wanted);
  if (!panel.open) panel.showModal();
  start();
};
