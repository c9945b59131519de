/* The lines of a plan's parts save themselves while their form is open; what cannot be saved waits
   for the form's own button, whose answer shows what stands against it. */
lth.ready(() => {
  "use strict";
  const saver = document.getElementById("saver");
  if (!saver || saver.dataset.begun) return;
  saver.dataset.begun = "1";

  const PAUSE = 1500;
  const words = saver.dataset;
  const forms = () => [...document.querySelectorAll("form[data-saves-itself]")];
  const { fields } = lth;
  const content = (form) => fields.fieldsOf(form).map(fields.value).join("\n");
  const refused = new WeakMap();
  const isWaiting = (form) => fields.changedIn(form).length && refused.get(form) !== content(form);

  let timer = 0;
  let sent = null; /* the form on its way, and what stood in it */
  const later = (pause) => { clearTimeout(timer); timer = setTimeout(save, pause); };

  const tell = (form, text) => {
    const place = form.querySelector("[data-saved]");
    if (place && place.textContent !== text) place.textContent = text;
  };

  function save() {
    clearTimeout(timer);
    if (sent || !saver.isConnected) return;
    const form = forms().find(isWaiting);
    if (!form) return;
    sent = { form, list: fields.fieldsOf(form).map((el) => [el, fields.value(el)]) };
    tell(form, words.saySaving);
    htmx.ajax("POST", form.action, { source: saver, target: saver, swap: "none", values: new FormData(form) }).catch(() => {}); /* told at htmx:afterRequest */
  }

  /* The row above the form, its version and what it showed; sums, tabs and findings elsewhere. */
  const put = (form, parts) => {
    const holder = form.closest("details, section");
    const fresh = parts.getElementById(holder.id);
    const summary = holder.querySelector(":scope > summary");
    const written = fresh && fresh.querySelector(":scope > summary");
    if (summary && written) summary.replaceChildren(...written.childNodes);
    for (const el of form.querySelectorAll('input[type="hidden"]')) {
      const now = fresh && [...fresh.querySelectorAll('input[type="hidden"]')].find((one) => one.name === el.name);
      if (now && (el.name === "seen" || el.name.endsWith(":was"))) el.value = now.value;
    }
    for (const piece of parts.querySelectorAll("[hx-swap-oob]")) {
      const there = document.getElementById(piece.id);
      if (!there || there.contains(document.activeElement)) continue;
      piece.removeAttribute("hx-swap-oob");
      there.replaceWith(document.importNode(piece, true));
    }
  };

  /* When it was saved is the server's to say: the clock of this machine may be another. */
  const written = (form, parts) => {
    const fresh = parts.getElementById(form.closest("details, section").id);
    const said = fresh && fresh.querySelector("[data-saved]");
    return (said && said.textContent) || words.saySaved;
  };

  const settle = (el, value) => {
    delete el.dataset.base;
    if (el.options) for (const one of el.options) one.defaultSelected = one.value === value;
    else if (el.type === "checkbox") el.defaultChecked = value === "1";
    else el.defaultValue = value;
  };

  saver.addEventListener("htmx:beforeSwap", (event) => { event.detail.shouldSwap = false; });
  saver.addEventListener("lth:retry", save);
  saver.addEventListener("htmx:afterRequest", (event) => {
    const { form, list } = sent;
    const { xhr } = event.detail;
    sent = null;
    if (xhr && xhr.status === 200 && !lth.isWhole(xhr.responseText)) {
      const box = document.createElement("template");
      box.innerHTML = xhr.responseText;
      const said = written(form, box.content);
      put(form, box.content);
      for (const [el, value] of list) settle(el, value);
      tell(form, said);
      fields.mark(form);
      form.dispatchEvent(new CustomEvent("lth:saved", { bubbles: true }));
    } else if (xhr && [409, 422].includes(xhr.status)) {
      refused.set(form, content(form));
      const button = form.querySelector('[type="submit"]');
      tell(form, words.sayRefused.replace("#", button ? button.textContent.trim() : ""));
    } else {
      tell(form, words.sayFailed);
      if (!xhr || xhr.status === 0 || xhr.status >= 500) later(10 * PAUSE);
      return;
    }
    if (forms().some(isWaiting)) later(PAUSE);
  });

  document.addEventListener("input", (event) => {
    if (event.target.form && event.target.form.matches("[data-saves-itself]")) later(PAUSE);
  });
  document.addEventListener("change", (event) => {
    if (event.target.form && event.target.form.matches("[data-saves-itself]")) later(150);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  addEventListener("online", save);

  /* Quantity and price give the amount, unless another was typed. */
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !["quantity", "unit_price"].includes(event.target.name)) return;
    const number = (name) => {
      const text = (form.elements[name]?.value || "").trim();
      return /^\d{1,3}(\.\d{3})*$|^\d+$/.test(text) ? Number(text.replaceAll(".", "")) : NaN;
    };
    const amount = form.elements.amount;
    const product = number("quantity") * number("unit_price");
    if (!amount || Number.isNaN(product) || (amount.value && amount.value !== amount.dataset.computed)) return;
    amount.value = String(product).replace(/\B(?=(\d{3})+$)/g, ".");
    amount.dataset.computed = amount.value;
  });
});
