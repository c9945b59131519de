"""Existing plans of communes, as texts and as Word files, for tests of taking items of them."""

from io import BytesIO

from docx import Document as WordDocument

HEAD = """ỦY BAN NHÂN DÂN
{unit_upper}
Số: {number}
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
{place}, ngày {day}
KẾ HOẠCH
Nhân rộng mô hình Câu lạc bộ Liên thế hệ tự giúp nhau {years} trên địa bàn {unit}
"""

BODY = """Căn cứ Quyết định số 1336/QĐ-TTg ngày 31/8/2020 của Thủ tướng Chính phủ phê duyệt Đề án \
Nhân rộng mô hình Câu lạc bộ Liên thế hệ tự giúp nhau giai đoạn đến năm 2025;
Ủy ban nhân dân {unit} ban hành kế hoạch như sau:
I. MỤC ĐÍCH, YÊU CẦU
Huy động người cao tuổi và cộng đồng cùng giúp nhau.
II. CHỈ TIÊU {years_upper}
- Thành lập mới ít nhất 3 câu lạc bộ.
- Mỗi câu lạc bộ có từ 50 đến 70 thành viên, trong đó 70% là người cao tuổi.
- 70% câu lạc bộ hoạt động đủ 8 mảng.
- Khoảng 40 người được chăm sóc tại nhà.
III. KINH PHÍ
Ngân sách xã: 30.000.000 đồng để tập huấn.
IV. TỔ CHỨC THỰC HIỆN
1. Công chức Văn hóa - Xã hội: Tham mưu tổ chức thực hiện kế hoạch, tổng hợp báo cáo.
2. Hội Người cao tuổi xã: Vận động thành lập câu lạc bộ.
Nơi nhận:
- UBND huyện;
- Lưu: VT.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
"""


def text(
    unit: str = "xã Tập Sơn", years: str = "năm 2021", place: str = "Tập Sơn", **more: str
) -> str:
    """Return a commune's plan of some years."""
    told = {"number": "15/KH-UBND", "day": "20 tháng 5 năm 2021"} | more
    return (HEAD + BODY).format(
        unit=unit,
        unit_upper=unit.upper(),
        years=years,
        years_upper=years.upper(),
        place=place,
        **told,
    )


def word(words: str) -> bytes:
    """Return a Word file with a paragraph for each line."""
    made = WordDocument()
    for line in words.splitlines():
        made.add_paragraph(line)
    out = BytesIO()
    made.save(out)
    return out.getvalue()
