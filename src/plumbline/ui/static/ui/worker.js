// While there is no network: the page that says so, with a form to report a problem, and our own style and scripts. No page of a company is kept.
const CACHE = "plumbline-2", OFFLINE = "/offline/";
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
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (new URL(request.url).origin !== location.origin || (request.method !== "GET" && request.mode !== "navigate")) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  else if (new URL(request.url).pathname.startsWith("/static/")) event.respondWith(fetch(request).catch(() => caches.match(request)));
});
