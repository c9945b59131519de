/* Keeps the book's pages on the telephone, so that they open without a connection.

   It stands at the book's own address and so sees no other page. A page comes from the network
   where that answers soon, else as it was kept; what is typed in it is the page's business. What
   is kept goes once the board leaves, or its key is over. */
"use strict";
const PAGES = "lth-book-pages", FILES = "lth-book-files";
const PATIENCE = 4000; /* milliseconds that a weak connection is waited for */
const MOST_FILES = 40;
const SAYS = "LTH-Book";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const without = (url) => { const one = new URL(url); one.search = ""; one.hash = ""; return one.href; };
const drop = () => caches.delete(PAGES);

/* Only a page of the board's own is kept, under its address without arguments. */
const keepPage = async (url, answer) => {
  const says = answer.headers.get(SAYS);
  if (says === "out") await drop();
  if (says !== "page" || !answer.ok || answer.redirected || new URL(url).search) return;
  await (await caches.open(PAGES)).put(without(url), answer.clone());
};

const kept = async (url) => (await caches.open(PAGES)).match(without(url), { ignoreVary: true });

const page = async (event) => {
  const { request } = event;
  const there = await kept(request.url);
  const asked = fetch(request).then(async (answer) => { await keepPage(request.url, answer); return answer; });
  if (!there) return asked;
  event.waitUntil(asked.catch(() => undefined));
  const late = new Promise((done) => { setTimeout(() => done(there.clone()), PATIENCE); });
  return Promise.race([asked.catch(() => there.clone()), late]);
};

/* A file's address names its content: what is kept is as good as what is fetched. */
const keepFile = async (url) => {
  const files = await caches.open(FILES);
  const there = await files.match(url, { ignoreVary: true });
  if (there) return there;
  const answer = await fetch(url);
  if (answer.ok && new URL(url).searchParams.has("v")) {
    const names = await files.keys();
    if (names.length >= MOST_FILES) await files.delete(names[0]);
    await files.put(url, answer.clone());
  }
  return answer;
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && request.mode === "navigate") {
    event.respondWith(fetch(request).then(async (answer) => {
      if (answer.headers.get(SAYS) === "out") await drop();
      return answer;
    }));
  } else if (request.method !== "GET") {
    return;
  } else if (request.mode === "navigate") {
    event.respondWith(page(event));
  } else if (url.searchParams.has("v") && url.pathname.includes("/static/")) {
    event.respondWith(keepFile(without(request.url) + url.search));
  }
});

/* The page says what to keep: itself, the files it is made of, and the months beside it. */
self.addEventListener("message", (event) => {
  const { pages = [], files = [] } = event.data || {};
  event.waitUntil((async () => {
    for (const url of pages) {
      try { await keepPage(url, await fetch(url, { credentials: "same-origin" })); } catch { return; }
    }
    for (const url of files) {
      try { await keepFile(url); } catch { return; }
    }
  })());
});
