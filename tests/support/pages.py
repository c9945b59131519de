"""The page-quality gate: what every HTML page must be, whatever it shows."""

import re
from collections import Counter
from xml.etree import ElementTree

import html5lib

XHTML = "{http://www.w3.org/1999/xhtml}"
LABELLED = {"input", "select", "textarea"}
UNLABELLED_TYPES = {"hidden", "submit", "button", "reset"}
LANDMARKS = {"section": "region", "nav": "navigation", "aside": "complementary"}
CODE = re.compile(r"\bV[0-9]{2}\b")
VIETNAMESE_LEFT = re.compile(r"%\([a-z_]+\)[sd]")

ANYBODYS = re.compile(r"/papers/[0-9A-Z-]+$")
"""Where forms go that need neither account nor cookie: nothing is changed by them."""


def check_page(html: str) -> None:
    """Fail with every fault of a page: validity, language, headings, labels, ids, inline code."""
    faults = list(_faults(html))
    assert not faults, "\n".join(faults)


def check_words(html: str) -> None:
    """Fail where a check's code ("V03") stands among the words, not as small print."""
    tree = html5lib.HTMLParser(namespaceHTMLElements=True).parse(html)
    for element in tree.iter():
        small = "target-code" in (element.get("class") or "").split()
        said = [] if small or element.tag == XHTML + "script" else [element.text or ""]
        said += [child.tail or "" for child in element]
        assert not any(CODE.search(text) for text in said), f"a code among the words: {said}"


def _faults(html: str):
    parser = html5lib.HTMLParser(namespaceHTMLElements=True)
    tree = parser.parse(html)
    for (line, column), code, data in parser.errors:
        yield f"invalid HTML at {line}:{column}: {code} {data}"
    yield from _head(tree)
    yield from _headings(tree)
    yield from _ids(tree)
    yield from _landmarks(tree)
    yield from _labels(tree)
    yield from _inline(tree)
    yield from _posts(tree)
    if VIETNAMESE_LEFT.search(html):
        yield "a message was not filled in: " + VIETNAMESE_LEFT.search(html)[0]


def _all(tree: ElementTree.Element, *names: str) -> list[ElementTree.Element]:
    wanted = {XHTML + name for name in names}
    return [element for element in tree.iter() if element.tag in wanted]


def _name(element: ElementTree.Element) -> str:
    return str(element.tag).removeprefix(XHTML)


def _text(element: ElementTree.Element) -> str:
    return "".join(element.itertext()).strip()


def _head(tree):
    if tree.get("lang") not in {"vi", "en"}:
        yield f"html lang is {tree.get('lang')!r}"
    titles = [_text(one) for one in _all(tree, "title") if _text(one)]
    if not titles:
        yield "no title"
    elif titles[0].startswith("–"):
        yield f"the title says nothing of the page: {titles[0]}"


def _headings(tree):
    headings = _all(tree, "h1", "h2", "h3", "h4")
    firsts = [one for one in headings if _name(one) == "h1"]
    if len(firsts) != 1:
        yield f"{len(firsts)} h1"
    yield from (f"empty {_name(one)}" for one in headings if not _text(one))
    level = 0
    for heading in headings:
        now = int(_name(heading)[1])
        if level and now > level + 1:
            yield f"h{level} is followed by h{now}: {_text(heading)}"
        level = now


def _ids(tree):
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    yield from (f"id {one!r} stands {n} times" for one, n in Counter(ids).items() if n > 1)
    known = set(ids)
    for element in tree.iter():
        for attribute in ("aria-describedby", "aria-labelledby", "for"):
            for one in (element.get(attribute) or "").split():
                if one not in known:
                    yield f"{attribute}={one!r} on {_name(element)} points nowhere"
        href = element.get("href") or ""
        if href.startswith("#") and len(href) > 1 and href[1:] not in known:
            yield f"link {href!r} points nowhere"


def _landmarks(tree):
    """Two regions of one name cannot be told apart in a screen reader's list of them."""
    texts = {one.get("id"): _text(one) for one in tree.iter() if one.get("id")}
    names = Counter()
    for one in tree.iter():
        role = one.get("role") or LANDMARKS.get(_name(one))
        if role not in LANDMARKS.values():
            continue
        named_by = texts.get(one.get("aria-labelledby") or "", "")
        if name := one.get("aria-label") or named_by:
            names[role, name] += 1
    yield from (f"{n} {role}s are called {name!r}" for (role, name), n in names.items() if n > 1)


def _labels(tree):
    labelled = {one.get("for") for one in _all(tree, "label")}
    wrapped = {control for label in _all(tree, "label") for control in label.iter()}
    for control in _all(tree, *LABELLED):
        if control.get("type") in UNLABELLED_TYPES:
            continue
        if control.get("aria-label") or control.get("aria-labelledby"):
            continue
        if control.get("id") not in labelled and control not in wrapped:
            yield f"{_name(control)} {control.get('name')!r} has no label"
    for element in _all(tree, "a", "button", "summary"):
        if not (_text(element) or element.get("aria-label")):
            yield f"{_name(element)} without words: {element.attrib}"
    yield from (
        f"image without alt: {one.get('src')}"
        for one in _all(tree, "img")
        if one.get("alt") is None
    )


def _inline(tree):
    for element in tree.iter():
        if element.get("style") is not None:
            yield f"inline style on {_name(element)}"
        yield from (
            f"{name} on {_name(element)}" for name in element.attrib if name.startswith("on")
        )
    yield from (f"inline style: {_text(one)[:40]}" for one in _all(tree, "style"))
    yield from (
        f"inline script: {_text(one)[:40]}" for one in _all(tree, "script") if not one.get("src")
    )
    for element in tree.iter():
        for attribute in ("src", "href", "action"):
            value = element.get(attribute) or ""
            if value.startswith(("http:", "https:", "//", "javascript:")):
                yield f"{attribute} leaves the house: {value}"


def _posts(tree):
    (body,) = _all(tree, "body")
    is_out = "is-out" in (body.get("class") or "")
    for form in _all(tree, "form"):
        if (form.get("method") or "get").lower() == "post":
            if not form.get("action"):
                yield "POST form without an address: shown in another page's place it goes there"
            names = {control.get("name") for control in _all(form, "input")}
            if "csrf_token" not in names and not ANYBODYS.match(form.get("action") or ""):
                yield f"POST form without a CSRF token: {form.get('action')}"
            if "as_role" not in names and not is_out:
                yield f"POST form that does not say its role: {form.get('action')}"
