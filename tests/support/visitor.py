"""A person at a browser, who does what people do and is stopped by any fault of a page.

Every page that a visitor comes to, and every part that htmx puts in place, is judged: by axe, by
what the browser's console says (breaches of the content security policy among it), by requests
that leave the house, by answers that nobody expected, and by whether it can be read at 360 px
without scrolling sideways.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    TimeoutError,
    expect,
)

AXE = Path(__file__).parents[1] / "browser" / "vendor" / "axe.min.js"
NARROW = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 900}

_RUN_AXE = """async (part) => {
  const found = await axe.run(part || document, {resultTypes: ["violations"]});
  return found.violations.map((one) =>
    `axe ${one.id}: ${one.help}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`);
}"""
_KINDS = """() => {
  const said = (one) => `${one.tagName}.${one.className.baseVal ?? one.className}`;
  const told = ["role", "aria-label", "aria-labelledby", "alt", "for", "type", "tabindex"];
  const kinds = [...document.querySelectorAll("body, body *")].map((one) =>
    `${said(one)}[${told.filter((name) => one.hasAttribute(name)).join()}]`);
  return [...new Set(kinds)];
}"""
_SIDEWAYS = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.querySelectorAll("main *")].filter(
    (one) => one.getBoundingClientRect().right > root.clientWidth + 1);
  return [`scrolls sideways at ${root.clientWidth} px: ` +
    wide.slice(0, 4).map((one) => one.outerHTML.slice(0, 120)).join(" | ")];
}"""
_WAIT_FOR_ANSWER = """() => {
  const root = document.documentElement;
  root.setAttribute("data-sent", "");
  window.lthPart = "";
  const done = (event) => {
    root.removeAttribute("data-sent");
    window.lthPart = event.target.id ? `#${event.target.id}` : "";
  };
  for (const name of ["htmx:afterSettle", "lth:answered"]) {
    document.addEventListener(name, done, {once: true});
  }
}"""
_CHANGES_EVERY_TIME = re.compile(r'(csrf[-_]token"[^>]*(?:content|value)=")[^"]*')


class Judge:
    """Looks a page over, or the part that htmx has put into it.

    A page that it has found sound in this run it does not look at again; nor does it have axe, who
    takes seconds for a long form, look at one that is made of nothing but kinds of elements
    that axe has found sound elsewhere. Labels and ids are held on every page by
    `tests/pages`.
    """

    def __init__(self) -> None:
        self._axe = AXE.read_text(encoding="utf-8")
        self._sound: set[str] = set()
        self._kinds: set[str] = set()

    def faults(self, page: Page) -> list[str]:
        content = _CHANGES_EVERY_TIME.sub(r"\1", page.content())
        if content in self._sound:
            return []
        kinds = set(page.evaluate(_KINDS))
        found = _read_narrow(page)
        if not kinds <= self._kinds:
            found += self._ask_axe(page)
        if not found:
            self._sound.add(content)
            self._kinds |= kinds
        return found

    def _ask_axe(self, page: Page) -> list[str]:
        part = page.evaluate("window.lthPart")
        if not page.evaluate("Boolean(window.axe)"):
            page.evaluate(self._axe)
        return page.evaluate(_RUN_AXE, part)


def _read_narrow(page: Page) -> list[str]:
    """What sticks out when the page is as narrow as a telephone."""
    size = page.viewport_size
    page.set_viewport_size(NARROW)
    found = page.evaluate(_SIDEWAYS)
    page.set_viewport_size(size)
    return found


def named(name: str) -> re.Pattern[str]:
    """Exactly this name, but for a space before punctuation that only screen readers come to."""
    return re.compile("^" + re.sub(r"(\\?[:,])", r"\\s?\1", re.escape(name)) + "$")


class Visitor:
    """One browser window with cookies of its own. Names are what a screen reader says."""

    def __init__(self, context: BrowserContext, home: str, judge: Judge | None) -> None:
        context.set_default_timeout(15_000)
        self.page: Page = context.new_page()
        self.home = home
        self._judge = judge
        self._faults: list[str] = []
        self._refusals: list[int] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self._faults.append(f"script error: {error}"))
        self.page.on("response", self._answered)

    # --- Going places ---------------------------------------------------------------------

    def sign_in(self, who: str, unit: str) -> "Visitor":
        """Press an account of the list on the sign-in page, as the demo's visitors do."""
        self.page.goto(self.home)
        self.arrived()
        account = self.page.get_by_role("button", name=named(f"{who}, {unit}"))
        if not account.count():
            self.unfold("Các đơn vị khác")
        self._press(account)
        return self

    def follow(self, name: str, *, within: Locator | None = None) -> "Visitor":
        """Follow a link."""
        (within or self.page).get_by_role("link", name=named(name)).first.click()
        self.arrived()
        return self

    def press(self, name: str, *, within: Locator | None = None, refused: int = 0) -> "Visitor":
        """Press a button that sends something; ``refused`` is the code of an expected refusal."""
        button = (within or self.page).get_by_role("button", name=named(name))
        self._press(button.first, refused)
        return self

    def save_all(self, *, refused: int = 0) -> "Visitor":
        """Press the one button of the drafting page, which may have saved some by itself before."""
        button = self.page.get_by_role("button", name="Lưu tất cả")
        if self._judge is None:
            self._press(button, refused)
            return self
        button.click()
        state = '#draft:is([data-state="saved"], [data-state="refused"])'
        self.page.locator(state).wait_for(state="attached")
        self._refusals = sorted(set(self._refusals))
        self.arrived(refused)
        return self

    def change_role(self, label: str) -> "Visitor":
        """Change to another role of this person's, by its label, however much waits in it."""
        start = named(f"Chuyển vai: {label}").pattern.removesuffix("$")
        name = re.compile(start + r"(\s*\d.*)?$")
        self._press(self.page.get_by_role("button", name=name).first)
        return self

    def to_desk(self) -> "Visitor":
        return self.follow("Bàn làm việc", within=self.page.get_by_role("navigation").first)

    def reload(self) -> "Visitor":
        self.page.reload()
        self.arrived()
        return self

    # --- On a page ------------------------------------------------------------------------

    def fill(self, name: str, text: str, *, within: Locator | None = None) -> "Visitor":
        self._textbox(name, within).fill(text)
        return self

    def _textbox(self, name: str, within: Locator | None = None) -> Locator:
        """Find a field; one that is folded away under its name is unfolded."""
        found = (within or self.page).get_by_role("textbox", name=named(name))
        if not found.count():
            self.page.locator("details:not([open]) > summary", has_text=name).first.click()
        return found

    def choose(self, name: str) -> "Visitor":
        """Choose one of several."""
        self.page.get_by_role("radio", name=named(name)).check()
        return self

    def tick(self, name: str) -> "Visitor":
        self.page.get_by_role("checkbox", name=named(name)).check()
        return self

    def unfold(self, name: str, *, within: Locator | None = None) -> "Visitor":
        """Open what is folded away behind a few words."""
        (within or self.page).locator("summary", has_text=name).first.click()
        return self

    def part(self, name: str) -> Locator:
        """The sheet under a heading."""
        heading = self.page.get_by_role("heading", name=named(name))
        return self.page.locator("section, details", has=heading).last

    def row(self, name: str) -> Locator:
        """The row of a table that begins with a name."""
        whole = re.compile(rf"^\s*{re.escape(name)}(?![a-zà-ỹ])")
        header = self.page.locator("th").filter(has_text=whole)
        return self.page.get_by_role("row").filter(has=header).first

    def sees(self, *texts: str, within: Locator | None = None) -> "Visitor":
        """Each text stands on the page, where it can be seen."""
        for text in texts:
            found = (within or self.page.locator("body")).get_by_text(text)
            expect(found.filter(visible=True).first).to_be_visible()
        return self

    def misses(self, *texts: str, within: Locator | None = None) -> "Visitor":
        for text in texts:
            found = (within or self.page.locator("body")).get_by_text(text)
            expect(found.filter(visible=True)).to_have_count(0)
        return self

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self._textbox(name).input_value()

    def explain_all(self, text: str) -> "Visitor":
        """Answer each warning of the checks, from the drafting page and back to it."""
        self.follow("Xem kết quả kiểm tra")
        waiting = self.page.locator("details[open]", has=self.page.get_by_role("textbox"))
        while waiting.count():
            self.fill("Vì sao vẫn giữ nguyên", text, within=waiting.first)
            self.press("Lưu giải trình", within=waiting.first)
        return self.follow("Chỉ tiêu và thuyết minh")

    # --- How it is judged -----------------------------------------------------------------

    def arrived(self, refused: int = 0) -> None:
        """Wait until the page is there, and fail with everything that is wrong with it."""
        self.page.wait_for_load_state()
        faults, self._faults = self._faults, []
        codes, self._refusals = self._refusals, []
        if codes != ([refused] if refused else []):
            faults.append(f"answered {codes or 'well'}, expected {refused or 'no refusal'}")
        if self._judge is not None:
            faults += self._judge.faults(self.page)
        assert not faults, "\n".join([self.page.url, *faults])

    @contextmanager
    def sending(self, refused: int = 0) -> Iterator[None]:
        """Whatever is done within sends a form: wait for the answer, in a page or a part of it."""
        if self._judge is not None:
            self.page.evaluate(_WAIT_FOR_ANSWER)
            yield
            self._wait_for_answer()
        else:
            with self.page.expect_navigation():
                yield
        self.arrived(refused)

    def _wait_for_answer(self) -> None:
        try:
            self.page.locator("html:not([data-sent])").wait_for(state="attached")
        except TimeoutError:
            self._faults.append("no answer came")

    def _press(self, button: Locator, refused: int = 0) -> None:
        with self.sending(refused):
            button.click()

    def _hear(self, message: ConsoleMessage) -> None:
        """Keep what the console complains of; an answer with an error code is noted elsewhere."""
        known = message.text.startswith("Failed to load resource")
        if message.type in {"error", "warning"} and not known:
            self._faults.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        if not response.url.startswith((self.home, "data:")):
            self._faults.append(f"left the house: {response.url}")
        if response.status >= 400:
            self._refusals.append(response.status)
