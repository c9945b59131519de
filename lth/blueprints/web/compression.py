"""Pages compressed on their way out: a commune's line may be slow, and HTML is mostly repetition.

Nothing that an attacker writes stands in a page beside a secret they could then guess from its
length: the session cookie is SameSite=Lax, so no foreign site's request is signed in.
"""

import gzip

from flask import Flask, Response, request

SMALLEST = 1024
"""Bytes below which compressing is not worth the while."""

COMPRESSIBLE = frozenset(
    {
        "application/json",
        "image/svg+xml",
        "text/css",
        "text/html",
        "text/javascript",
    }
)


def register(app: Flask) -> None:
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    """Gzip what is text for a browser that takes it; a part of a file goes out as it is."""
    response.vary.add("Accept-Encoding")
    wanted = (
        response.status_code != 206
        and response.mimetype in COMPRESSIBLE
        and "gzip" in request.accept_encodings
        and "Content-Encoding" not in response.headers
        and (response.content_length or 0) >= SMALLEST
    )
    if wanted:
        response.direct_passthrough = False  # a static file, read once for a year's caching
        response.set_data(gzip.compress(response.get_data(), compresslevel=5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
