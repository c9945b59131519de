"""Photographs come out upright, small, and say nothing of where they were taken."""

import base64
import io
import struct
import zlib

import pytest
from PIL import Image

from lth.core import apart
from lth.core.errors import BlockedError
from lth.exchange.files import images
from lth.exchange.files.intake import Intake
from lth.exchange.files.kinds import FileType
from tests.support import files

ROTATED, TAKEN_AT, MAKER, POSITION = 0x0112, 0x0132, 0x010F, 0x8825


def with_exif(orientation, size=(40, 30), form="JPEG"):
    exif = Image.Exif()
    exif[ROTATED] = orientation
    exif[TAKEN_AT] = "2026:11:23 09:00:00"
    exif[MAKER] = "May anh cua xa"
    exif.get_ifd(POSITION)[1] = "N"
    exif.get_ifd(POSITION)[2] = (10.0, 46.0, 12.0)
    return files.photograph(
        size, form, exif=exif, **({"comment": "bi mat"} if form == "JPEG" else {})
    )


def tidied(data, extension="jpg"):
    return base64.b64decode(images.tidied(data, extension))


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("orientation", "red"),
    [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1))],
)
def test_a_photograph_is_turned_upright(orientation, red):
    image = opened(tidied(with_exif(orientation))).convert("RGB")
    turned = orientation in {6, 8}
    assert image.size == ((30, 40) if turned else (40, 30))
    width, height = image.size
    corners = {
        (x, y): image.getpixel((5 + x * (width - 10), 5 + y * (height - 10)))
        for x in (0, 1)
        for y in (0, 1)
    }
    assert {at for at, (_, green, _) in corners.items() if green < 100} == {red}


@pytest.mark.parametrize(("form", "extension"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_nothing_but_the_image_is_left(form, extension):
    before = with_exif(1, form=form)
    assert b"May anh cua xa" in before
    after = tidied(before, extension)
    assert opened(after).format == form
    assert not opened(after).getexif()
    for said in (b"May anh", b"2026:11:23", b"bi mat", b"Exif", b"GPS"):
        assert said not in after


def test_what_hangs_behind_an_image_is_gone():
    assert b"<script>" not in tidied(files.photograph() + b"<script>alert(1)</script>")


@pytest.mark.parametrize("size", [(6000, 3000), (1500, 5000)])
def test_a_large_photograph_is_shrunk_in_proportion(size):
    image = opened(tidied(files.photograph(size)))
    assert max(image.size) == images.LONGEST_SIDE
    assert image.size[0] / image.size[1] == pytest.approx(size[0] / size[1], rel=0.01)


def test_a_small_one_keeps_its_size_and_see_through_parts():
    kept = io.BytesIO()
    Image.new("RGBA", (20, 10), (255, 0, 0, 0)).save(kept, "PNG")
    image = opened(tidied(kept.getvalue(), "png"))
    assert (image.size, image.mode, image.getpixel((3, 3))[3]) == ((20, 10), "RGBA", 0)


def png_that_says(width, height):
    """Make a few bytes that say they are an image of so many points."""

    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    points = zlib.compress(bytes(1_000_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", points) + chunk(b"IEND", b"")
    )


def test_a_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(BlockedError, match="30000 × 30000"):
        apart.call("lth.exchange.files.images:tidied", png_that_says(30_000, 30_000), "png")


@pytest.mark.parametrize("cut", [4, 200, 400])
def test_a_broken_image_is_refused_in_words(cut):
    with pytest.raises(BlockedError, match="bị hỏng"):
        images.tidied(files.photograph((300, 200))[:cut], "jpg")


def test_the_intake_keeps_the_image_and_not_the_photograph():
    taken = Intake().take(with_exif(6), "IMG_2026.jpeg")
    assert (taken.kind.type, taken.kind.name) == (FileType.JPEG, "IMG_2026.jpg")
    assert opened(taken.data).size == (30, 40)
    assert b"GPS" not in taken.data


def test_the_intake_measures_before_it_judges(monkeypatch):
    monkeypatch.setattr("lth.exchange.files.intake.LARGEST", 100)
    with pytest.raises(BlockedError, match="Tệp lớn quá"):
        Intake().take(bytes(101), "a.pdf")
