"""Names of the files that people take away: in letters that every system keeps, and as one writes.

RFC 6266: `filename` for the old, `filename*` (RFC 5987) with every Vietnamese letter.
"""

import re
from urllib.parse import quote

from lth.core.clean_text import visible
from lth.core.vietnamese import search_key

LONGEST = 80
"""Characters of a file's name before its ending."""

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


def plain(title: str, ending: str) -> str:
    """Return "ke-hoach-nam-2026-xa-tap-son.pdf"."""
    words = _NOT_PLAIN.sub("-", search_key(title)).strip("-")
    return f"{words[:LONGEST].rstrip('-') or 'van-ban'}.{ending}"


def written(title: str, ending: str) -> str:
    """Return "Kế hoạch năm 2026 xã Tập Sơn.pdf", without what no file's name may have."""
    words = " ".join(_FORBIDDEN.sub(" ", visible(title)).split()).strip(". ")
    return f"{words[:LONGEST].rstrip('. ') or 'Văn bản'}.{ending}"


def disposition(title: str, ending: str) -> str:
    """Return the header Content-Disposition of a file to be kept."""
    both = quote(written(title, ending), safe="")
    return f"attachment; filename=\"{plain(title, ending)}\"; filename*=UTF-8''{both}"
