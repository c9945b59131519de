/* Small comforts: what is said and focused, boxes that tick others, menus. */
(() => {
  "use strict";

  lth.ready(() => {
    const summary = document.querySelector("[data-focus]");
    if (summary) summary.focus();

    /* On a phone the main menu is a strip: its current section is brought into sight. */
    const strip = document.querySelector(".nav ul");
    const here = strip && strip.querySelector("[aria-current]");
    if (here) strip.scrollLeft = here.offsetLeft - strip.offsetLeft - 48;
  });

  /* What htmx has put in place is said in words, and a summary of errors is come to. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const news = event.target.matches("[data-announce]") ? event.target : event.target.querySelector("[data-announce]");
    if (news) lth.say(news.dataset.announce || news.textContent.trim());
    const summary = event.target.querySelector("[data-focus]");
    if (summary) summary.focus();
    const form = event.target.closest("form[data-unsaved]");
    if (form) lth.fields.mark(form);
  });

  /* One box that ticks all others of its table. */
  document.addEventListener("change", (event) => {
    const name = event.target.dataset.checkAll;
    if (!name) return;
    for (const box of document.getElementsByName(name)) {
      if (!box.disabled) box.checked = event.target.checked;
    }
  });

  /* Where the first button of a form is the harmless one, Enter goes on to the next field. */
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.key !== "Enter" || event.isComposing || !target.form || !target.matches("input")) return;
    if (!target.form.querySelector('button[name="look"][tabindex="-1"]')) return;
    if (target.matches('[type="submit"], [type="button"], [type="file"]')) return;
    event.preventDefault();
    const own = [...target.form.elements].filter(
      (one) => one.matches("input:not([type=hidden]), select, textarea, button:not([tabindex='-1'])")
        && !one.disabled && one.getClientRects().length);
    const next = own[own.indexOf(target) + 1];
    if (next) next.focus();
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
})();
