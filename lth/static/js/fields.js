/* What has been typed and is not saved: which fields, how it is marked, and that leaving asks.

   A field's base is what the server has: its default, or after a refusal what stood there before. */
lth.fields = (() => {
  "use strict";
  const NEVER = new Set(["hidden", "submit", "button", "reset", "image", "password", "file"]);
  const TICKED = new Set(["checkbox", "radio"]);

  const isField = (el) => el.name && !NEVER.has(el.type) && el.matches("input, textarea, select")
    && el.autocomplete !== "one-time-code";
  const isText = (el) => isField(el) && !TICKED.has(el.type) && !el.options;
  const isTicked = (el) => TICKED.has(el.type);

  const firstChoice = (el) => Math.max([...el.options].findIndex((one) => one.defaultSelected), 0);
  const given = (el) => {
    if (isTicked(el)) return el.defaultChecked ? "1" : "";
    if (el.options) return (el.options[firstChoice(el)] || { value: "" }).value;
    return el.defaultValue;
  };
  const base = (el) => el.dataset.base ?? given(el);
  const value = (el) => (isTicked(el) ? (el.checked ? "1" : "") : el.value);
  const put = (el, text) => {
    if (isTicked(el)) el.checked = text === "1";
    else el.value = text;
  };
  const isChanged = (el) => value(el) !== base(el);

  /* Forms that change something and have something to type in; what is only ticked counts where
     the form says so. */
  const isWatched = (form) => Boolean(lth.person) && form.matches('form[method="post"]:not([data-native])')
    && (form.hasAttribute("data-unsaved") || [...form.elements].some(isText));
  const fieldsOf = (form) => [...form.elements].filter(form.hasAttribute("data-unsaved") ? isField : isText);
  const changedIn = (form) => fieldsOf(form).filter(isChanged);
  const watched = () => [...document.querySelectorAll('form[method="post"]')].filter(isWatched);

  /* The same form and field on a page that comes later. */
  const address = (form) => form.getAttribute("action") || location.pathname;
  const formKey = (form) => {
    const alike = [...document.querySelectorAll("form")].filter((one) => address(one) === address(form));
    return `${address(form)}#${alike.indexOf(form)}`;
  };
  const fieldKey = (el) => {
    const alike = [...el.form.elements].filter((one) => one.name === el.name && one.type === el.type);
    return `${el.name}~${isTicked(el) ? el.value : alike.indexOf(el)}`;
  };
  const formOf = (key) => [...document.querySelectorAll('form[method="post"]')].find((one) => formKey(one) === key);
  const fieldOf = (form, key) => form && fieldsOf(form).find((el) => fieldKey(el) === key);
  const label = (el) => {
    const named = el.getAttribute("aria-label") || (el.labels && el.labels[0] && el.labels[0].textContent) || el.name;
    return named.replace(/\s+/g, " ").trim();
  };

  /* What stands in a form, to compare with or to find again: key → [value, base]. */
  const snapshot = (form) => new Map(fieldsOf(form).map((el) => [fieldKey(el), [value(el), base(el)]]));

  const holder = (el) => el.closest(".target, .field");
  const mark = (form) => {
    const changed = changedIn(form);
    const holders = new Set(changed.map(holder));
    for (const el of form.elements) {
      const box = holder(el);
      if (box) box.classList.toggle("is-changed", holders.has(box));
    }
    for (const note of form.querySelectorAll("[data-unsaved-note]")) {
      note.textContent = changed.length ? `${changed.length} ${lth.word("unsaved")}` : "";
    }
  };

  /* Tell whether a field of an answer has what was typed: as it was, or as the server reads it or
     would have it instead (data-typed says of what). */
  const folded = (text) => text.normalize("NFC").replace(/\s+/g, " ").trim();
  const holds = (el, typed) => [value(el), el.dataset.typed ?? ""].some((one) => folded(one) === folded(typed));

  /* After an answer: what was refused is still not what the server has, and what was typed while
     the answer was on its way stands in the new form too. */
  const carry = (form, sent, { refused, later = new Map() }) => {
    for (const el of fieldsOf(form)) {
      const key = fieldKey(el);
      const [typed, before] = sent.get(key) || [];
      if (refused && typed !== undefined && typed !== before && holds(el, typed)) el.dataset.base = before;
      if (later.has(key)) put(el, later.get(key));
    }
    mark(form);
  };
  const since = (form, sent) => new Map(fieldsOf(form)
    .map((el) => [fieldKey(el), value(el)])
    .filter(([key, now]) => sent.has(key) && sent.get(key)[0] !== now));

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && isWatched(form)) mark(form);
  });

  /* Leaving is asked about, unless what is unsaved is just what is being sent. */
  const unsaved = (except) => watched().some((form) => form !== except && changedIn(form).length);
  addEventListener("beforeunload", (event) => {
    if (!lth.leaving && unsaved()) event.preventDefault();
  });

  return {
    isField, isText, isWatched, isChanged, fieldsOf, changedIn, watched, formKey, fieldKey, formOf,
    fieldOf, label, value, base, put, holds, snapshot, mark, carry, since, unsaved,
  };
})();
