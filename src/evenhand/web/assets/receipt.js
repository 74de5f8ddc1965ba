// Receipts without a line: starts the worker (/sw.js), tells it which pages to keep, and shows what is kept on this phone.
(() => {
  "use strict";
  const worker = navigator.serviceWorker, box = document.querySelector("#kept");
  if (!worker || !box) return;
  const list = box.querySelector("ul"), row = box.querySelector("template"), leaving = box.querySelector("[data-leaving]");
  const seen = {};
  let tell = () => {};

  const show = (kept) => {
    const waiting = kept.filter((one) => one.state !== "done" && one.state !== "refused");
    box.hidden = !kept.length;
    box.className = "notice " + (waiting.length ? "warn" : kept.some((one) => one.state === "refused") ? "bad" : "done");
    box.querySelector("[data-send]").hidden = !waiting.length;
    box.querySelector("[data-door]").hidden = !waiting.some((one) => one.state === "sign-in");
    leaving.hidden = !(waiting.length && new URLSearchParams(location.search).has("leave"));
    // What was just recorded is no longer on its way: a list of that is shown anew.
    const news = kept.some((one) => one.state === "done" && seen[one.id] && seen[one.id] !== "done");
    kept.forEach((one) => { seen[one.id] = one.state; });
    if (news && !document.querySelector("[data-receipt]")) location.reload();
    list.replaceChildren(...kept.map((one) => {
      const item = row.content.cloneNode(true), link = item.querySelector("a"), button = item.querySelector("button");
      link.href = one.address;
      link.textContent = one.address.split("/").pop();
      item.querySelector("span").textContent = box.dataset[one.state.replace("-i", "I")] || "";
      item.querySelector("p").textContent = [...one.said, ...(one.problems || [])].join(" ");
      button.hidden = waiting.includes(one);
      button.addEventListener("click", () => tell({ forget: one.id }));
      return item;
    }));
    if (leaving.hidden === false) box.scrollIntoView({ block: "center" });
  };
  worker.addEventListener("message", (event) => show(event.data.kept));

  worker.register("/sw.js").then(() => worker.ready).then((registration) => {
    tell = (what) => registration.active.postMessage(what);
    const of = (what, name) => [...document.querySelectorAll(what)].map((one) => new URL(one[name]).pathname);
    tell({
      who: document.body.dataset.who || "",
      keep: [...new Set([location.pathname.split("/").slice(0, 3).join("/"), location.pathname, ...of("a[data-keep]", "href").slice(0, 20)])],
      files: [...of("script[src]", "src"), ...of("link[rel=stylesheet], link[rel=icon]", "href")],
    });
    const send = () => tell({ send: true });
    box.querySelector("[data-send]").addEventListener("click", send);
    addEventListener("online", send);
    setInterval(send, 60000);
  }).catch(() => { /* forbidden, as in a private window: everything works with a line */ });
})();
