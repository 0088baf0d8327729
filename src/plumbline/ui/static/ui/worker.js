// While there is no network: the page that says so, with a form to report a problem, and our own style and scripts. No page of a company is kept.
// What was sent and got no answer is put on the shelf (shelf.js stands before this), under the name it was sent by.
const CACHE = "plumbline-4", OFFLINE = "/offline/";
self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const answer = await fetch(OFFLINE, { cache: "no-store", credentials: "omit" });
    const html = await answer.clone().text();
    const cache = await caches.open(CACHE);
    await cache.put(OFFLINE, answer);
    await cache.addAll(new Set([...html.matchAll(/(?:src|href)="(\/static\/[^"#]+)/g)].map((found) => found[1])));
    await self.skipWaiting();
  })());
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});
const keepSent = async (request) => {
  if (!request.referrer.startsWith(`${location.origin}/`)) return; // a form of another site would be sent later in this person's name
  const content = await request.formData();
  const [id, who, ...title] = String(content.get("_once") || "").split(" ");
  if (!who) return;
  const place = (address) => { const { pathname, search } = new URL(address); return pathname + search; };
  await self.plumblineShelf.put({ id, url: place(request.url), page: place(request.referrer), who, title: title.join(" "), at: Date.now(), fields: self.plumblineShelf.fields(content) });
};
const sent = async (request) => {
  const copy = request.clone();
  try { return await fetch(request); } catch { await keepSent(copy).catch(() => {}); return caches.match(OFFLINE); }
};
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (new URL(request.url).origin !== location.origin || (request.method !== "GET" && request.mode !== "navigate")) return;
  if (request.method === "POST") { const answer = sent(request); event.waitUntil(answer); event.respondWith(answer); } // kept also when the page goes meanwhile
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  else if (new URL(request.url).pathname.startsWith("/static/")) event.respondWith(fetch(request).catch(() => caches.match(request)));
});
