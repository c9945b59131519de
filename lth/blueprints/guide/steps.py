"""The steps of each role, in the words of its work. Pictures are made by `make screenshots`."""

from dataclasses import dataclass
from typing import Any

from lth.core.language import lazy_gettext
from lth.models.person import Role
from lth.models.unit import Level

ABOVE_COMMUNES = frozenset({Level.DISTRICT, Level.PROVINCE})


@dataclass(frozen=True)
class GuideStep:
    """A step: what to do, how, on which page (an endpoint of one's level, or a whole one).

    `picture` is the name of a file in `static/guide/`; `levels` says at which levels the step is
    part of the role.
    """

    title: Any
    text: Any
    page: str | None = None
    picture: str | None = None
    levels: frozenset[Level | None] = frozenset({*Level, None})


# fmt: off
_DESK = GuideStep(
    lazy_gettext("Mở Bàn làm việc"),
    lazy_gettext("Việc đang chờ anh/chị nằm trên cùng, kèm hạn; việc quá hạn có dấu cảnh báo. Bấm "
                 "vào một việc là đến thẳng chỗ phải làm."),
    "desk", "desk",
)
_NOTICES = GuideStep(
    lazy_gettext("Nhận tin khi có thay đổi"),
    lazy_gettext("Có người trình, trả lại, giao chỉ tiêu hay đổi hạn thì anh/chị nhận được thư và "
                 "thông báo. Chọn nhận từng thư hay gộp một lần mỗi ngày ở Tài khoản của tôi."),
    "account.profile",
)
_BRIEF = GuideStep(
    lazy_gettext("Đọc tóm tắt trước khi ký"),
    lazy_gettext("Trước mỗi lần ký có một trang xác nhận: ý kiến chưa đồng ý, đơn vị còn thiếu, "
                 "cảnh báo và giải trình, số liệu so với số được giao, thay đổi so với lần trước."),
    None, "confirm",
)
_LEND = GuideStep(
    lazy_gettext("Đi vắng thì giao ký"),
    lazy_gettext("Ghi quyết định ký thay hoặc ủy quyền, có ngày bắt đầu và kết thúc. Người được "
                 "giao ký thấy việc của anh/chị trong thời gian ấy; hết hạn thì tự thôi."),
    "delegations", "delegation",
)
_HAND_DOWN = GuideStep(
    lazy_gettext("Giao chỉ tiêu cho cấp dưới"),
    lazy_gettext("Kế hoạch ban hành rồi thì chia chỉ tiêu: phần mềm chia thử theo dân số hoặc theo "
                 "cách anh/chị chọn, anh/chị sửa từng số rồi giao. Đơn vị nhận hoặc đề nghị số "
                 "khác; anh/chị trả lời ngay trong bảng theo dõi."),
    "documents", "quotas", ABOVE_COMMUNES,
)
_OPINION = GuideStep(
    lazy_gettext("Cho ý kiến"),
    lazy_gettext("Đồng ý, hoặc chưa đồng ý kèm lý do. Ý kiến chưa đồng ý đứng đầu trang xác nhận "
                 "của người ký. Ghi lại thì thay ý kiến trước."),
    "work", "review",
)

_PAPERS = GuideStep(
    lazy_gettext("Lấy bản Word và PDF"),
    lazy_gettext("Mở văn bản rồi bấm “Bản Word và PDF”: văn bản, tờ trình, phụ lục đúng thể thức. "
                 "Chưa ban hành thì bản in có chữ DỰ THẢO và chưa có số."),
    "documents", "papers",
)
_FILES = GuideStep(
    lazy_gettext("Đính kèm tệp"),
    lazy_gettext("PDF, Word, Excel, ảnh chụp để cạnh văn bản, cạnh một nhận xét hay đơn xin gia "
                 "hạn. Ai xem được văn bản thì tải được tệp."),
    "documents",
)
_HAND_OVER = GuideStep(
    lazy_gettext("Bàn giao, rồi đưa bản đã ký vào"),
    lazy_gettext("Tạo gói bàn giao để đưa vào hệ thống văn bản của cơ quan. Ký và có số rồi thì "
                 "đưa bản PDF đã ký vào: phần mềm so từng chữ, xem chữ ký số, và ai cầm văn bản "
                 "cũng đối chiếu được bằng mã QR."),
    "documents", "handover",
)
_REGISTER = GuideStep(
    lazy_gettext("Xem sổ văn bản đi và gói tin đến"),
    lazy_gettext("Văn bản tự vào sổ khi được ban hành; văn bản không lập ở đây thì ghi thêm, để "
                 "dãy số không có chỗ trống. Gói tin .edxml của cơ quan khác tải lên ở thẻ bên "
                 "cạnh."),
    "register", "register",
)

_RESULTS = GuideStep(
    lazy_gettext("Xem kết quả bên cạnh chỉ tiêu"),
    lazy_gettext("Trang Kết quả đặt số được giao, số trong kế hoạch và số đã làm cạnh nhau, "
                 "nói chỗ nào chậm. Bấm vào một con số để đi dần xuống đơn vị, xuống câu lạc bộ "
                 "làm nên số ấy."),
    "results", "results",
)
_CLUB_BOOKS = GuideStep(
    lazy_gettext("Giữ danh sách câu lạc bộ và sổ tháng"),
    lazy_gettext("Ghi câu lạc bộ thành lập, sáp nhập, kết thúc; nhập cả danh sách từ "
                 "Excel. Cấp cho ban chủ nhiệm liên kết và mã để họ tự ghi sổ trên điện thoại, "
                 "hoặc in mẫu giấy rồi anh/chị nhập giúp."),
    "clubs", "clubs", frozenset({Level.COMMUNE}),
)
_REPORT = GuideStep(
    lazy_gettext("Báo cáo từ sổ câu lạc bộ"),
    lazy_gettext("Báo cáo mở ra đã có số cộng từ sổ; ghi khác sổ thì nêu lý do. Kỳ không có gì thì "
                 "bấm “Báo cáo không phát sinh”. Kiến nghị ghi ở đây đi lên cấp trên, câu trả lời "
                 "về đúng chỗ này."),
    "documents", "report", frozenset({Level.COMMUNE}),
)
_WINDOWS = GuideStep(
    lazy_gettext("Mở kỳ báo cáo và theo dõi việc gửi"),
    lazy_gettext("Chế độ báo cáo nói ai báo cáo, khi nào, hạn mấy ngày. Mở kỳ rồi thì trang Tình "
                 "hình gửi báo cáo cho biết ai đã gửi, ai trễ, ai còn thiếu; báo cáo đã duyệt được "
                 "cộng lên như kế hoạch."),
    "reports_sent", "reports", ABOVE_COMMUNES,
)
_REQUESTS = GuideStep(
    lazy_gettext("Trả lời kiến nghị của cấp dưới"),
    lazy_gettext("Mỗi kiến nghị cho thấy đang nằm ở ai và đã bao lâu. Trả lời, hoặc chuyển lên cấp "
                 "trên; câu trả lời về thẳng đơn vị đã hỏi."),
    "requests_below", levels=ABOVE_COMMUNES,
)

STEPS: dict[Role, tuple[GuideStep, ...]] = {
    Role.CLERK: (
        _DESK,
        GuideStep(
            lazy_gettext("Trả lời chỉ tiêu được giao"),
            lazy_gettext("Nhận từng chỉ tiêu, hoặc đề nghị số khác và nêu lý do. Cấp trên trả lời "
                         "ngay trên đó; mọi lần trao đổi được ghi lại."),
            "desk", "assigned",
        ),
        GuideStep(
            lazy_gettext("Lập kế hoạch từ kế hoạch của cấp trên"),
            lazy_gettext("Chọn “Kế hoạch của cấp trên”: chỉ tiêu giao, căn cứ, nơi nhận được điền "
                         "sẵn. Phần bắt buộc ở trên cùng; phần khác mở ra khi cần."),
            "documents", "draft",
        ),
        GuideStep(
            lazy_gettext("Lấy từ kế hoạch có sẵn"),
            lazy_gettext("Đã có kế hoạch bằng Word hay PDF thì bấm “Đọc từ kế hoạch có sẵn”. Mỗi "
                         "mục đọc được kèm câu trích và mức chắc chắn; anh/chị chọn mục nào thì "
                         "mục ấy mới vào bản thảo, chỗ chưa đọc được được kể riêng."),
            "documents",
        ),
        GuideStep(
            lazy_gettext("Cứ viết, không lo mất chữ"),
            lazy_gettext("Điều vừa viết tự lưu, bên cạnh có “Đã lưu” và giờ. Số chép từ Excel dán "
                         "được cả vùng. Mất mạng hay hết phiên thì chữ vẫn còn trên trang; mở lại "
                         "máy thì trang hỏi có khôi phục không."),
        ),
        GuideStep(
            lazy_gettext("Điền bằng Excel"),
            lazy_gettext("Ở thẻ Excel của trang soạn thảo, tải bảng về điền rồi tải lên, hoặc dán "
                         "bảng riêng của đơn vị. Từng ô được so với kế hoạch và cho xem trước; "
                         "anh/chị chọn ô nào thì ô ấy mới được ghi."),
            "documents", "workbook",
        ),
        _FILES,
        GuideStep(
            lazy_gettext("Kiểm tra rồi trình"),
            lazy_gettext("Trang Kiểm tra nói chỗ nào sai, sửa thế nào và dẫn đến đúng chỗ. Hết lỗi "
                         "thì trình lãnh đạo ngay từ trang ấy; chưa ai mở xem thì còn rút lại "
                         "được."),
            "documents", "checks",
        ),
        GuideStep(
            lazy_gettext("Khi bị trả lại"),
            lazy_gettext("Chỉ mục có nhận xét được mở để sửa. Sửa hoặc giải trình từng mục rồi "
                         "trình lại; cấp trên thấy ngay đã sửa gì, từng từ một."),
            "documents", "returned",
        ),
        _PAPERS,
        _HAND_OVER,
        _REGISTER,
        _CLUB_BOOKS,
        _REPORT,
        _RESULTS,
        _NOTICES,
    ),
    Role.LEADER: (
        _DESK,
        _BRIEF,
        GuideStep(
            lazy_gettext("Trình lên, phê duyệt hay trả lại"),
            lazy_gettext("Nhận xét từng mục rồi trả lại, hoặc duyệt. Ở Việc chờ xử lý, nhiều văn "
                         "bản duyệt được một lần sau khi xem tóm tắt của từng văn bản."),
            "work", "work",
        ),
        GuideStep(
            lazy_gettext("Ban hành"),
            lazy_gettext("Ký trên giấy rồi ghi số, ngày và hình thức ký. Văn bản đã ban hành không "
                         "sửa được nữa; muốn thay đổi thì điều chỉnh, bản cũ vẫn có hiệu lực."),
            "documents",
        ),
        _HAND_OVER,
        _REGISTER,
        _HAND_DOWN,
        _RESULTS,
        _LEND,
        _NOTICES,
    ),
    Role.SPECIALIST: (
        _DESK,
        GuideStep(
            lazy_gettext("Đọc văn bản cấp dưới trình"),
            lazy_gettext("Danh sách ghi riêng đơn vị đã trình, bị trả lại, trễ hạn, chưa bắt đầu. "
                         "Tìm tên không cần gõ dấu."),
            "inbox", "inbox", ABOVE_COMMUNES,
        ),
        GuideStep(
            lazy_gettext("Nhận xét đúng chỗ rồi trả lại"),
            lazy_gettext("Ghim nhận xét vào từng chỉ tiêu hay từng phần. Đơn vị chỉ sửa được mục "
                         "có nhận xét; lần trình sau mở ra là thấy đã làm gì."),
            "inbox", "review", ABOVE_COMMUNES,
        ),
        GuideStep(
            lazy_gettext("Tổng hợp"),
            lazy_gettext("Tiếp nhận số liệu các đơn vị đã duyệt; bảng cho thấy ai còn thiếu, số "
                         "nào đã đổi từ lần tiếp nhận trước, từng đơn vị ghi gì. Thiếu đơn vị thì "
                         "nêu lý do, lý do ấy đi cùng bản tổng hợp."),
            "documents", "synthesis", ABOVE_COMMUNES,
        ),
        GuideStep(
            lazy_gettext("Gửi và nhận bảng Excel của các đơn vị"),
            lazy_gettext("Lấy bảng Excel của mọi đơn vị cấp dưới trong một gói .zip, gửi đi, rồi "
                         "nhận lại gói đã điền. Từng bảng được chuyển cho đơn vị của nó xem và "
                         "quyết định; kế hoạch của họ không tự đổi."),
            "packs", "packs", ABOVE_COMMUNES,
        ),
        _PAPERS,
        _HAND_DOWN,
        GuideStep(
            lazy_gettext("Hạn nộp và gia hạn"),
            lazy_gettext("Lịch cho thấy hạn của mọi đơn vị. Đơn vị xin thêm ngày thì trả lời ngay "
                         "trên văn bản của họ."),
            "month", "month",
        ),
        _WINDOWS,
        _REQUESTS,
        _RESULTS,
        _NOTICES,
    ),
    Role.FINANCE_APPRAISER: (
        _DESK,
        GuideStep(
            lazy_gettext("Xem phần kinh phí"),
            lazy_gettext("Các khoản được cộng theo nguồn, cấp ngân sách và năm; chỗ lệch với tổng "
                         "ghi trong kế hoạch được đánh dấu."),
            "work", "budget",
        ),
        _OPINION,
        _NOTICES,
    ),
    Role.FORMAT_APPRAISER: (
        _DESK,
        GuideStep(
            lazy_gettext("Xem thể thức"),
            lazy_gettext("Kết quả kiểm tra đã soi căn cứ, số, ký hiệu, hình thức ký theo Nghị định "
                         "30/2020/NĐ-CP; việc còn lại là đọc và cho ý kiến."),
            "work", "checks",
        ),
        _OPINION,
        _NOTICES,
    ),
    Role.OBSERVER: (
        GuideStep(
            lazy_gettext("Xem, không sửa"),
            lazy_gettext("Anh/chị xem được văn bản của đơn vị và văn bản cấp trên đã ban hành; "
                         "không việc gì ở đây chờ anh/chị ký hay trả lời."),
            "documents",
        ),
        GuideStep(
            lazy_gettext("Tra sổ văn bản đi"),
            lazy_gettext("Tìm theo số, trích yếu, ngày; mã tra cứu cạnh mỗi văn bản mở trang cho "
                         "biết văn bản ấy còn hiệu lực hay đã được thay."),
            "register", "register",
        ),
        _RESULTS,
        _NOTICES,
    ),
    Role.UNIT_ADMIN: (
        GuideStep(
            lazy_gettext("Mời người vào vai trò"),
            lazy_gettext("Ghi địa chỉ thư, chức vụ và vai trò; người được mời nhận lời bằng liên"
                         " kết trong thư thì vai trò mới có hiệu lực. Người nghỉ hay chuyển đi "
                         "thì kết thúc vai trò, việc họ đã làm vẫn ghi tên họ."),
            "admin.people", "people",
        ),
        GuideStep(
            lazy_gettext("Mời cả danh sách từ Excel"),
            lazy_gettext("Tải mẫu có sẵn dòng cho từng xã, điền rồi tải lên: từng dòng được kiểm"
                         " tra, sửa ngay trên trang, gửi một lần. Sau đó xem ai chưa nhận lời và"
                         " nhắc."),
            "admin.roster",
            levels=ABOVE_COMMUNES,
        ),
        GuideStep(
            lazy_gettext("Xem còn thiếu gì"),
            lazy_gettext("Trang Sẵn sàng chạy nêu từng việc cần xong trước khi các xã lập kế "
                         "hoạch, kèm liên kết tới chỗ làm."),
            "admin.ready",
            levels=ABOVE_COMMUNES,
        ),
        GuideStep(
            lazy_gettext("Đặt hạn nộp"),
            lazy_gettext("Hạn rơi vào ngày nghỉ thì phần mềm nói ngay và đề nghị ngày làm việc kế "
                         "tiếp; đổi hạn thì đơn vị liên quan được báo."),
            "admin.deadlines", "deadlines",
        ),
        GuideStep(
            lazy_gettext("Chọn cách làm của đơn vị"),
            lazy_gettext("Có qua lãnh đạo trước khi trình không, ai thẩm định, kiểm tra nào tạm "
                         "tắt và vì sao. Mọi thay đổi đều có trong Nhật ký."),
            "admin.settings",
        ),
        GuideStep(
            lazy_gettext("Sửa mẫu văn bản"),
            lazy_gettext("Tải mẫu Word về, đổi phông chữ, khoảng cách, chữ quanh các ô, rồi tải "
                         "lên. Phần mềm viết thử trước khi nhận; mẫu có sẵn luôn dùng lại được."),
            "admin.templates", "templates",
        ),
        GuideStep(
            lazy_gettext("Ghi mã định danh"),
            lazy_gettext("Mã của đơn vị và của nơi nhận, nhập từng mã hoặc cả danh sách Excel. Có "
                         "đủ mã thì gói bàn giao mới có gói tin .edxml."),
            "admin.codes",
        ),
        _NOTICES,
    ),
    Role.SYSTEM_ADMIN: (
        GuideStep(
            lazy_gettext("Đưa một tỉnh vào"),
            lazy_gettext("Nhập đơn vị của tỉnh, rồi vào trang của tỉnh: mời người từ danh sách "
                         "Excel, đặt hạn nộp, xem trang Sẵn sàng chạy. Một tỉnh 124 xã mất chưa "
                         "tới nửa giờ."),
            "admin.units",
        ),
        GuideStep(
            lazy_gettext("Chương trình, kỳ và đơn vị tham gia"),
            lazy_gettext("Mở kỳ kế hoạch với các giai đoạn, chọn đơn vị tham gia; chương trình "
                         "riêng thì đưa vào từ một tệp."),
            "admin.programmes",
        ),
        GuideStep(
            lazy_gettext("Lịch làm việc"),
            lazy_gettext("Ngày nghỉ lễ và ngày làm bù của năm: mọi hạn và lịch nhắc tính theo "
                         "đó."),
            "admin.calendar",
        ),
        GuideStep(
            lazy_gettext("Thư có đi không"),
            lazy_gettext("Thư chờ gửi, thư lỗi và lý do; việc nền chạy lần cuối lúc nào."),
            "mail.outgoing",
        ),
    ),
}
# fmt: on
"""In the order of a working day; a role without steps would be a mistake, which a test finds."""


def steps_of(role: Role, level: Level | None) -> list[GuideStep]:
    """List the steps of a role at a level, in order."""
    return [step for step in STEPS[role] if level in step.levels]
