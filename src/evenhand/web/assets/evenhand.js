// What pages gain where a script may run; every task works without it. Loaded with `defer`, kept under 3 kB.
// Marks in the markup: form[data-warn] is long (warns, keeps what is typed in this tab), form[data-private] is never kept,
// form[data-leave] signs out, [data-done] says that something was done, body[data-who] is who is signed in.
(() => {
  "use strict";
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const one = (what) => document.querySelector(what);
  const PREFIX = "evenhand:";
  const kept = {
    get: (key) => { try { return sessionStorage.getItem(PREFIX + key); } catch { return null; } },
    set: (key, value) => { try { sessionStorage.setItem(PREFIX + key, value); } catch { /* full, or forbidden */ } },
    drop: (key) => { try { sessionStorage.removeItem(PREFIX + key); } catch { /* forbidden */ } },
    clear: () => { try { Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => sessionStorage.removeItem(key)); } catch { /* forbidden */ } },
  };

  // Somebody else at the same screen never sees what was typed before.
  const who = document.body.dataset.who || "";
  if (who) {
    if (kept.get("who") && kept.get("who") !== who) kept.clear();
    kept.set("who", who);
  }
  if (one("[data-done]") && kept.get("sent")) {
    kept.drop(kept.get("sent"));
    kept.drop("sent");
  }

  const summary = one(".errors");
  if (summary) summary.focus();

  // On phones the menu is one line that scrolls: where one is stands in it.
  const now = one(".nav [aria-current]");
  if (now) {
    const place = now.getBoundingClientRect(), line = now.parentElement.getBoundingClientRect();
    if (place.left < line.left || place.right > line.right) now.scrollIntoView({ block: "nearest", inline: "center" });
  }

  const SKIP = ["password", "hidden", "file", "submit"];
  const fields = (form) => [...form.elements].filter((field) =>
    field.name && !SKIP.includes(field.type) && field.autocomplete !== "one-time-code");
  const ticks = (field) => field.type === "radio" || field.type === "checkbox";
  const changed = (field) => ticks(field) ? field.checked !== field.defaultChecked
    : field.options ? [...field.options].some((choice) => choice.selected !== choice.defaultSelected) && field.selectedIndex > 0
    : field.value !== field.defaultValue;
  const words = (form) => JSON.stringify(fields(form).map((field) =>
    [field.name, ticks(field) ? field.value : "", ticks(field) ? field.checked : field.value]));

  let sending = false;
  all("form[data-warn]").forEach((form, number) => {
    const key = "form:" + location.pathname + ":" + (form.dataset.warn || number);
    let dirty = false;
    const before = "private" in form.dataset || summary ? null : kept.get(key);
    if (before) {
      let back = false;
      const typed = JSON.parse(before);
      fields(form).forEach((field) => {
        const found = typed.find(([name, value]) => name === field.name && (!ticks(field) || value === field.value));
        if (!found || changed(field)) return;
        if (ticks(field)) { back = back || field.checked !== found[2]; field.checked = found[2]; }
        else if (found[2] && field.value !== found[2]) { field.value = found[2]; back = true; }
      });
      const say = one("[data-kept]");
      if (back && say) { form.before(say); say.hidden = false; }
      dirty = back;
    }
    form.addEventListener("input", () => {
      dirty = true;
      if (!("private" in form.dataset)) kept.set(key, words(form));
    });
    form.addEventListener("submit", () => kept.set("sent", key));
    addEventListener("beforeunload", (event) => { if (dirty && !sending) event.preventDefault(); });
  });

  // One press is enough. The id in the form makes a second one harmless; after ten seconds the line may be down: try again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sending) { event.preventDefault(); return; }
    if ("leave" in form.dataset) kept.clear();
    form.dataset.sending = "1";
    sending = true;
    const free = () => {
      delete form.dataset.sending;
      sending = false;
      all("button", form).forEach((button) => button.removeAttribute("aria-disabled"));
    };
    setTimeout(() => all("button", form).forEach((button) => button.setAttribute("aria-disabled", "true")));
    setTimeout(free, 10000);
    addEventListener("pageshow", free, { once: true });
  });

  const bar = one(".offline");
  const line = () => { if (bar) bar.hidden = navigator.onLine; };
  addEventListener("online", line);
  addEventListener("offline", line);
  line();

  // Filters through htmx: say how many were found; where the line fails, do it the plain way.
  const say = one("#say");
  document.addEventListener("htmx:afterSettle", () => {
    const found = one("[data-say]");
    if (say && found) say.textContent = found.textContent;
  });
  ["htmx:sendError", "htmx:responseError"].forEach((name) => document.addEventListener(name, (event) => {
    const form = event.target.closest("form");
    if (form) form.submit();
  }));
})();
