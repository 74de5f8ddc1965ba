// What lets a receipt be given without a line: keeps the pages of receipts that were opened, and what was confirmed, until
// it could be sent. Served as /sw.js. It touches receipts, the code on a box, assets and signing out; nothing else.
"use strict";
const PAGES = "evenhand-pages", FILES = "evenhand-files";
const RECEIPT = /^\/[a-z]{2}\/receipts(\/CN-[0-9A-Z]+)?$/, CODE = /^\/c\/(CN-[0-9A-Z]+)$/, OUT = /^\/[a-z]{2}\/account\/sign-out$/;
const PATIENCE = 30000;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

// ── what is kept: one receipt under the id of its form ──
const store = (mode, ask) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("evenhand", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("receipts", { keyPath: "id" });
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const base = opening.result, asked = ask(base.transaction("receipts", mode).objectStore("receipts"));
    asked.onsuccess = () => { base.close(); resolve(asked.result); };
    asked.onerror = () => { base.close(); reject(asked.error); };
  };
});
const all = () => store("readonly", (kept) => kept.getAll());
const put = (one) => store("readwrite", (kept) => kept.put(one));
const drop = (id) => store("readwrite", (kept) => kept.delete(id));
const waits = (one) => one.state !== "done" && one.state !== "refused";

const tell = async () => {
  const kept = (await all()).map(({ id, address, state, said, problems }) => ({ id, address, state, said, problems }));
  (await clients.matchAll()).forEach((client) => client.postMessage({ kept }));
};

addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url), path = url.pathname;
  if (url.origin !== location.origin) return;
  if (request.mode !== "navigate") {
    if (request.method === "GET" && path.startsWith("/assets/"))
      event.respondWith(caches.match(request, { ignoreVary: true }).then((hit) => hit || fetch(request)));
  } else if (request.method === "GET" && (RECEIPT.test(path) || CODE.test(path))) event.respondWith(open(request, path));
  else if (request.method === "POST" && RECEIPT.test(path)) event.respondWith(confirm(request, path));
  else if (request.method === "POST" && OUT.test(path)) event.respondWith(leave(request, url));
});

async function open(request, path) {
  const pages = await caches.open(PAGES);
  try {
    const answer = await fetch(request);
    if (answer.ok && RECEIPT.test(path)) await pages.put(path, answer.clone());
    return answer;
  } catch {
    const known = (await pages.keys()).map((one) => new URL(one.url).pathname), ref = (path.match(/CN-.+/) || [""])[0];
    const found = known.find((one) => one === path) || (ref && known.find((one) => one.endsWith(ref))) || known.find((one) => one.endsWith("/receipts"));
    return (found && await pages.match(found, { ignoreVary: true })) || Response.error();
  }
}

async function confirm(request, path) {
  const copy = request.clone();
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    const form = await copy.formData();
    await put({ id: form.get("request_id"), who: form.get("who"), address: path, fields: [...form], state: "waiting", said: [] });
    try { await registration.sync.register("receipts"); } catch { /* this browser has none: the page sends */ }
    return Response.redirect(path.slice(0, 3) + "/receipts", 303);
  }
}

async function leave(request, url) {
  const who = await whose(), own = (await all()).filter((one) => one.who === who);
  if (!url.searchParams.has("forget") && own.some(waits)) return Response.redirect(url.pathname.slice(0, 3) + "/receipts?leave=1", 303);
  const answer = await fetch(request);
  await caches.delete(PAGES);
  for (const one of own) await drop(one.id);
  return answer;
}

const whose = async () => {
  const found = await (await caches.open(PAGES)).match("/who");
  return found ? found.text() : "";
};

// ── sending what was kept: one at a time, with a fresh token, as the same person ──
let sending = Promise.resolve();
const send = () => { sending = sending.catch(() => {}).then(sendAll); return sending; };

async function sendAll() {
  for (const one of (await all()).filter(waits)) {
    const door = await (await fetch(one.address.slice(0, 3) + "/receipts/token")).json();
    one.state = !door.who ? "sign-in" : door.who !== one.who ? "other" : "sending";
    await put(one);
    await tell();
    if (one.state !== "sending") continue;
    const form = new FormData();
    one.fields.forEach(([name, value]) => form.append(name, name === "csrfmiddlewaretoken" ? door.token : value));
    try {
      const answer = await fetch(one.address, { method: "POST", body: form, headers: { Accept: "application/json" } });
      if (answer.redirected) one.state = "sign-in";
      else if (answer.ok) Object.assign(one, await answer.json());
      else if (answer.status < 500 && answer.status !== 429) Object.assign(one, { state: "refused", said: ["HTTP " + answer.status] });
      else one.state = "waiting";
    } catch (error) {
      one.state = "waiting";
      throw error;
    } finally {
      await put(one);
      if (!waits(one)) await (await caches.open(PAGES)).delete(one.address);
    }
  }
}
addEventListener("sync", (event) => event.waitUntil(send().finally(tell)));

// ── what the pages ask for ──
addEventListener("message", (event) => event.waitUntil(asked(event.data)));

async function asked({ who, keep, files, forget }) {
  if (forget) await drop(forget);
  if (keep) {
    if (await whose() !== who) await caches.delete(PAGES);
    const pages = await caches.open(PAGES);
    await pages.put("/who", new Response(who));
    const add = async (cache, address, anew) => {
      try {
        if (!anew && await cache.match(address, { ignoreVary: true })) return;
        const answer = await fetch(address);
        if (answer.ok && !answer.redirected) await cache.put(address, answer);
      } catch { /* no line: next time */ }
    };
    const assets = await caches.open(FILES);
    await tell();
    await Promise.all([...files.map((one) => add(assets, one)), ...keep.map((one) => add(pages, one, true))]);
  }
  try { await send(); } catch { /* no line yet */ }
  await tell();
}
