/* Sends forms so that the page stays until the answer is there, and says at the form what became
   of it. Whatever the answer, what was typed is where it was typed.

   A form of a whole page is sent by fetch; a form with hx-post by htmx. Forms with data-native are
   the browser's own. data-save: the form only saves what is typed in it, and twice does no harm,
   so that it is sent again by itself when the server answers again. */
(() => {
  "use strict";
  const { fields, drafts, session } = lth;
  const TOO_LONG = 90_000; /* milliseconds without an answer */
  const MAYBE_ROLE = new Set([403, 404]); /* what another role is answered where this one is not */
  const DELAYS = [5, 10, 20, 40, 60]; /* seconds between tries of a save */

  /* --- Notices --- */
  const spot = (form, button) => {
    const row = button && button.closest(".buttons, .act-bar");
    return row && form.contains(row) ? row : null;
  };
  const tell = (sending, { kept = true, buttons, texts = [], ...rest }) => {
    const { form, button, pressed, retry } = sending;
    fields.mark(form);
    lth.notice(form, {
      ...rest,
      texts: kept ? [...texts, lth.word("kept")] : texts,
      buttons: buttons || [[lth.word("again"), retry]],
      place: spot(form, button),
      focus: pressed,
    });
    form.dispatchEvent(new CustomEvent("lth:answered", { bubbles: true }));
  };

  const otherPerson = (sending, name) => tell(sending, {
    title: lth.word("otherTitle"),
    texts: [lth.word("other", { mine: document.body.dataset.personName, other: name || lth.word("somebody") })],
    buttons: [[lth.word("signIn"), () => askWho({ ...sending, pressed: true })]],
  });
  const askWho = (sending) => session.ask(sending.form, {
    retry: sending.retry,
    refuse: (now) => otherPerson(sending, now.name),
    pressed: sending.pressed,
  });
  const signedOut = (sending) => {
    const asked = askWho(sending);
    tell({ ...sending, pressed: sending.pressed && !asked }, {
      tone: "warning",
      title: lth.word("outTitle"),
      texts: [lth.word("out")],
      buttons: [[lth.word("signIn"), () => askWho({ ...sending, pressed: true })]],
    });
  };
  const otherRole = (sending, html = "") => tell(sending, {
    title: lth.word("roleTitle"),
    texts: said(html)?.texts || [lth.word("role")],
    buttons: [[lth.word("roleAgain"), async () => {
      try {
        if (await session.takeRole(await session.refresh())) sending.retry();
        else tell(sending, { title: lth.word("roleTitle"), texts: [lth.word("roleOver")], buttons: [] });
      } catch { offline(sending); }
    }]],
  });

  /* --- No answer --- */
  const trying = new Map();
  const forget = (form) => {
    clearTimeout(trying.get(form)?.timer);
    trying.delete(form);
  };
  const tryLater = (sending) => {
    const { form } = sending;
    const turn = (trying.get(form)?.turn ?? -1) + 1;
    const quietly = () => { if (form.isConnected) sending.retry({ quietly: true }); };
    const timer = setTimeout(quietly, DELAYS[Math.min(turn, DELAYS.length - 1)] * 1000);
    clearTimeout(trying.get(form)?.timer);
    trying.set(form, { timer, turn, quietly });
  };
  addEventListener("online", () => { for (const one of [...trying.values()]) one.quietly(); });

  const offline = (sending) => {
    const saves = sending.form.hasAttribute("data-save");
    tell(sending, {
      kept: false,
      title: lth.word("offlineTitle"),
      texts: [lth.word(saves ? "offlineSave" : "offline")],
    });
    if (saves) tryLater(sending);
  };

  /* --- Answers that are no success --- */
  const said = (html) => {
    const part = lth.parse(html).querySelector(".error-part");
    if (!part) return null;
    const link = part.querySelector("a");
    return {
      title: part.querySelector("strong").textContent,
      texts: [part.querySelector("p").textContent],
      link: link && { label: link.textContent, url: link.getAttribute("href") },
    };
  };
  const ownWords = (code) => {
    if (code === 413) return { title: lth.word("largeTitle"), texts: [lth.word("large")] };
    if (code === 429 || code >= 502) return { title: lth.word("busyTitle"), texts: [lth.word("busy")] };
    return { title: lth.word("failedTitle"), texts: [lth.word("failed", { code })] };
  };
  /* Of a page that would lose what was typed: what it says, and the way to it. */
  const overtaken = (html, code) => {
    const alerts = [...lth.parse(html).querySelectorAll("main [role=alert]")];
    const said = alerts.flatMap((one) => (one.matches(".summary") ? [...one.querySelectorAll("li")] : [one]));
    const texts = said.map((one) => one.textContent.replace(/\s+/g, " ").trim()).filter(Boolean);
    return {
      title: lth.word(code === 422 ? "failedTitle" : "changedTitle"),
      texts: texts.length ? texts : [lth.word("changed")],
    };
  };

  const refused = async (sending, { code, header, html }) => {
    const person = header("LTH-Person");
    const role = header("LTH-Role");
    if (person && person !== lth.person) return otherPerson(sending, (await whoNow()).name);
    if (code === 401) return signedOut(sending);
    if (header("LTH-Notice") === "role") return otherRole(sending, html);
    if (MAYBE_ROLE.has(code) && role && role !== lth.role) return otherRole(sending);
    if (code === 400 && person && !sending.renewed) return renew(sending, html);
    return tell(sending, said(html) || ownWords(code));
  };
  const whoNow = () => session.refresh().catch(() => ({}));

  /* The same person has signed in again elsewhere: the form is good with a new token. */
  const renew = async (sending, html) => {
    const now = await whoNow();
    if (String(now.person ?? "") !== lth.person) return tell(sending, said(html) || ownWords(400));
    if (lth.role && String(now.role ?? "") !== lth.role) return otherRole(sending);
    return sending.retry({ renewed: true });
  };

  /* Tell whether something typed would be lost if a page or part stood in the place of the form. */
  const loses = (form, sent, tree) => {
    if ([...form.elements].some((el) => el.type === "file" && el.value)) return true;
    const there = [...tree.querySelectorAll("input, textarea, select")].filter(fields.isField);
    return fields.fieldsOf(form).some((el) => {
      const [typed, before] = sent.get(fields.fieldKey(el)) || [];
      if (!fields.isText(el) || typed === undefined || typed === before || !typed.trim()) return false;
      return !there.some((one) => one.name === el.name && fields.holds(one, typed));
    });
  };

  /* --- A form of a whole page --- */
  const body = (form, button) => {
    const data = new FormData(form);
    if (button && button.name) data.append(button.name, button.value);
    return form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
  };
  const target = (form, button) =>
    (button && button.getAttribute("formaction")) || form.getAttribute("action") || location.href;

  const send = async (form, button, { renewed = false, quietly = false } = {}) => {
    if (form.dataset.sending) return;
    if (!quietly && fields.unsaved(form) && !confirm(lth.word("leave"))) return;
    const retry = (how) => send(form, button, how);
    const sending = { form, button, retry, renewed, pressed: !quietly };
    drafts.flush();
    const sent = fields.snapshot(form);
    const key = fields.formKey(form);
    form.dataset.sending = "1";
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(target(form, button), {
        method: "POST",
        body: body(form, button),
        headers: { "LTH-Form": "page", "LTH-Person": lth.person, Accept: "text/html" },
        signal: AbortSignal.timeout ? AbortSignal.timeout(TOO_LONG) : undefined,
      });
      const html = await answer.text();
      release(form);
      await arrive(sending, answer, html, sent, key);
    } catch (error) {
      release(form);
      if (error instanceof TypeError || error.name === "TimeoutError" || error.name === "AbortError") offline(sending);
      else throw error;
    }
  };
  const release = (form) => {
    delete form.dataset.sending;
    form.removeAttribute("aria-busy");
  };

  /* A confirmation (data-carries) carries what was typed in the form before it: that is kept in the
     browser until it is confirmed, and stands in the form again where one goes back to it. */
  let carried = null;

  /* A form without an address is sent to the one of its page, which is not this window's. */
  const settle = (page, url) => {
    const { pathname, search } = new URL(url);
    if (pathname === location.pathname) return;
    for (const form of page.querySelectorAll('form[method="post"]:not([action])')) form.setAttribute("action", pathname + search);
  };

  const arrive = async (sending, answer, html, sent, key) => {
    const { form } = sending;
    const code = answer.status;
    const to = answer.headers.get("LTH-Location");
    forget(form);
    if (to) {
      drafts.saved(key, sent);
      if (carried) drafts.saved(carried.key, carried.sent);
      lth.go(to);
      return;
    }
    const mayStand = lth.isWhole(html) && !answer.headers.get("LTH-Notice") && (answer.ok || code === 409 || code === 422);
    if (!mayStand) {
      await refused(sending, { code, html, header: (name) => answer.headers.get(name) });
      return;
    }
    const page = lth.parse(html);
    if (!answer.ok && loses(form, sent, page)) {
      const now = { label: lth.word("now"), url: answer.url };
      tell(sending, { ...overtaken(html, code), link: code === 409 ? now : null });
      return;
    }
    settle(page, answer.url);
    lth.show(page);
    if (document.querySelector("form[data-carries]")) {
      carried = carried || { key, sent };
    } else {
      const typed = carried || { key, sent };
      carried = null;
      const next = fields.formOf(typed.key);
      if (next) fields.carry(next, typed.sent, { refused: true });
      if (!next || answer.ok && !fields.changedIn(next).length) drafts.saved(typed.key, typed.sent);
      else drafts.keep(next);
    }
    document.dispatchEvent(new CustomEvent("lth:answered"));
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !lth.person) return;
    if (!form.matches('form[method="post"]:not([data-native])') || (window.htmx && form.hasAttribute("hx-post"))) return;
    event.preventDefault();
    send(form, event.submitter);
  });
  /* A second press of a button of the browser's own forms does nothing for a moment. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 2000);
  });

  /* --- A part, by htmx --- */
  const requests = new WeakMap(); /* xhr → what is being sent */
  const begun = (config, elt) => {
    const form = elt.closest("form") || elt;
    const event = config.triggeringEvent;
    const byScript = !event;
    const submits = !byScript && event.type === "submit";
    const button = (event && event.submitter) || null;
    const retry = ({ renewed = false } = {}) => {
      form.lthRenewed = renewed;
      if (byScript) elt.dispatchEvent(new CustomEvent("lth:retry", { bubbles: true }));
      else if (form.requestSubmit && submits) form.requestSubmit(button && button.isConnected ? button : undefined);
      else htmx.trigger(elt, event.type);
    };
    const isForm = form.matches("form");
    const renewed = Boolean(form.lthRenewed);
    delete form.lthRenewed;
    return {
      form, button, retry, renewed, byScript, pressed: submits,
      sent: isForm ? fields.snapshot(form) : new Map(),
      key: isForm ? fields.formKey(form) : "",
    };
  };

  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token) event.detail.headers["X-CSRFToken"] = token.content;
    event.detail.headers["LTH-Person"] = lth.person;
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    drafts.flush();
    requests.set(event.detail.xhr, begun(event.detail.requestConfig, event.detail.elt));
  });

  /* A script that sends by itself, with htmx.ajax, says all but this by itself; on "lth:retry" it
     sends again. */
  const isAboutPerson = (xhr) => {
    const [person, role] = ["LTH-Person", "LTH-Role"].map((name) => xhr.getResponseHeader(name));
    return xhr.status === 401 || (person && person !== lth.person)
      || xhr.getResponseHeader("LTH-Notice") === "role"
      || (MAYBE_ROLE.has(xhr.status) && role && role !== lth.role)
      || (xhr.status === 400 && xhr.getResponseHeader("LTH-Notice"));
  };

  /* Parts take the place of parts only: never a page, never what loses something typed. */
  const mayStand = (detail, sending) => {
    const { xhr } = detail;
    if (sending.byScript && !isAboutPerson(xhr)) return true;
    const picks = detail.requestConfig.elt.closest("[hx-select], [hx-select-oob]");
    if (xhr.getResponseHeader("LTH-Notice")) return false;
    if (lth.isWhole(xhr.responseText) && (!picks || xhr.status >= 400)) return false;
    if (xhr.status < 400) return true;
    if (!detail.shouldSwap || !sending.key) return detail.shouldSwap;
    return !loses(sending.form, sending.sent, lth.parse(xhr.responseText));
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    const { xhr } = detail;
    const sending = requests.get(xhr) || begun(detail.requestConfig, detail.requestConfig.elt);
    forget(sending.form);
    if (!mayStand(detail, sending)) {
      detail.shouldSwap = false;
      detail.isError = false;
      const header = (name) => xhr.getResponseHeader(name);
      refused(sending, { code: xhr.status, html: xhr.responseText, header });
      return;
    }
    if (sending.byScript && xhr.status >= 400) return;
    detail.isError = false;
    lth.unnotice(sending.form);
    if (!sending.key) return;
    if (sending.byScript) return;
    sending.refused = xhr.status >= 400;
    sending.later = fields.since(sending.form, sending.sent);
    if (!sending.refused && sending.pressed) drafts.saved(sending.key, sending.sent);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const sending = requests.get(event.detail.xhr);
    if (!sending || !sending.key || sending.later === undefined) return;
    const next = fields.formOf(sending.key);
    if (!next || next === sending.form) return;
    fields.carry(next, sending.sent, sending);
    if (sending.later.size) drafts.keep(next);
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      const { detail } = event;
      const sending = requests.get(detail.xhr) || begun(detail.requestConfig, detail.elt);
      if (!sending.byScript) offline(sending);
    });
  }
})();
