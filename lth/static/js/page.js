/* What the scripts of all pages share. Every page works without them.

   lth.ready(begin)     calls begin() when the page is there, and again when another is shown in it
   lth.word(name, …)    a text of templates/in_place.html, in the page's language
   lth.say(text)        has a screen reader say something
   lth.notice(…)        a notice beside a form
   lth.go(url)          leaves for another page, lth.show(page) shows one in this one's place */
window.lth = (() => {
  "use strict";
  const beginnings = [];
  let leaving = false;

  const word = (name, values = {}) => {
    const words = document.getElementById("words");
    const text = (words && words.dataset[name]) || "";
    return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  };

  const say = (text) => {
    const live = document.getElementById("live");
    if (!live) return;
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 60); /* after a beat, so that it is noticed */
  };

  const ready = (begin) => {
    beginnings.push(begin);
    if (document.readyState === "complete") begin();
  };
  const beginAll = () => beginnings.forEach((begin) => begin());
  document.addEventListener("DOMContentLoaded", beginAll);

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

  /* One notice for each form, above the button that was pressed; `place` says where else. */
  const notice = (form, { tone = "error", title, texts = [], link, buttons = [], place, focus }) => {
    unnotice(form);
    const box = document.getElementById(`notice-${tone}`).content.firstElementChild.cloneNode(true);
    box.classList.add("in-place");
    box.tabIndex = -1;
    const inside = box.lastElementChild;
    if (title) inside.append(element("strong", title));
    for (const text of texts.filter(Boolean)) inside.append(element("p", text));
    if (link) {
      const line = element("p");
      const anchor = element("a", link.label);
      anchor.href = link.url;
      line.append(anchor);
      inside.append(line);
    }
    const row = element("div", "", "buttons");
    row.append(...buttons.map(([label, press, kind]) => button(label, press, kind)));
    if (buttons.length) inside.append(row);
    if (place) place.before(box);
    else form.append(box);
    if (focus) box.focus();
    return box;
  };
  const unnotice = (form) => form.querySelectorAll(".in-place[role=alert]").forEach((one) => one.remove());

  /* Going somewhere else is no longer asked about once it is decided. */
  const go = (url) => {
    leaving = true;
    const to = new URL(url, location.href);
    const here = to.pathname === location.pathname && to.search === location.search;
    if (!here) return location.assign(to.href);
    history.replaceState(null, "", to.href);
    if (to.hash) history.scrollRestoration = "manual"; /* so that the anchor counts */
    return location.reload();
  };
  ready(() => { history.scrollRestoration = "auto"; });

  const parse = (html) => new DOMParser().parseFromString(html, "text/html");
  const isWhole = (html) => /<(!doctype|html|head|body)[\s>]/i.test(html);

  const show = (page) => {
    document.title = page.title;
    const token = page.querySelector('meta[name="csrf-token"]');
    if (token) document.querySelector('meta[name="csrf-token"]').content = token.content;
    for (const script of page.head.querySelectorAll("script[src]")) {
      const src = script.getAttribute("src");
      if ([...document.scripts].some((one) => one.getAttribute("src") === src)) continue;
      const missing = element("script");
      missing.src = src;
      missing.async = false;
      document.head.append(missing);
    }
    for (const { name } of [...document.body.attributes]) document.body.removeAttribute(name);
    for (const { name, value } of page.body.attributes) document.body.setAttribute(name, value);
    document.body.replaceChildren(...page.body.childNodes);
    scrollTo(0, 0);
    if (window.htmx) htmx.process(document.body);
    beginAll();
  };

  return {
    word, say, ready, element, notice, unnotice, go, parse, isWhole, show,
    get leaving() { return leaving; },
    get person() { return document.body.dataset.person || ""; },
    get role() { return document.body.dataset.role || ""; },
  };
})();
