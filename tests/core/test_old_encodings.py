"""Texts of TCVN3 and VNI fonts: every letter read, nothing else taken for them."""

import unicodedata

import pytest

from lth.core.old_encodings import TCVN3, VNI, Encoding, converted, guess, of_font

TONED = "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
PLAIN = "ăâêôơưđ"


def test_each_letter_has_its_sign():
    assert sorted(TCVN3.values()) == sorted(TONED + PLAIN + PLAIN.upper())
    assert len(VNI) == 134
    assert {*VNI.values()} == {*TONED, *PLAIN, *TONED.upper(), *PLAIN.upper()}


@pytest.mark.parametrize("table, encoding", [(TCVN3, Encoding.TCVN3), (VNI, Encoding.VNI)])
def test_every_letter_comes_back_inside_a_word(table, encoding):
    for signs, letter in table.items():
        assert converted(f"t{signs}ng", encoding) == f"t{letter}ng"
        assert unicodedata.is_normalized("NFC", converted(signs, encoding))


@pytest.mark.parametrize(
    "encoding, old, meant",
    [
        (
            Encoding.TCVN3,
            "Céng hoµ x· héi chñ nghÜa ViÖt Nam",
            "Cộng hoà xã hội chủ nghĩa Việt Nam",
        ),
        (Encoding.TCVN3, "§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
        (Encoding.TCVN3, "ng\u00adêi cao tuæi", "người cao tuổi"),
        (Encoding.TCVN3, "Sè c©u l¹c bé thµnh lËp míi: 03", "Số câu lạc bộ thành lập mới: 03"),
        (Encoding.TCVN3, "KÕ HO¹CH A\u00b3 \u00a5\u00b0", "Kế HOạCH Á Ờ"),
        (Encoding.TCVN3_UPPER, "ñy ban nh©n d©n tØnh", "ỦY BAN NHÂN DÂN TỈNH"),
        (Encoding.VNI, "UÛY BAN NHAÂN DAÂN", "ỦY BAN NHÂN DÂN"),
        (
            Encoding.VNI,
            "Coäng hoaø xaõ hoäi chuû nghóa Vieät Nam",
            "Cộng hoà xã hội chủ nghĩa Việt Nam",
        ),
        (
            Encoding.VNI,
            "ngöôøi cao tuoåi, ñöôïc, nöõ, kyõ, myõ, kî",
            "người cao tuổi, được, nữ, kỹ, mỹ, kỵ",
        ),
        (Encoding.VNI, "Aâm lòch", "Âm lịch"),
    ],
)
def test_real_phrases(encoding, old, meant):
    assert converted(old, encoding) == meant


def test_what_is_unicode_already_stays():
    for encoding in Encoding:
        assert converted("Nhóm Việt é", encoding) == "Nhóm Việt é"
        assert converted("Số 12/KH-UBND, 64,75 %", encoding) == "Số 12/KH-UBND, 64,75 %"


@pytest.mark.parametrize(
    "font, encoding",
    [
        (".VnTime", Encoding.TCVN3),
        (".VnTimeH", Encoding.TCVN3_UPPER),
        (".VNARIALH", Encoding.TCVN3_UPPER),
        (".VnTime,Bold", Encoding.TCVN3),
        (".VnTimeH Bold Italic", Encoding.TCVN3_UPPER),
        ("ABCDEF+.VnTimeH", Encoding.TCVN3_UPPER),
        ("ABCDEF+#2EVnTime-Bold", Encoding.TCVN3),
        ("VNI-Times", Encoding.VNI),
        ("ABCDEF+VNI-Times,Bold", Encoding.VNI),
        ("Times New Roman", None),
        ("VNtimes", None),
        ("Vnimation", None),
        ("", None),
    ],
)
def test_a_font_says_it(font, encoding):
    assert of_font(font) is encoding


@pytest.mark.parametrize(
    "text, encoding",
    [
        ("Céng hoµ x· héi chñ nghÜa ViÖt Nam", Encoding.TCVN3),
        ("Sè c©u l¹c bé; ng\u00adêi cao tuæi", Encoding.TCVN3),
        ("UÛY BAN NHAÂN DAÂN", Encoding.VNI),
        ("Soá caâu laïc boä thaønh laäp môùi", Encoding.VNI),
        ("Toång soá thaønh vieân 3.444, tyû leä nöõ 70 %", Encoding.VNI),
    ],
)
def test_content_suggests(text, encoding):
    assert guess(text) is encoding


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Plan 2026: 3,444 clubs",
        "Kế hoạch nhân rộng mô hình câu lạc bộ liên thế hệ",
        "Ke\u0302\u0301 hoa\u0323ch",
        "hai xã có 5 ban, thì là, hoà, toàn, trò, khoá",
        "ba xã: Tân, Hoà, Thái; công tác y tá; nhóm cá thể, cô giáo, bà già",
        "Le café où il a bientôt goûté, une forêt, très tôt, déjà, même, français, août, à côté",
        "L’Île-de-France : hôtel, naïveté, Noël, cœur, été, thé, né, clé",
        "A naïve café façade, résumé, 5 µm, 20 µm, 35 °C, © 2026, ½ cup, §1, ±2, Microsoft®",
        "España, año, mañana, niño, ¿qué?, corazón, Überprüfung für schöne Grüße, Straße, Tür",
        "Český, São Paulo, coração, não, Malmö, Åse, København",
    ],
)
def test_nothing_else_is_taken_for_it(text):
    assert guess(text) is None
