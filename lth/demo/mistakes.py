"""Say what the demo's communes get wrong, what the level above says of it, and how they answer."""

from dataclasses import dataclass, replace

from lth.demo.contents import DemoTarget, of_commune
from lth.demo.figures import CommuneFigures, Values
from lth.models.person import Role

_MILLION = 1_000_000


@dataclass(frozen=True)
class Mistake:
    """Wrong figures of one commune; `remark` is pinned to the line of `indicator` by `role`."""

    code: str
    wrong: Values
    indicator: str
    role: Role
    remark: str
    reason: str
    answer: str

    def falsify(self, figures: CommuneFigures) -> CommuneFigures:
        """Return the commune's figures as it first writes them."""
        phases = {phase: {**values, **self.wrong} for phase, values in figures.phases.items()}
        return replace(figures, phases=phases)

    def mended(self, figures: CommuneFigures) -> list[DemoTarget]:
        """Return the lines as they should be, of what was wrong."""
        return [line for line in of_commune(figures) if line.code in self.wrong]


TOO_MANY_OLDER = Mistake(
    code="29503",  # Ngọc Biên
    wrong={"members_older": 153, "members_young": 54},
    indicator="members_older",
    role=Role.SPECIALIST,
    remark=(
        "153 người cao tuổi trên 207 thành viên là 73,91 %, vượt mức 60 % - 70 % của Quyết định số"
        " 1336/QĐ-TTg; phần người trẻ chỉ còn 26,09 %. Đề nghị rà soát lại danh sách."
    ),
    reason="Cơ cấu thành viên chưa đúng quy định: xem nhận xét tại chỉ tiêu người cao tuổi.",
    answer="Xã đã rà soát từng ấp, chuyển 18 người chưa đủ tuổi sang nhóm thành viên trẻ.",
)

TOO_MUCH_MONEY = Mistake(
    code="29509",  # Tân Hiệp
    wrong={"income_fund_balance": 750 * _MILLION},
    indicator="income_fund_balance",
    role=Role.FINANCE_APPRAISER,
    remark=(
        "Quỹ tăng thu nhập 750.000.000 đồng cho 03 câu lạc bộ, bình quân 250.000.000 đồng một câu"
        " lạc bộ, gấp khoảng mười lần các xã khác. Đề nghị kiểm tra lại và nêu rõ nguồn."
    ),
    reason="Đề nghị xã kiểm tra lại mức quỹ tăng thu nhập: xem nhận xét kèm theo.",
    answer="Xã ghi thừa một chữ số 0, đúng là 75.000.000 đồng.",
)

TOO_MANY_MEMBERS = Mistake(
    code="29269",  # Mỹ Cẩm
    wrong={"members_total": 269},
    indicator="members_total",
    role=Role.SPECIALIST,
    remark=(
        "03 câu lạc bộ mà 269 thành viên thì mỗi câu lạc bộ gần 90 người, vượt mức 50 - 70 người."
        " Đề nghị xã kiểm tra lại số thành viên."
    ),
    reason="Số thành viên chưa khớp với số câu lạc bộ, đề nghị xã sửa và trình lại.",
    answer="Xã gõ nhầm một chữ số, đã sửa theo danh sách đăng ký.",
)

TOO_FEW_VOLUNTEERS = Mistake(
    code="29488",  # Hàm Giang
    wrong={"volunteers": 12},
    indicator="volunteers",
    role=Role.SPECIALIST,
    remark=(
        "Xã Hàm Giang ghi 12 tình nguyện viên cho 03 câu lạc bộ, trong khi mỗi câu lạc bộ cần ít"
        " nhất 05 người. Đề nghị bổ sung."
    ),
    reason="Số tình nguyện viên của xã Hàm Giang chưa đủ 05 người mỗi câu lạc bộ, đề nghị sửa lại.",
    answer="Xã đã vận động thêm 03 tình nguyện viên, mỗi câu lạc bộ đủ 05 người.",
)
