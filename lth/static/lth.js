/* Small comforts. Every page works without them. */
(() => {
  "use strict";
  const body = document.body;
  const live = document.getElementById("live");
  const toast = document.getElementById("toast");

  /* Spoken to screen readers, after a beat so that the change is noticed. */
  const say = (text) => {
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 60);
  };

  const fail = () => {
    const note = document.createElement("div");
    note.className = "notice notice-error";
    const text = document.createElement("div");
    text.textContent = body.dataset.sayFailed;
    note.append(document.createElement("span"), text);
    toast.replaceChildren(note);
    setTimeout(() => toast.replaceChildren(), 12000);
  };

  /* Fields changed since the page came, in forms that ask for it. */
  const isField = (el) => el.name && el.type !== "hidden" && el.type !== "submit" && el.form;
  const isChanged = (el) => {
    if (el.type === "checkbox" || el.type === "radio") return el.checked !== el.defaultChecked;
    if (el.options) return [...el.options].some((o) => o.selected !== o.defaultSelected) && el.selectedIndex !== firstChoice(el);
    return el.value !== el.defaultValue;
  };
  const firstChoice = (el) => Math.max([...el.options].findIndex((o) => o.defaultSelected), 0);
  const changedIn = (form) => [...form.elements].filter((el) => isField(el) && isChanged(el));
  const holder = (el) => el.closest(".target, .field");

  const mark = (form) => {
    const changed = changedIn(form);
    const holders = new Set(changed.map(holder));
    for (const el of form.elements) {
      const box = holder(el);
      if (box) box.classList.toggle("is-changed", holders.has(box));
    }
    for (const note of form.querySelectorAll("[data-unsaved-note]")) {
      note.textContent = changed.length ? `${changed.length} ${body.dataset.sayUnsaved}` : "";
    }
  };

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.hasAttribute("data-unsaved")) mark(form);
  });

  /* Leaving is asked about, unless what is unsaved is just what is being sent. */
  const unsaved = (except) => [...document.querySelectorAll("form[data-unsaved]")]
    .some((form) => form !== except && changedIn(form).length);
  let sending = null;
  addEventListener("beforeunload", (event) => {
    if (unsaved(sending)) event.preventDefault();
  });

  /* A second press of the same button within a moment does nothing. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (event.defaultPrevented) return;
    form.dataset.sent = "1";
    sending = form;
    setTimeout(() => { delete form.dataset.sent; sending = null; }, 2000);
  });

  /* One box that ticks all others of its table. */
  document.addEventListener("change", (event) => {
    const name = event.target.dataset.checkAll;
    if (!name) return;
    for (const box of document.getElementsByName(name)) {
      if (!box.disabled) box.checked = event.target.checked;
    }
  });

  /* Menus close on Escape and on a press elsewhere. */
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = event.target.closest("details.menu[open]");
    closeMenus(null);
    if (open) open.querySelector("summary").focus();
  });

  /* htmx: the token, what was done in words, and what failed. */
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token) event.detail.headers["X-CSRFToken"] = token.content;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const news = event.target.matches("[data-announce]") ? event.target : event.target.querySelector("[data-announce]");
    if (news) say(news.dataset.announce || news.textContent.trim());
    const summary = event.target.querySelector("[data-focus]");
    if (summary) summary.focus();
    const form = event.target.closest("form[data-unsaved]");
    if (form) mark(form);
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, fail);
  }

  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
})();
