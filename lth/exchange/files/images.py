"""Make an image fit to be kept: upright, of a sensible size, and with nothing in it but the image.

A photograph from a phone says where and when it was taken and by which device; none of it stays,
because the image is written anew from its points alone. Called apart, by its name.
"""

import base64
import io

from PIL import Image, ImageOps

from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message

LONGEST_SIDE = 2000
"""Points. A page of A4 that fills it is read at 170 points an inch."""

_MOST_POINTS = {"JPEG": 120_000_000, "PNG": 40_000_000, "WEBP": 40_000_000}
"""Points that an image may have; one in JPEG is made smaller while it is unpacked."""
_FORMS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
_SAVED: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 85, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 85, "method": 4},
}
_PLAIN = {"JPEG": ("RGB", "L"), "PNG": ("RGB", "RGBA", "L", "LA"), "WEBP": ("RGB", "RGBA")}

_BROKEN = N_("Ảnh này bị hỏng hoặc tải lên chưa trọn vẹn. Hãy mở ảnh, lưu lại rồi gửi lại.")
_TOO_LARGE = N_("Ảnh này quá lớn (%(width)s × %(height)s điểm ảnh). Hãy thu nhỏ ảnh rồi gửi lại.")


def tidied(data: bytes, extension: str) -> str:
    """Return the image in Base64, in the form it had.

    Raises BlockedError for one that is broken, or that has too many points.
    """
    form = _FORMS[extension]
    Image.MAX_IMAGE_PIXELS = None  # measured here, by the form
    try:
        with Image.open(io.BytesIO(data), formats=(form,)) as image:
            _measure(image, form)
            return base64.b64encode(_written(_small(image), form)).decode("ascii")
    except (OSError, SyntaxError, ValueError, EOFError, ArithmeticError) as error:
        raise BlockedError(Message(_BROKEN)) from error


def _measure(image: Image.Image, form: str) -> None:
    width, height = image.size
    if width * height > _MOST_POINTS[form]:
        raise BlockedError(Message(_TOO_LARGE, {"width": width, "height": height}))


def _small(image: Image.Image) -> Image.Image:
    """Make an image upright and no longer on a side than it need be."""
    image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    return ImageOps.exif_transpose(image) or image


def _written(image: Image.Image, form: str) -> bytes:
    """Write the points, and of what was beside them nothing."""
    plain = image if image.mode in _PLAIN[form] else image.convert(_mode(image, form))
    plain.info = {}
    kept = io.BytesIO()
    plain.save(kept, form, **_SAVED[form])
    return kept.getvalue()


def _mode(image: Image.Image, form: str) -> str:
    return "RGBA" if form != "JPEG" and image.has_transparency_data else "RGB"
