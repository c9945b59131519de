"""What nobody types and attackers send: values of fields and arguments, and parts of addresses."""

from urllib.parse import urlencode

VALUES = (
    "a\x00b",
    "\ud800",
    str(2**31),
    str(2**63),
    str(2**64),
    "9" * 5000,
    "-1",
    "1e9",
    "١٢",
    "²",
    "0x10",
    "một\r\nhai\x0bba",
    "x\r\nSet-Cookie: a=b",
    "\u202eabc\u200b",
    "á" * 9000,
    "n" + "\u0335" * 400,
    "\ufeff\uffff\U000e0041",
    "//ai-do.example/\r\nX: y",
    "/\\ai-do.example",
    "' OR 1=1 --",
    "{{ 7 * 7 }}%(x)s%s",
    "2026-02-31",
    "31/02/2026",
    "../../etc/passwd",
    '["/x", [["a", "\\ud800"]], false]',
    "[" * 5000,
)
"""Of every kind one; a lone half of a character is sent as the bytes that stand for it."""

PARTS = (
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF",
    str(2**31),
    str(2**63),
    "9" * 5000,
    "-1",
    "%D9%A1",
    "%0D%0Ax",
    "%E2%80%AE",
    "x" * 3000,
)
"""What an argument of an address's path may be, written as a browser writes it."""

HEADERS = (
    {"Referer": "http://[", "Origin": "http://["},
    {"Referer": "//[::1", "LTH-Form": "1", "LTH-Person": "١"},
    {"Cookie": "remember_token=1|é; lth_session=\x80.x.y"},
    {"Host": "a b\\c", "Accept-Language": "\x80;q=x"},
    {"HX-Request": "true", "HX-Current-URL": "http://[", "Sec-Fetch-Site": "\x80"},
    {"Content-Type": "application/json"},
    {"Content-Type": "multipart/form-data; boundary=\x80"},
    {"X-CSRFToken": "\x80é"},
)


def encoded(value: str) -> bytes:
    """A value as bytes, halves of characters among them, which UTF-8 has no place for."""
    return value.encode("utf-8", "surrogatepass")


URLENCODED = "application/x-www-form-urlencoded"


def urlencoded(pairs: list[tuple[str, str]]) -> bytes:
    """Fields as the bytes that they are, whatever a library would make of them."""
    return urlencode([(encoded(name), encoded(value)) for name, value in pairs]).encode()
