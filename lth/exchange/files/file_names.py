"""Clean what a file is called: one plain name on every machine, with the extension that fits it."""

import re

from lth.core import clean_text
from lth.core.vietnamese import one_line

_LONGEST = 180
"""Bytes of a name in UTF-8 before its extension: file systems end at 255, archives put more on."""
_NAMELESS = "Tệp đính kèm"
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_KNOWN = frozenset(
    (
        *("pdf", "doc", "docx", "docm", "dot", "dotx", "dotm", "rtf", "odt", "ott", "txt"),
        *("xls", "xlsx", "xlsm", "xlsb", "xlt", "xltx", "xltm", "csv", "ods", "ots"),
        *("ppt", "pptx", "jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "bmp", "tif", "tiff"),
        *("heic", "heif", "svg", "svgz", "xml", "edxml", "htm", "html", "xhtml", "mht"),
        *("zip", "rar", "7z", "gz", "exe", "com", "scr", "bat", "cmd", "ps1", "vbs", "js", "jar"),
        *("msi", "lnk", "hta", "pif", "apk", "sh", "dll", "php", "asp", "aspx", "jsp", "p7s"),
    )
)
"""Extensions that are taken off a name: it gets the one of its content."""
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names of devices, which one system has in every folder."""


def fitting(name: str, extension: str) -> str:
    """Return a name without folders, hidden characters and other extensions, ending in its own.

    A name is cleaned and not refused: a machine has given it, and nobody can retype what they
    do not see.
    """
    seen = one_line(clean_text.visible(name)).replace("\\", "/")
    stem = _FORBIDDEN.sub(" ", seen.rpartition("/")[2])
    stem = one_line(stem).rstrip(". ")
    while "." in stem and (found := stem.rpartition("."))[2].lower() in _KNOWN:
        stem = found[0].rstrip(". ")
    stem = _shortened(stem)
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    return f"{stem or _NAMELESS}.{extension}"


def _shortened(stem: str) -> str:
    """Cut a name at a whole letter."""
    return stem.encode()[:_LONGEST].decode(errors="ignore").strip(". ")
