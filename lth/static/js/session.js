/* Signing in again without leaving the page; the tokens and the role of all its forms follow. */
lth.session = (() => {
  "use strict";
  const again = new Map(); /* form → what waits to be sent from it */
  let putOff = false;      /* asked only when somebody presses something */
  const dialog = () => document.getElementById("sign-in-again");

  const who = async () => {
    const answer = await fetch(dialog().dataset.session, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) throw new Error(`session: ${answer.status}`);
    return answer.json();
  };
  const useToken = (token) => {
    const meta = document.querySelector('meta[name="csrf-token"]');
    if (meta) meta.content = token;
    for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = token;
  };
  const post = (url, data, token) => fetch(url, {
    method: "POST",
    headers: { "LTH-Form": "page" },
    body: new URLSearchParams({ ...data, csrf_token: token }),
  });

  /* Take over the session as it is now, if it is still this page's person. */
  const refresh = async () => {
    const now = await who();
    if (String(now.person ?? "") === lth.person) useToken(now.token);
    return now;
  };

  /* Signing in begins in the first role: go back to the one that this page was made for. Tells
     whether that is the person's still. */
  const takeRole = async (now) => {
    if (!lth.role || String(now.role ?? "") === lth.role) return true;
    const answer = await post(dialog().dataset.switch, { role: lth.role }, now.token);
    return Boolean(answer.headers.get("LTH-Location"));
  };

  const codeField = () => dialog().querySelector("[data-code]");
  const wrong = (text, tone = "error") => {
    const place = dialog().querySelector(".error-place");
    place.replaceChildren(...(text ? [lth.element("p", text, tone)] : []));
    if (text) dialog().querySelector(codeField().hidden ? '[name="password"]' : '[name="code"]').select();
  };
  /* The second step: the password was right, and a code is asked for. */
  const askCode = (asked) => {
    codeField().hidden = !asked;
    for (const name of ["email", "password"]) dialog().querySelector(`[name="${name}"]`).closest(".field").hidden = asked;
    dialog().querySelector('[name="code"]').value = "";
  };

  const submit = async (form) => {
    wrong("");
    const names = codeField().hidden ? ["email", "password"] : ["code"];
    const data = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
    const url = codeField().hidden ? form.getAttribute("action") : dialog().dataset.code;
    const before = await who();
    const answer = await post(url, data, before.token);
    if (!answer.headers.get("LTH-Location")) {
      if (answer.status !== 429) askCode(answer.headers.get("LTH-Notice") === "code");
      const text = lth.parse(await answer.text()).body.querySelector(".error-part p");
      wrong(text ? text.textContent : lth.word("failed", { code: answer.status }), answer.status === 401 ? "" : "error");
      return;
    }
    const now = await refresh();
    const waiting = [...again.values()];
    const own = String(now.person) === lth.person;
    if (own) {
      await takeRole(now);
      lth.drafts.resume();
    }
    putOff = false;
    close();
    for (const one of waiting) {
      if (own) one.retry(); else one.refuse(now);
    }
  };

  const close = () => {
    again.clear();
    const form = dialog().querySelector("form");
    form.elements.password.value = "";
    askCode(false);
    wrong("");
    dialog().close();
  };

  /* Ask for the password; `retry` is called when the same person has signed in, `refuse` with who
     it is when that is somebody else. Tells whether the dialog is there. */
  const ask = (form, { retry, refuse, pressed }) => {
    if (putOff && !pressed) return false;
    again.set(form, { retry, refuse });
    if (dialog().open) return true;
    dialog().showModal();
    const { email, password } = dialog().querySelector("form").elements;
    (email.value ? password : email).focus();
    return true;
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.closest("#sign-in-again")) return;
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    submit(form)
      .catch(() => wrong(lth.word("offline")))
      .finally(() => { delete form.dataset.sending; });
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#sign-in-again [data-close]")) return;
    putOff = true;
    close();
  });
  document.addEventListener("cancel", (event) => {
    if (event.target !== dialog()) return;
    putOff = true;
    again.clear();
  }, true);

  return { ask, refresh, takeRole };
})();
