"""Files that a page gives to keep."""

from flask import Response, make_response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
ZIP = "application/zip"


def download(data: bytes, kind: str, name: str) -> Response:
    """Return the answer that gives a file to keep, under a name in ASCII."""
    response = make_response(data)
    response.mimetype = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
