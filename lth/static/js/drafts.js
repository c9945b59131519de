/* What is typed is kept in this browser until the server has it, and offered when one comes back.

   Under "lth:draft:PERSON:ADDRESS" stands {at, fields: {"FORM|FIELD": {value, base, at, label}}}.
   Nobody but that person is offered it; it is forgotten when they sign out, and after two weeks.
   A browser that keeps nothing loses only this. */
lth.drafts = (() => {
  "use strict";
  const KEPT = "lth:draft:", OUT = "lth:out:";
  const OLDEST = 14 * 24 * 3600 * 1000;
  const LONGEST = 200_000; /* characters of one field */
  const { fields } = lth;
  let silenced = false;    /* signed out in another window: nothing more is kept from this one */
  const open = new Set();  /* keys that are offered and not yet decided */

  const store = (work) => { try { return work(window.localStorage); } catch { return null; } };
  const place = () => `${KEPT}${lth.person}:${location.pathname}`;
  const read = (key) => store((at) => JSON.parse(at.getItem(key))) || { fields: {} };
  const keys = (start) => store((at) => Object.keys(at).filter((key) => key.startsWith(start))) || [];
  const remove = (key) => store((at) => at.removeItem(key));

  const write = (key, entry) => {
    if (!Object.keys(entry.fields).length) return remove(key);
    const text = JSON.stringify({ ...entry, at: Date.now() });
    const put = () => store((at) => { at.setItem(key, text); return true; });
    if (put()) return null;
    const others = keys(KEPT).filter((one) => one !== key).sort((a, b) => read(a).at - read(b).at);
    return others.some((one) => { remove(one); return put(); });
  };

  const tidy = () => {
    for (const key of keys(KEPT)) {
      if (!(Date.now() - read(key).at < OLDEST)) remove(key);
    }
    for (const key of keys(OUT)) {
      const person = key.slice(OUT.length);
      if (!lth.person) keys(`${KEPT}${person}:`).forEach(remove);
      if (!lth.person || lth.person === person) remove(key);
    }
  };

  /* --- Keeping --- */
  const key = (form, el) => `${fields.formKey(form)}|${fields.fieldKey(el)}`;

  const keep = (form) => {
    if (silenced || !lth.person || !form.isConnected) return;
    const entry = read(place());
    for (const el of fields.fieldsOf(form)) {
      const name = key(form, el);
      const value = fields.value(el);
      if (fields.isChanged(el) && value.length <= LONGEST) {
        const { at } = entry.fields[name]?.value === value ? entry.fields[name] : { at: Date.now() };
        entry.fields[name] = { value, base: fields.base(el), at, label: fields.label(el) };
        open.delete(name);
      } else if (!open.has(name)) {
        delete entry.fields[name];
      }
    }
    write(place(), entry);
  };
  const waiting = new Map();
  const flush = () => { for (const form of [...waiting.keys()]) { clearTimeout(waiting.get(form)); waiting.delete(form); keep(form); } };
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !fields.isWatched(form)) return;
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => { waiting.delete(form); keep(form); }, 300));
  });
  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", flush);

  /* The server has it: what was sent is forgotten, what was typed since is not. */
  const saved = (formKey, sent) => {
    const entry = read(place());
    for (const [name, [value]] of sent) {
      const at = `${formKey}|${name}`;
      if (entry.fields[at]?.value === value && !open.has(at)) delete entry.fields[at];
    }
    write(place(), entry);
  };
  /* For scripts that save by themselves: form.dispatchEvent(new CustomEvent("lth:saved", {bubbles: true})). */
  document.addEventListener("lth:saved", (event) => {
    const form = event.target.closest("form");
    if (form) keep(form);
  });

  /* --- Offering --- */
  const when = (at) => {
    const then = new Date(at);
    const two = (number) => String(number).padStart(2, "0");
    const time = `${two(then.getHours())}:${two(then.getMinutes())}`;
    if (then.toDateString() === new Date().toDateString()) return time;
    const month = then.getMonth() + 1;
    return `${time} ${two(then.getDate())}/${month < 3 ? two(month) : month}/${then.getFullYear()}`;
  };
  const drop = (names) => {
    const entry = read(place());
    for (const name of names) { delete entry.fields[name]; open.delete(name); }
    write(place(), entry);
  };
  const fill = (el, value) => {
    fields.put(el, value);
    el.dispatchEvent(new Event("input", { bubbles: true }));
  };
  /* Long ones scroll, also by the keyboard. */
  const shownText = (text) => {
    const made = lth.element("dd", text || lth.word("empty"));
    made.tabIndex = 0;
    return made;
  };
  const both = (one) => {
    const list = lth.element("dl", "", "two-texts");
    const texts = [["there", fields.value(one.el)], ["here", one.value]];
    for (const [name, text] of texts) {
      list.append(lth.element("dt", lth.word(name)), shownText(text));
    }
    return list;
  };

  const offer = (form, found) => {
    const names = found.map((one) => one.name);
    const moved = found.filter((one) => one.base !== fields.base(one.el));
    const same = found.filter((one) => !moved.includes(one));
    const close = () => box.remove();
    const restore = () => {
      for (const one of same) { open.delete(one.name); fill(one.el, one.value); }
      if (moved.length) restoring.remove(); else close();
      lth.say(lth.word("restored"));
      (same[0]?.el || moved[0].el).focus();
    };
    const buttons = [[lth.word("drop"), () => { drop(names); close(); }, "quiet"]];
    if (same.length) buttons.unshift([lth.word("restore"), restore]);
    const title = lth.word("found", { when: when(Math.max(...found.map((one) => one.at))) });
    const box = lth.notice(form, { tone: "info", title: title, buttons, place: form.firstElementChild });
    const restoring = box.querySelector("button");
    box.classList.add("offer");
    const inside = box.lastElementChild;
    for (const one of moved) {
      const part = lth.element("div");
      part.append(lth.element("p", lth.word("moved", { field: fields.label(one.el) })), both(one));
      const mine = lth.element("button", lth.word("mine"), "btn btn-secondary");
      mine.type = "button";
      mine.addEventListener("click", () => {
        open.delete(one.name);
        fill(one.el, one.value);
        part.remove();
        if (!found.some((each) => open.has(each.name))) close();
        one.el.focus();
      });
      part.append(mine);
      inside.insertBefore(part, inside.lastElementChild);
    }
    for (let at = form.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
  };

  /* The field is gone, since the text may no longer be changed: it can still be copied. */
  const offerGone = (found) => {
    const main = document.getElementById("main");
    const title = lth.word("found", { when: when(Math.max(...found.map((one) => one.at))) });
    const buttons = [[lth.word("drop"), () => { drop(found.map((one) => one.name)); box.remove(); }, "quiet"]];
    const box = lth.notice(main, { tone: "info", title, texts: [lth.word("gone")], buttons, place: main.firstElementChild });
    box.classList.add("offer");
    const list = lth.element("dl", "", "two-texts");
    for (const one of found) list.append(lth.element("dt", one.label), shownText(one.value));
    box.lastElementChild.insertBefore(list, box.lastElementChild.lastElementChild);
  };

  const look = () => {
    if (!lth.person || silenced) return;
    if (document.querySelector("form[data-carries]")) return;
    document.querySelectorAll(".offer").forEach((one) => one.remove());
    const groups = new Map();
    const gone = [];
    for (const [name, kept] of Object.entries(read(place()).fields)) {
      const cut = name.lastIndexOf("|");
      const form = fields.formOf(name.slice(0, cut));
      const el = fields.fieldOf(form, name.slice(cut + 1));
      const one = { ...kept, name, el };
      if (!el || el.readOnly || el.disabled) gone.push(one);
      else if (fields.value(el) === kept.value) { if (!fields.isChanged(el)) drop([name]); }
      else groups.set(form, [...(groups.get(form) || []), one]);
      if (!el || fields.value(el) !== kept.value) open.add(name);
    }
    for (const [form, found] of groups) offer(form, found);
    if (gone.length) offerGone(gone);
  };

  lth.ready(() => { open.clear(); tidy(); look(); });
  /* A part that htmx has put in place may have taken an offer with it. */
  document.addEventListener("htmx:afterSettle", () => {
    if (open.size) look();
  });

  /* --- Signing out --- */
  /* The page is left once the answer is there; somebody who stays has not signed out. */
  let signingOut = false;
  const stays = () => { signingOut = false; };
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.native !== "sign-out") return;
    signingOut = true;
    setTimeout(stays, 60_000);
  });
  document.addEventListener("input", stays);
  addEventListener("pagehide", () => {
    if (signingOut) store((at) => at.setItem(OUT + lth.person, String(Date.now())));
  });
  addEventListener("storage", (event) => {
    if (event.key === OUT + lth.person && event.newValue) silenced = true;
  });
  const resume = () => {
    silenced = false;
    remove(OUT + lth.person);
    fields.watched().forEach(keep);
  };

  return { saved, keep, flush, resume };
})();
