/* The monthly book on a telephone: kept there as it is typed, sent when there is a connection.

   Under "lth:book:CLUB:MONTH" stands {fields: {NAME: {text, mark}}, send, confirmed}: what the
   server does not have yet, each with the mark of what the page showed when it was typed. By the
   mark the server knows a save that it has already, and a figure that somebody else has changed. */
(() => {
  "use strict";
  const state = document.getElementById("state");
  if (!state) return;
  const form = document.getElementById("book");
  const words = document.getElementById("book-words").dataset;
  const { club, token, base, worker } = state.dataset;
  const month = state.dataset.this || "";
  const corrects = "corrects" in state.dataset;
  const isSent = "sent" in state.dataset;
  const KEPT = `lth:book:${club}:`;
  const PATIENCE = 15_000, PAUSE = 900, SOONEST = 3_000, LATEST = 30_000; /* milliseconds */

  const word = (name, values = {}) => (words[name] || "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  const element = (tag, text, className) => {
    const one = document.createElement(tag);
    if (text) one.textContent = text;
    if (className) one.className = className;
    return one;
  };
  const button = (label, press, kind = "secondary") => {
    const one = element("button", label, `btn btn-${kind}`);
    one.type = "button";
    one.addEventListener("click", press);
    return one;
  };

  /* --- Kept on the telephone --- */
  const NOTHING = () => ({ fields: {} });
  let holds = true; /* whether this browser keeps anything */
  const read = (of) => {
    try { return JSON.parse(localStorage.getItem(KEPT + of)) || NOTHING(); } catch { return NOTHING(); }
  };
  const write = (of, entry) => {
    try {
      if (Object.keys(entry.fields).length || entry.send) localStorage.setItem(KEPT + of, JSON.stringify(entry));
      else localStorage.removeItem(KEPT + of);
      holds = true;
    } catch { holds = false; }
  };
  const pending = () => {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(KEPT)).map((key) => key.slice(KEPT.length)).sort();
    } catch { return []; }
  };
  const count = (of) => Object.keys(read(of).fields).length;

  /* --- What is said --- */
  const icons = (name) => {
    const use = document.querySelector("svg use").getAttribute("href").split("#")[0];
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const one = document.createElementNS("http://www.w3.org/2000/svg", "use");
    one.setAttribute("href", `${use}#${name}`);
    svg.append(one);
    return svg;
  };
  const say = (text, tone = "good", more = []) => {
    const marks = { good: "check", waiting: "clock", wrong: "warning" };
    const now = `${tone}|${text}`;
    if (state.dataset.now === now && !more.length) return;
    state.dataset.now = now;
    for (const name of Object.keys(marks)) state.classList.toggle(`is-${name}`, name === tone);
    state.replaceChildren(...(text ? [icons(marks[tone]), element("span", text), ...more] : []));
  };

  /* --- Fields of the month's form --- */
  const named = (name) => form.querySelectorAll(`[name="${name}"]`);
  const box = (name) => form.querySelector(`[data-figure="${name}"]`);
  const said = (name) => document.getElementById(`said-${name}`);
  const mark = (name) => named(`${name}:was`)[0];
  const names = () => [...form.querySelectorAll("[data-figure]")].map((one) => one.dataset.figure);
  const ticked = () => [...named("areas")].filter((one) => one.checked).map((one) => one.value).sort();
  const text = (name) => (name === "areas" ? ticked().join(",") : named(name)[0].value);
  const put = (name, value) => {
    if (name !== "areas") { named(name)[0].value = value; return; }
    const codes = Array.isArray(value) ? value : value.split(",");
    for (const one of named("areas")) one.checked = codes.includes(one.value);
  };
  const shown = new Map(); /* name → what the server has, as its box holds it */

  const keep = (name) => {
    const entry = read(month);
    if (text(name) === shown.get(name)) delete entry.fields[name];
    else entry.fields[name] = { text: text(name), mark: entry.fields[name]?.mark ?? mark(name).value };
    write(month, entry);
    paint(name, entry);
  };
  const paint = (name, entry = read(month)) => box(name).classList.toggle("is-kept", name in entry.fields);

  const tell = (name, { error, doubts = [], conflict }) => {
    const place = said(name);
    const lines = [];
    if (error) { const line = element("p", "", "error"); line.append(icons("error"), element("span", error)); lines.push(line); }
    if (conflict) lines.push(...choice(name, conflict));
    for (const one of doubts) { const line = element("p", "", "caution"); line.append(icons("warning"), element("span", one)); lines.push(line); }
    place.replaceChildren(...lines);
    box(name).classList.toggle("has-error", Boolean(error));
    const field = named(name)[0];
    if (error) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
  };
  /* Two have written the same figure: both are shown, and somebody chooses. */
  const choice = (name, conflict) => {
    const line = element("p", "", "caution");
    line.append(icons("warning"), element("span", conflict.text));
    const there = Array.isArray(conflict.there) ? "" : conflict.there;
    const short = name !== "areas" && name !== "difficulties";
    const theirs = short ? word("theirs", { value: there || word("nothing") }) : word("theirsText");
    const row = element("div", "", "buttons");
    const decide = (mine) => () => {
      const entry = read(month);
      if (mine && entry.fields[name]) entry.fields[name].mark = mark(name).value;
      else { delete entry.fields[name]; put(name, conflict.there); }
      write(month, entry);
      paint(name, entry);
      tell(name, {});
      flush();
    };
    row.append(button(theirs, decide(false)), button(word("mine"), decide(true)));
    return [line, row];
  };

  /* --- Sending --- */
  let busy = false, again = false, wait = SOONEST, timer = 0;
  const later = (ms) => { clearTimeout(timer); timer = setTimeout(flush, ms); };

  const post = async (of, entry, version) => {
    const data = new URLSearchParams({ csrf_token: token, seen: version });
    for (const [name, one] of Object.entries(entry.fields)) {
      data.append(`${name}:was`, one.mark);
      if (name !== "areas") { data.append(name, one.text); continue; }
      data.append("boxes", "areas");
      for (const code of one.text.split(",").filter(Boolean)) data.append("areas", code);
    }
    if (entry.send) data.append("do", "send");
    if (entry.confirmed) data.append("confirmed", "1");
    return ask(base + of, { method: "POST", body: data });
  };
  const ask = async (url, options = {}) => {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(url, {
        ...options, credentials: "same-origin", redirect: "error", cache: "no-store", signal: stop.signal,
        headers: { "LTH-Book": "1", Accept: "application/json" },
      });
      const isJson = (answer.headers.get("Content-Type") || "").includes("json");
      if (!isJson && answer.status < 500) return { code: answer.status, body: null };
      if (!isJson) throw new Error(`answer ${answer.status}`);
      return { code: answer.status, body: await answer.json() };
    } finally { clearTimeout(late); }
  };

  /* The server has it: what has been typed since is kept on. */
  const settle = (of, sent, body) => {
    const entry = read(of);
    for (const [name, one] of Object.entries(sent.fields)) {
      const now = entry.fields[name];
      if (!now || name in body.errors || name in body.conflicts) continue;
      if (now.text === one.text) delete entry.fields[name];
      else now.mark = body.marks[name];
    }
    if (sent.send && body.state === "asks") { delete entry.send; delete entry.confirmed; }
    if (body.state === "refused") { delete entry.send; delete entry.confirmed; }
    if (sent.send && body.sent && body.state === "saved") { delete entry.send; delete entry.confirmed; }
    write(of, entry);
    return entry;
  };

  const show = (body, entry) => {
    if (!form || corrects) return;
    form.elements.seen.value = body.version;
    for (const name of names()) {
      const value = name === "areas" ? [...body.values.areas].sort().join(",") : body.values[name];
      const isMine = name in entry.fields;
      shown.set(name, value);
      mark(name).value = body.marks[name];
      const isTyping = document.activeElement === named(name)[0] && name !== "areas";
      if (!isMine && text(name) !== value && !isTyping) put(name, value);
      tell(name, { error: isMine ? body.errors[name] : "", doubts: body.doubts[name], conflict: body.conflicts[name] });
      paint(name, entry);
    }
    const left = document.getElementById("left");
    if (left) left.textContent = body.empty ? word("empty", { count: body.empty }) : word("full");
  };

  /* A field that needs somebody may be on the other screen. */
  const wayTo = (found) => button(word("go"), () => {
    const name = names().find((one) => one in found);
    if (!name) return;
    step(box(name).closest(".book-screen").id);
    named(name)[0].focus();
    box(name).scrollIntoView({ block: "center" });
  });
  const link = () => {
    const one = element("a", word("openSent"));
    one.href = base + month;
    return one;
  };
  const result = (of, sent, body) => {
    const entry = settle(of, sent, body);
    if (of !== month) return Object.keys(body.errors).length || Object.keys(body.conflicts).length || body.state === "refused" ? "stuck" : "done";
    show(body, entry);
    if (sent.send && body.sent && body.state === "saved") { location.assign(`${base}${month}?done=sent`); return "done"; }
    if (body.state === "asks") pauseWith(body);
    else if (body.state === "refused") say(body.said, "wrong", body.sent ? [link()] : []);
    else if (body.sent) say(word("elsewhere"), "waiting", [link()]);
    else if (Object.keys(body.conflicts).length) say(word("other"), "wrong", [wayTo(body.conflicts)]);
    else if (Object.keys(body.errors).length) say(word("refused"), "wrong", [wayTo(body.errors)]);
    else say(body.said);
    return body.state === "refused" ? "stuck" : "done";
  };

  const offline = () => {
    const entry = month ? read(month) : NOTHING();
    if (entry.send && !entry.confirmed) { entry.confirmed = true; write(month, entry); }
    const waits = pending().reduce((sum, of) => sum + count(of), 0);
    if (!holds) say(word("noStore"), "wrong");
    else if (entry.send) say(word("offlineSend"), "waiting");
    else if (!month && waits) say(word("waiting", { count: waits }), "waiting");
    else say(word("offline"), "waiting");
    later(wait);
    wait = Math.min(wait * 2, LATEST);
  };

  /* One month after the other; the month of the page first. Returns whether all has been told. */
  const flushAll = async () => {
    const months = pending().filter((of) => !(of === month && (corrects || isSent)));
    const stuck = [];
    let arrived = 0;
    for (const of of [month, ...months.filter((one) => one !== month)].filter((one) => months.includes(one))) {
      const sent = read(of);
      if (of === month) say(word("saving"));
      const { code, body } = await post(of, sent, of === month && form ? form.elements.seen.value : "0");
      if (!body) { if (code === 404) stuck.push(of); continue; }
      if (body.state === "out") { say(body.said, "wrong"); return; }
      if (body.state === "token") { say(word("offline"), "wrong"); return; }
      if (result(of, sent, body) === "stuck") stuck.push(of); else arrived += 1;
    }
    mind(stuck, arrived);
  };
  const mind = (stuck, arrived) => {
    if (!month) {
      if (stuck.length) say(word("stuck", { month: stuck.map((of) => of.split("-").reverse().join("/")).join(", ") }), "wrong");
      else if (arrived) { say(word("arrived")); setTimeout(() => location.reload(), 1200); }
      else if (state.dataset.now) say("");
    }
    dots();
  };

  const flush = async () => {
    clearTimeout(timer);
    if (busy) { again = true; return; }
    busy = true;
    try {
      const due = pending().some((of) => !(of === month && (corrects || isSent)));
      if (due) await flushAll();
      else if (state.classList.contains("is-waiting")) await refresh();
      wait = SOONEST;
    } catch { offline(); }
    busy = false;
    if (again) { again = false; later(0); }
  };

  /* What is on the page may be old: it was kept, or another telephone has written since. */
  const refresh = async () => {
    if (!month || !form || corrects) { if (!month) say(""); return; }
    const { body } = await ask(base + month);
    if (!body) return;
    if (body.state === "out") { say(body.said, "wrong"); return; }
    if (body.sent) { location.reload(); return; }
    show({ ...body, conflicts: {} }, read(month));
    say(body.said);
  };

  /* --- Handing in --- */
  const pauseWith = (body) => {
    const place = document.getElementById("pause-place");
    const notice = element("div", "", "notice notice-warning");
    notice.tabIndex = -1;
    const list = element("ul");
    if (body.empty) list.append(element("li", word("empty", { count: body.empty })));
    for (const one of body.pause) list.append(element("li", one));
    notice.append(icons("warning"), list);
    place.replaceChildren(notice);
    const send = form.querySelector(".book-send");
    send.textContent = word("really");
    send.dataset.confirmed = "1";
    say(body.said);
    notice.focus();
  };

  /* --- The months' list --- */
  const dots = () => {
    for (const one of document.querySelectorAll("[data-month]")) {
      const note = one.querySelector(".book-pending");
      if (note) note.hidden = !pending().includes(one.dataset.month);
    }
  };

  /* --- Two screens --- */
  const screens = form ? [...form.querySelectorAll(".book-screen")] : [];
  const step = (id, { jump = false } = {}) => {
    const here = screens.find((one) => one.id === id) || screens[0];
    const last = here === screens[screens.length - 1];
    for (const one of screens) one.hidden = one !== here;
    for (const one of document.querySelectorAll(".book-steps a")) {
      if (one.hash === `#${here.id}`) one.setAttribute("aria-current", "step"); else one.removeAttribute("aria-current");
    }
    for (const one of document.querySelectorAll(".book-next")) one.hidden = last;
    for (const one of document.querySelectorAll(".book-send, #left")) one.hidden = !last;
    if (jump) { const top = document.querySelector(".book-steps"); top.scrollIntoView(); here.querySelector("input, textarea").focus({ preventScroll: true }); }
  };
  const stepped = () => {
    form.classList.add("is-stepped");
    const wrong = form.querySelector(".has-error");
    step(wrong ? wrong.closest(".book-screen").id : location.hash.slice(1));
    document.addEventListener("click", (event) => {
      const link = event.target.closest(".book-steps a, .book-next");
      if (!link) return;
      event.preventDefault();
      history.replaceState(null, "", link.hash);
      step(link.hash.slice(1), { jump: true });
    });
  };

  /* --- Begin --- */
  const listen = () => {
    let due = 0;
    const typed = (event) => {
      const one = event.target.closest("[data-figure]");
      if (!one) return;
      keep(one.dataset.figure);
      if (!holds) say(word("noStore"), "wrong");
      clearTimeout(due);
      due = setTimeout(flush, PAUSE);
    };
    form.addEventListener("input", typed);
    form.addEventListener("change", () => { clearTimeout(due); flush(); });
    form.addEventListener("submit", (event) => {
      if (!holds) return; /* the browser sends it itself */
      event.preventDefault();
      names().forEach(keep);
      const { submitter } = event;
      const entry = read(month);
      if (submitter && submitter.value === "send") {
        entry.send = true;
        if (submitter.dataset.confirmed || form.elements.confirmed) entry.confirmed = true;
      }
      write(month, entry);
      if (entry.send || Object.keys(entry.fields).length) flush();
      else refresh().catch(offline);
    });
  };

  /* The page as the server wrote it, with what this telephone still keeps on top. */
  const overlay = () => {
    for (const name of names()) shown.set(name, text(name));
    const entry = read(month);
    for (const [name, one] of Object.entries(entry.fields)) {
      if (!box(name)) continue;
      put(name, one.text);
      if (!corrects) paint(name, entry);
    }
    return Object.keys(entry.fields).length;
  };

  const forget = () => button(word("drop"), () => { write(month, NOTHING()); location.reload(); }, "quiet");
  if (form && corrects) {
    if (overlay()) say(word("filled"), "waiting");
  } else if (form) {
    overlay();
    listen();
  } else if (isSent) {
    const just = new URLSearchParams(location.search).get("done") === "corrected";
    if (just) write(month, NOTHING());
    const entry = read(month);
    if (entry.send) { delete entry.send; delete entry.confirmed; write(month, entry); }
    if (count(month)) say(word("keptSent"), "waiting", [forget()]);
  }
  if (screens.length) stepped();
  dots();

  addEventListener("online", () => { wait = SOONEST; flush(); });
  addEventListener("offline", () => { if (form && !corrects) offline(); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") { wait = SOONEST; flush(); }
  });
  if (form && !corrects && !navigator.onLine) offline();
  else if (pending().length) flush();
  else if (form && !corrects && navigator.serviceWorker?.controller) refresh().catch(offline);

  const files = () => {
    const linked = [...document.querySelectorAll("link[href], script[src]")].map((one) => one.href || one.src);
    const drawn = [...document.querySelectorAll("svg use")].map((one) => new URL(one.getAttribute("href").split("#")[0], location.href).href);
    return [...new Set([...linked, ...drawn])].filter((one) => one.includes("/static/"));
  };
  if (worker && "serviceWorker" in navigator) {
    navigator.serviceWorker.register(worker, { scope: base }).then(() => navigator.serviceWorker.ready).then((at) => {
      const beside = [...document.querySelectorAll("a[data-keep]")].map((one) => one.href);
      const own = location.origin + location.pathname;
      at.active.postMessage({ pages: [own, new URL(base, location.href).href, ...beside], files: files() });
      state.dataset.worker = "ready";
    }).catch(() => undefined);
  }
})();
