/* The drafting page saves by itself, and its figures are moved through like those of a table.
   Without this file its one button saves the whole page. */
lth.ready(() => {
  "use strict";
  const form = document.getElementById("draft");
  const saver = document.getElementById("saver");
  if (!form || form.dataset.state || !form.querySelector("[data-item]")) return;
  form.dataset.state = "new";

  const PAUSE = 1500;
  const RETRY = 5000;
  const MOST_PATIENCE = 60000;
  const state = document.getElementById("save-state");
  const more = document.getElementById("save-more");
  const say = form.dataset;

  /* --- What is not saved yet --- */

  const isText = (el) => el.name && el.type !== "hidden" && el.type !== "submit" && el.name !== "add";
  const fields = (item) => [...item.querySelectorAll("input, select, textarea")].filter((el) => isText(el) && el.form === form);
  const standing = (el) => {
    if (el.type === "radio") return el.defaultChecked ? el.value : "";
    if (el.options) return ([...el.options].find((o) => o.defaultSelected) || el.options[0]).value;
    return el.defaultValue;
  };
  const typed = (el) => (el.type === "radio" ? (el.checked ? el.value : "") : el.value);
  const isDirty = (item) => fields(item).some((el) => typed(el) !== standing(el));
  const items = () => [...form.querySelectorAll("[data-item]")];
  const content = (item) => fields(item).map(typed).join("\n");

  /* What the server refused is sent again only when it was changed. */
  const refused = new WeakMap();
  const waiting = () => items().filter((item) => isDirty(item) && refused.get(item) !== content(item));

  const settle = (el, value) => {
    if (el.type === "radio") return;
    if (el.options) for (const option of el.options) option.defaultSelected = option.value === value;
    else el.defaultValue = value;
  };

  /* --- Saving: one request at a time, with all that waits --- */

  let timer = 0;
  let patience = RETRY;
  let sent = null;
  let again = false;
  let wanted = ""; /* a line to be added */
  let insert = ""; /* a section to have the budget's sums put in */

  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  const carried = () => [...form.querySelectorAll('input[type="hidden"]')].filter((el) => !el.closest("[data-item]"));

  const values = (list) => {
    const data = new FormData();
    for (const el of carried()) data.append(el.name, el.value);
    for (const item of list) {
      for (const el of item.querySelectorAll("input, select, textarea")) {
        if (el.form !== form || !el.name || el.type === "submit") continue;
        if (el.type === "radio" && !el.checked) continue;
        data.append(el.name, el.value);
      }
    }
    for (const box of document.querySelectorAll("[data-found]")) {
      if (box.firstElementChild) data.append("found", box.dataset.found);
    }
    if (wanted) data.append("add", wanted);
    if (insert) data.append("insert", insert);
    return data;
  };

  /* The one line that says how it stands; after a paste with the way back. */
  let back = null;
  const show = (text, ...besides) => {
    if (state.textContent !== text) state.textContent = text;
    more.replaceChildren(...besides, ...(back ? [back] : []));
  };
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-secondary btn-small";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  };

  function save() {
    clearTimeout(timer);
    if (!form.isConnected) return;
    if (sent) { again = true; return; }
    const list = waiting();
    if (insert) list.push(...items().filter((item) => item.dataset.item === insert && !list.includes(item)));
    if (!list.length && !wanted) return;
    again = false;
    sent = new Map(list.map((item) => [item, fields(item).map((el) => [el, typed(el)])]));
    form.dataset.state = "saving";
    show(state.textContent, say.saySaving, " ");
    htmx.ajax("POST", form.action, {source: saver, target: saver, swap: "none", values: values(list)}).catch(() => {}); /* told at htmx:afterRequest */
  }

  /* What no person has to do anything about is tried again after a while. */
  const failed = (byItself = true) => {
    form.dataset.state = "failed";
    show(say.sayFailed, button(say.sayRetry, () => save()));
    if (!byItself) return;
    later(patience);
    patience = Math.min(patience * 2, MOST_PATIENCE);
  };

  const done = (status, text) => {
    const was = sent;
    sent = null;
    const parts = parse(text);
    if (!parts.querySelector("#save-said")) { failed(); return; }
    patience = RETRY;
    form.dataset.state = status === 200 ? "saved" : "refused";
    show(parts.querySelector("#save-said").textContent);
    if (!parts.querySelector("#gaps")) {
      const link = parts.querySelector("#save-more");
      if (link) more.replaceChildren(...link.childNodes);
      for (const item of was.keys()) refused.set(item, content(item));
      return;
    }
    put(parts, was);
    remind();
    if (waiting().length || wanted) again ? save() : later(PAUSE);
  };

  /* What was refused before is still not saved, whatever was saved since. */
  const remind = () => {
    const wrong = items().find((item) => isDirty(item) && refused.get(item) === content(item));
    if (!wrong || form.dataset.state !== "saved") return;
    form.dataset.state = "refused";
    const link = document.createElement("a");
    link.href = `#${(wrong.querySelector(".input-number, textarea") || wrong).id}`;
    link.textContent = say.sayRefused;
    show(state.textContent, link);
  };

  const parse = (text) => {
    const box = document.createElement("template");
    if (!/<html/i.test(text)) box.innerHTML = text;
    return box.content;
  };

  /* Every piece goes where its id stands; never over a field, and what is open stays open. */
  const put = (parts, was) => {
    for (const piece of parts.querySelectorAll("[data-into]")) grow(piece);
    for (const piece of [...parts.children]) {
      const there = piece.id && document.getElementById(piece.id);
      if (!there || piece.id.startsWith("save-")) continue;
      if (there.contains(document.activeElement) && there.id === "gaps") continue;
      there.replaceWith(document.importNode(piece, true));
    }
    for (const [item, list] of was) keep(item, list);
    for (const text of parts.querySelectorAll("[data-text-for]")) {
      const field = document.getElementById(text.dataset.textFor);
      field.value = text.content.textContent;
      settle(field, field.value);
    }
    if (parts.querySelector("[data-into]")) wanted = "";
    insert = "";
    form.dispatchEvent(new Event("input", {bubbles: true}));
    form.dispatchEvent(new CustomEvent("lth:saved", {bubbles: true, detail: {items: [...was.keys()]}}));
  };

  const toggleInvalid = (el, wrong) => {
    if (wrong && el.type !== "radio") el.setAttribute("aria-invalid", "true");
    else el.removeAttribute("aria-invalid");
  };

  /* What was saved is no longer changed; a field that nobody is in shows it as it is written. */
  const keep = (item, list) => {
    const chose = list.find(([el, value]) => el.type === "radio" && value);
    const standing = item.querySelector("[data-result]");
    item.classList.toggle("has-error", Boolean(standing));
    for (const el of fields(item)) toggleInvalid(el, standing);
    if (standing) {
      refused.set(item, content(item));
      if (standing.dataset.result === "conflict" && item.tagName === "DETAILS") item.open = true;
      return;
    }
    refused.delete(item);
    const was = item.querySelector('[name$=":was"]');
    const written = was && item.matches(".target") ? was.value.split("|") : null;
    const order = [":comparator", ":value", ":second"];
    for (const [el, value] of list) {
      if (el.type === "radio") continue;
      settle(el, value);
      const at = order.findIndex((end) => el.name.endsWith(end));
      const mine = el.value === value && el !== document.activeElement;
      if (written && at >= 0 && (mine || (chose && chose[1] === "theirs"))) {
        el.value = written[at];
        settle(el, el.value);
      }
    }
  };

  /* A cell that was added, in its block. */
  const grow = (piece) => {
    const block = document.getElementById(piece.dataset.into);
    let first = null;
    for (const card of [...piece.children]) {
      const there = document.getElementById(card.id);
      if (there) { first = first || there; continue; }
      const made = document.importNode(card, true);
      block.append(made);
      first = first || made;
    }
    if (!first) return;
    first.closest("details").open = true;
    const field = first.querySelector(".input-number");
    if (field) field.focus();
    else first.scrollIntoView({block: "center"});
  };

  saver.addEventListener("htmx:beforeSwap", (event) => { event.detail.shouldSwap = false; });
  saver.addEventListener("lth:retry", () => save());
  saver.addEventListener("htmx:afterRequest", (event) => {
    const xhr = event.detail.xhr;
    if (xhr && [200, 409, 422].includes(xhr.status)) { done(xhr.status, xhr.responseText); return; }
    sent = null;
    failed(!xhr || xhr.status === 0 || xhr.status === 429 || xhr.status >= 500);
  });

  /* --- When --- */

  form.addEventListener("input", (event) => {
    if (!event.target.closest || !event.target.closest("[data-item]")) return;
    later(event.target.type === "radio" ? 0 : PAUSE);
  });
  form.addEventListener("change", () => { if (waiting().length) later(150); });
  form.addEventListener("focusout", () => { if (waiting().length) later(150); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  addEventListener("online", () => save());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const adds = event.submitter && event.submitter.dataset.adds;
    if (adds) add(document.getElementById(adds));
    if (event.submitter && event.submitter.name === "insert") insert = event.submitter.value;
    for (const item of items()) refused.delete(item);
    if (!sent) form.dataset.state = "saved";
    save();
  });

  const add = (select) => {
    if (!select.value) { select.focus(); return; }
    wanted = select.value;
    select.selectedOptions[0].remove();
    select.value = "";
  };

  /* --- Figures as in a table: up, down, Enter, a pasted range --- */

  const isCell = (el) => el.matches && el.matches(".target .input-number");
  const column = () => [...form.querySelectorAll(".target .input-number")].filter((el) => el.offsetParent && !el.name.endsWith(":second"));
  const step = (el, by) => {
    const all = column();
    const here = all.indexOf(el) < 0 ? all.indexOf(el.closest(".target").querySelector(".input-number")) : all.indexOf(el);
    const next = all[here + by];
    if (!next) return;
    next.focus();
    next.select();
  };
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (!isCell(event.target)) {
      if (event.key === "Enter" && event.target.matches("select[data-add]")) {
        event.preventDefault();
        document.querySelector(`[data-adds="${event.target.id}"]`).click();
      }
      return;
    }
    const by = {ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1}[event.key];
    if (!by) return;
    event.preventDefault();
    if (event.key === "Enter") later(0);
    step(event.target, by);
  });

  /* Labels on the left of a copied range tell which row is meant; else the rows follow each other. */
  const fold = (text) => text.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{N}%]+/gu, " ").trim();
  const isFigure = (text) => /\d/.test(text) && !/\p{L}{6,}/u.test(text);
  const range = (text) => text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((row) => row.split("\t").map((one) => one.trim()));

  const places = (rows, from) => {
    const all = column();
    const named = new Map(all.map((el) => [fold(el.getAttribute("aria-label")), el]));
    let next = all.indexOf(from);
    const found = [];
    for (const row of rows) {
      const label = row.map(fold).find((one) => named.has(one));
      const figures = row.filter((one) => isFigure(one) && !named.has(fold(one)));
      if (label) next = all.indexOf(named.get(label));
      else if (!figures.length && row.length > 1) continue;
      for (const figure of figures.length ? figures : [row[0]]) found.push([all[next++], figure]);
    }
    return found;
  };

  form.addEventListener("paste", (event) => {
    if (!isCell(event.target)) return;
    const text = event.clipboardData.getData("text/plain");
    const rows = range(text);
    if (rows.length < 2 && rows[0].length < 2) return;
    event.preventDefault();
    const found = places(rows, event.target);
    const before = [];
    for (const [el, figure] of found) {
      if (!el) continue;
      before.push([el, el.value]);
      el.value = figure;
      el.closest(".target").classList.add("is-pasted");
    }
    const over = found.length - before.length;
    const told = [say.sayPasted.replace("#", before.length)];
    if (over) told.push(say.sayUnread.replace("#", over));
    back = button(say.sayUndo, () => undo(before));
    show(told.join(" "));
    form.dispatchEvent(new Event("input", {bubbles: true}));
    later(300);
  });

  /* A table pasted into a text: a line a row, its cells parted by tabs, as the printed paper reads
     it. A browser's own text of it breaks a row where a cell has several paragraphs. */
  const line = (el) => el.textContent.replace(/\s+/g, " ").trim();

  const asText = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const tables = [...page.querySelectorAll("table")].filter((one) => !one.parentElement.closest("table"));
    if (!tables.length) return "";
    for (const el of page.querySelectorAll("td > *, td br, th > *, th br")) el.after(" ");
    for (const table of tables) {
      const rows = [...table.rows].map((row) => [...row.cells].map(line).join("\t"));
      const text = page.createElement("pre");
      text.textContent = `\n${rows.join("\n")}\n`;
      table.replaceWith(text);
    }
    for (const el of page.body.querySelectorAll("p, li, h1, h2, h3, h4, h5, h6")) el.textContent = `\n${line(el)}\n`;
    const lines = page.body.textContent.split("\n").map((one) => one.replace(/[^\S\t]+/g, " "));
    return lines.filter((one) => one.trim()).join("\n");
  };

  form.addEventListener("paste", (event) => {
    if (!event.target.matches("textarea[data-rows]")) return;
    const text = asText(event.clipboardData.getData("text/html"));
    if (!text) return;
    event.preventDefault();
    const el = event.target;
    el.setRangeText(text, el.selectionStart, el.selectionEnd, "end");
    el.dispatchEvent(new Event("input", {bubbles: true}));
  });

  const undo = (before) => {
    for (const [el, value] of before) {
      el.value = value;
      el.closest(".target").classList.remove("is-pasted");
    }
    back.remove();
    back = null;
    form.dispatchEvent(new Event("input", {bubbles: true}));
    later(0);
  };

  /* A link to a field opens what it is folded into. */
  const unfold = () => {
    const there = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!there || !form.contains(there)) return;
    for (let box = there.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    if (there.matches("input, textarea")) there.focus();
    else there.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  unfold();
  if (!state.textContent) state.textContent = say.sayTyping;
});
