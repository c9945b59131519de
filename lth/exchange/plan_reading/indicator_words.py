"""The words by which an indicator is known, to be put together in expressions."""

CLUB = r"(?:câu\s+(?:lạc\s+)?bộ|clb\w*)"
OTHER_CLUBS = (
    r"(?:câu lạc bộ|clb) (?:thơ|dưỡng sinh|văn nghệ|văn hóa|thể thao|thể dục|sức khỏe|cờ|cây cảnh|"
    r"sinh vật cảnh|bóng|ông bà|hưu trí|dân ca|đờn ca|gia đình|phụ nữ|thanh niên|giúp bạn|"
    r"người cao tuổi|chăm sóc và phát huy)|loại hình câu lạc bộ"
)
"""Clubs of other sorts, of which a plan for the elderly speaks beside those of this programme."""
COMMUNE = r"(?:(?:đơn vị (?:hành chính )?cấp )?xã\b|phường|thị trấn|cơ sở\b|đặc khu)"
MEMBER = r"(?:thành viên|hội viên|người tham gia)"
OLDER = r"(?:người cao tuổi|nct|người già)"
WOMEN = r"(?:phụ nữ|nữ\b|nữ giới)"
YOUNG = (
    r"(?:người trẻ tuổi|người trẻ|trẻ tuổi|thanh niên|thanh,? thiếu niên|người dưới ¤|"
    r"(?<=thành viên )dưới ¤)"
)
POOR = r"(?:nghèo|khó khăn)"
ETHNIC = r"dân tộc"
FULL = (
    r"(?:(?:đủ|đầy đủ|tốt)\s+(?:cả\s+|tất cả\s+|các\s+)*(?:¤+|mảng|hoạt động|nội dung|"
    r"nhiệm vụ|lĩnh vực)"
    r"|(?:bảo|đảm) (?:đảm|bảo)? ?(?:các )?hoạt động và (?:được )?quản lý tốt|hoạt động (?:đủ|"
    r"đầy đủ)"
    r"|(?:bảo đảm|đảm bảo) các hoạt động)"
)
INCOME_FUND = r"(?:quỹ|vốn) (?:để )?(?:tăng thu nhập|ttn|quay vòng|sinh kế)"
TWO_FUNDS = (
    r"(?:tăng thu nhập (?:và|,) (?:có )?(?:quỹ )?hoạt động|quỹ hoạt động (?:và|,) (?:có )?(?:quỹ )?"
    r"(?:để )?tăng thu nhập|(?:hai|02|2|đủ các) (?:loại )?quỹ)"
)
DIGITAL = r"(?:chuyển đổi số|chuyên đổi số|chuyển đổi xanh|khởi nghiệp)"
LOAN = r"(?:vay vốn|vay từ|vay quỹ|tiếp cận (?:nguồn )?vốn)"
TRAINED = r"(?:tập huấn|bồi dưỡng|nâng cao (?:năng lực|nhận thức|kiến thức)|đào tạo)"
TOLD = r"(?:tuyên truyền|truyền thông|phổ biến|tiếp cận thông tin)"
FOUNDED = (
    r"(?:thành lập|xây dựng|nhân rộng|phát triển|ra mắt|lập) (?:\w+ ){0,3}?(?:mới|thêm)?|\bthêm\b"
)

PER_CLUB = rf"(?:mỗi|từng|/\s*1?|một) (?:một )?(?:mô hình )?{CLUB}|/\s*1?\s*{CLUB}|{CLUB} có không"
