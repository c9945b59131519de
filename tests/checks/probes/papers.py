"""Probes of the rules about papers, offices, dates and outline."""

from dataclasses import replace
from datetime import date

from checks.probes import (
    COMMUNE,
    DISTRICT,
    PROVINCE,
    Change,
    Probe,
    add,
    also,
    drop,
    edit,
    header,
    place,
    probe,
    repeat,
    reword,
    whole,
)

from lth.content.model import LegalBasis
from lth.models.document import SignForm
from lth.models.parts import Frequency, Issuance, IssuerForm, MoneyLevel, PaperRole
from lth.models.unit import Level

BASES, TASKS, REPORTS = "bases", "tasks", "reporting"
TITLE = "Thực hiện Đề án nhân rộng mô hình Câu lạc bộ Liên thế hệ tự giúp nhau trên địa bàn "


def cite(kind: str, number: str, on: date, issuer: str, title: str) -> Change:
    """Cite a paper before all others."""
    basis = LegalBasis("cited", kind, number, on, issuer, title, ";")
    return lambda content: replace(content, bases=(basis, *content.bases))


def law(title: str, number: str = "", on: date | None = None) -> Change:
    """Cite a law before all others."""
    basis = LegalBasis("cited", "Luật", number, on, "", title, ";")
    return lambda content: replace(content, bases=(basis, *content.bases))


def titled(title: str) -> Change:
    """Give the plan another title, and its paper the same."""
    return also(header(title=title), edit("papers", "plan", title=title))


def letter(*changes: Change) -> Change:
    """Make a letter of a plan, which sets tasks under it and no figures of its own."""
    paper = edit(
        "papers",
        "plan",
        role=PaperRole.DIRECTIVE,
        number="12/UBND-VX",
        title="",
        sign_form=SignForm.TM,
    )
    empty = whole(targets=(), floors=(), budget=(), baselines=(), definitions=())
    made = header(issuance=Issuance.DIRECTIVE, title="", budget_total=None)
    return also(paper, empty, made, *changes)


IN_FORCE: tuple[Probe, ...] = (
    probe("a law of 2015", COMMUNE, law("Luật Tổ chức chính quyền địa phương năm 2015"), "V41"),
    probe("a law of 2015 in 2021", DISTRICT, law("Luật Tổ chức chính quyền địa phương năm 2015")),
    probe("a law by its name alone", COMMUNE, law("Luật Tổ chức chính quyền địa phương")),
    probe(
        "a law by an old day",
        PROVINCE,
        edit(BASES, "Luật Tổ chức chính quyền địa phương", dated_on=date(2015, 6, 19)),
        "V41",
    ),
    probe(
        "the first law of 2025",
        COMMUNE,
        law("Luật Tổ chức chính quyền địa phương", "65/2025/QH15"),
        "V41",
    ),
    probe(
        "the second law of 2025",
        COMMUNE,
        law("Luật Tổ chức chính quyền địa phương", "72/2025/QH15"),
    ),
    probe("the old budget law", COMMUNE, law("Luật Ngân sách nhà nước", "83/2015/QH13"), "V41"),
    probe(
        "the budget law of the period to come",
        PROVINCE,
        law("Luật Ngân sách nhà nước", "89/2025/QH15"),
    ),
    probe(
        "a law that is not there yet",
        DISTRICT,
        law("Luật Ngân sách nhà nước", "89/2025/QH15"),
        "V41",
    ),
    probe(
        "an ordinance of 2000",
        DISTRICT,
        cite(
            "Pháp lệnh",
            "23/2000/PL-UBTVQH10",
            date(2000, 4, 28),
            "Ủy ban Thường vụ Quốc hội",
            "Pháp lệnh Người cao tuổi",
        ),
        "V41",
    ),
    probe(
        "a decree that was replaced",
        DISTRICT,
        cite("Nghị định", "110/2004/NĐ-CP", date(2004, 4, 8), "Chính phủ", "về công tác văn thư"),
        "V41",
    ),
    probe(
        "the one that replaced it",
        DISTRICT,
        cite("Nghị định", "30/2020/NĐ-CP", date(2020, 3, 5), "Chính phủ", "về công tác văn thư"),
    ),
    probe(
        "offices by the decree of before",
        COMMUNE,
        cite(
            "Nghị định",
            "45/2025/NĐ-CP",
            date(2025, 2, 28),
            "Chính phủ",
            "quy định tổ chức các cơ quan chuyên môn",
        ),
        "V41",
    ),
    probe(
        "social help by the decree of before",
        COMMUNE,
        cite(
            "Nghị định",
            "136/2013/NĐ-CP",
            date(2013, 10, 21),
            "Chính phủ",
            "quy định chính sách trợ giúp xã hội",
        ),
        "V41",
    ),
    probe(
        "a circular that was replaced",
        DISTRICT,
        cite(
            "Thông tư",
            "21/2011/TT-BTC",
            date(2011, 2, 18),
            "Bộ Tài chính",
            "quy định quản lý và sử dụng kinh phí",
        ),
        "V41",
    ),
    probe(
        "the decision for the years before",
        COMMUNE,
        cite(
            "Quyết định",
            "1336/QĐ-TTg",
            date(2020, 8, 31),
            "Thủ tướng Chính phủ",
            "phê duyệt Đề án giai đoạn đến năm 2025",
        ),
        "V41",
    ),
    probe(
        "a programme of action that is over",
        DISTRICT,
        cite(
            "Quyết định",
            "1781/QĐ-TTg",
            date(2012, 11, 22),
            "Thủ tướng Chính phủ",
            "phê duyệt Chương trình hành động quốc gia",
        ),
        "V41",
    ),
    probe(
        "a paper that the table lacks",
        COMMUNE,
        cite(
            "Nghị quyết",
            "15/NQ-HĐND",
            date(2025, 12, 10),
            "Hội đồng nhân dân tỉnh Thạch Giang",
            "về chính sách cho người cao tuổi",
        ),
    ),
)


CITED: tuple[Probe, ...] = (
    probe("without the programme's decision", COMMUNE, drop(BASES, "1648/QĐ-TTg"), "V42"),
    probe("without it, and with none above", PROVINCE, drop(BASES, "1648/QĐ-TTg"), "V42"),
    probe(
        "named in the text instead",
        DISTRICT,
        also(
            drop(BASES, "1336/QĐ-TTg"),
            reword(
                "sections",
                "III.",
                "Truyền thông",
                "Quán triệt Quyết định số 1336/QĐ-TTg; truyền thông",
            ),
        ),
    ),
    probe(
        "without the plan above",
        COMMUNE,
        also(drop(BASES, "2114/QĐ-UBND"), edit(BASES, "1648/QĐ-TTg", ending=".")),
        "V42",
    ),
    probe("without the plan above, a district", DISTRICT, drop(BASES, "45/KH-UBND"), "V42"),
    probe(
        "another number of the decision",
        COMMUNE,
        edit(BASES, "1648/QĐ-TTg", number="1684/QĐ-TTg"),
        "V42",
    ),
    probe(
        "another day of the decision",
        DISTRICT,
        edit(BASES, "1336/QĐ-TTg", dated_on=date(2020, 8, 13)),
        "V42",
    ),
    probe(
        "another year in the decision's title",
        DISTRICT,
        reword(BASES, "1336/QĐ-TTg", "2025", "2020"),
        "V42",
    ),
    probe(
        "another number of the plan above",
        COMMUNE,
        edit(BASES, "2114/QĐ-UBND", number="2141/QĐ-UBND"),
        "V42",
    ),
    probe(
        "another day of the plan above",
        DISTRICT,
        edit(BASES, "45/KH-UBND", dated_on=date(2021, 3, 3)),
        "V42",
    ),
    probe(
        "the plan above of another province",
        DISTRICT,
        edit(BASES, "45/KH-UBND", issuer="Ủy ban nhân dân tỉnh Thạch Giang"),
        "V42",
    ),
    probe(
        "the plan above of its committee in short",
        DISTRICT,
        edit(BASES, "45/KH-UBND", issuer="UBND tỉnh Sông Hậu"),
    ),
    probe(
        "a decision of the Government",
        COMMUNE,
        edit(BASES, "1648/QĐ-TTg", issuer="Chính phủ"),
        "V42",
    ),
    probe(
        "a plan with a decision's symbol",
        DISTRICT,
        edit(BASES, "45/KH-UBND", type="Quyết định"),
        "V42",
    ),
    probe(
        "a committee's paper by a council",
        COMMUNE,
        edit(BASES, "2114/QĐ-UBND", issuer="Hội đồng nhân dân tỉnh Thạch Giang"),
        "V42",
    ),
    probe("the same decision twice", COMMUNE, repeat(BASES, "1648/QĐ-TTg"), "V42"),
    probe(
        "the same law twice, by number too",
        DISTRICT,
        law("Luật Người cao tuổi", "39/2009/QH12"),
        "V42",
    ),
    probe(
        "a law of another's number",
        COMMUNE,
        edit(BASES, "Luật Người cao tuổi", number="41/2024/QH15"),
        "V42",
    ),
    probe(
        "a law of another day",
        DISTRICT,
        edit(BASES, "Luật Người cao tuổi", dated_on=date(2009, 11, 24)),
        "V42",
    ),
    probe(
        "the proposal of another number",
        DISTRICT,
        edit(BASES, "60/TTr-PLĐTBXH", number="66/TTr-PLĐTBXH"),
        "V42",
    ),
    probe(
        "the proposal of another day",
        PROVINCE,
        edit(BASES, "88/TTr-SYT", dated_on=date(2025, 12, 3)),
        "V42",
    ),
    probe(
        "a proposal by an office of another level",
        PROVINCE,
        edit(BASES, "88/TTr-SYT", number="88/TTr-PYT"),
        "V42",
    ),
    probe("a number with spaces", COMMUNE, edit(BASES, "1648/QĐ-TTg", number="1648 /QĐ - TTg")),
    probe("a plan with nothing to stand on", DISTRICT, whole(bases=()), "V36"),
    probe("a letter with nothing to stand on", COMMUNE, letter(whole(bases=()))),
    probe("a letter under the plan above alone", COMMUNE, letter(drop(BASES, "1648/QĐ-TTg"))),
)


IDENTITY: tuple[Probe, ...] = (
    probe("a district's plan of 2026", DISTRICT, whole(made_on=date(2026, 1, 15)), "V43"),
    probe(
        "a district's plan of the last day", DISTRICT, whole(made_on=date(2025, 6, 30)), "V19 V19"
    ),
    probe(
        "a commune under a district",
        COMMUNE,
        also(
            place(parent_name="huyện Phú Hòa", parent_level=Level.DISTRICT),
            whole(parent_issuer="Ủy ban nhân dân huyện Phú Hòa"),
        ),
        "V43",
    ),
    probe("a township", COMMUNE, place(name="thị trấn Tân Hòa", level=Level.COMMUNE), "V43"),
    probe(
        "a province that went into another",
        COMMUNE,
        also(
            place(parent_name="tỉnh Bắc Giang"),
            edit(BASES, "2114/QĐ-UBND", issuer="Ủy ban nhân dân tỉnh Bắc Giang"),
            edit("recipients", "tỉnh Thạch Giang", name="Ủy ban nhân dân tỉnh Bắc Ninh"),
            whole(parent_issuer=""),
        ),
        "V43",
    ),
    probe(
        "a commune said to be a province",
        COMMUNE,
        place(level=Level.PROVINCE, parent_name="", parent_level=None),
        "V43",
    ),
    probe(
        "issued by a neighbour",
        COMMUNE,
        edit("papers", "12/KH-UBND", issuer="Ủy ban nhân dân xã Tân Lập"),
        "V43",
    ),
    probe(
        "issued by the province",
        COMMUNE,
        edit("papers", "12/KH-UBND", issuer="Ủy ban nhân dân tỉnh Thạch Giang"),
        "V43",
    ),
    probe(
        "issued by its chairman",
        COMMUNE,
        edit(
            "papers",
            "12/KH-UBND",
            issuer="Chủ tịch Ủy ban nhân dân xã Tân Hòa",
            issuer_form=IssuerForm.HEAD,
            sign_form=SignForm.HEAD,
        ),
    ),
    probe(
        "decided by a neighbour",
        DISTRICT,
        edit("papers", "793/QĐ-UBND", issuer="Ủy ban nhân dân huyện Cầu Kè"),
        "V43",
    ),
    probe(
        "proposed by a neighbour's office",
        DISTRICT,
        edit(
            "papers", "60/TTr-PLĐTBXH", issuer="Phòng Lao động - Thương binh và Xã hội huyện Cầu Kè"
        ),
        "V43",
    ),
    probe(
        "the plan above of another province's committee",
        DISTRICT,
        whole(parent_issuer="Ủy ban nhân dân tỉnh Thạch Giang"),
        "V43",
    ),
    probe(
        "a neighbour's title", COMMUNE, titled(f"{TITLE}xã Tân Lập giai đoạn 2026 - 2030"), "V43"
    ),
    probe(
        "the province's title",
        COMMUNE,
        titled(f"{TITLE}tỉnh Thạch Giang giai đoạn 2026 - 2030"),
        "V43",
    ),
    probe(
        "other years in the title",
        COMMUNE,
        titled(f"{TITLE}xã Tân Hòa giai đoạn 2025 - 2030"),
        "V43",
    ),
    probe(
        "another last year in the title", COMMUNE, titled(f"{TITLE}xã Tân Hòa đến năm 2031"), "V43"
    ),
    probe(
        "the programme's last year in the title", COMMUNE, titled(f"{TITLE}xã Tân Hòa đến năm 2035")
    ),
    probe("no years in the title", COMMUNE, titled(f"{TITLE}xã Tân Hòa")),
    probe(
        "with the province in the title",
        COMMUNE,
        titled(f"{TITLE}xã Tân Hòa, tỉnh Thạch Giang giai đoạn 2026–2030"),
    ),
    probe(
        "the period moved away from the title",
        COMMUNE,
        header(title=f"{TITLE}xã Tân Hòa giai đoạn 2021 - 2025"),
        "V43",
    ),
    probe(
        "a paper of the dossier of other years",
        DISTRICT,
        reword("papers", "793/QĐ-UBND", "2021 - 2025", "2021 - 2030"),
        "V29",
    ),
    probe(
        "a paper of the dossier of another place",
        PROVINCE,
        reword("papers", "2114/QĐ-UBND", "Thạch Giang đến", "Sông Hậu đến"),
        "V29",
    ),
    probe(
        "a paper of the dossier in short",
        DISTRICT,
        edit("papers", "793/QĐ-UBND", title="Về việc ban hành Kế hoạch thực hiện Đề án"),
    ),
    probe(
        "an article of other years",
        DISTRICT,
        header(decided_title=f"{TITLE}huyện Phú Hòa giai đoạn 2021 - 2026"),
        "V29",
    ),
)


NAMES: tuple[Probe, ...] = (
    probe(
        "a district's committee at work",
        COMMUNE,
        edit(TASKS, "Thành lập", coordinating=("Ủy ban nhân dân huyện",)),
        "V19",
    ),
    probe(
        "an office that has ended",
        COMMUNE,
        edit("recipients", "Sở Y tế", name="Sở Y tế; Sở Lao động - Thương binh và Xã hội"),
        "V19",
    ),
    probe(
        "the same office twice",
        PROVINCE,
        also(
            reword("duties", "Sở Tài chính", "Chủ trì", "Cùng Sở Kế hoạch và Đầu tư chủ trì"),
            edit(TASKS, "Bố trí", coordinating=("Sở Kế hoạch và Đầu tư",)),
        ),
        "V19",
    ),
    probe(
        "an office that ended later",
        PROVINCE,
        reword("sections", "III.", "tập huấn", "Phòng Y tế huyện tập huấn"),
        "V19",
    ),
    probe(
        "said to be of the past",
        PROVINCE,
        reword(
            "sections",
            "III.",
            "tập huấn",
            "tiếp nhận hồ sơ của Sở Kế hoạch và Đầu tư (cũ), tập huấn",
        ),
    ),
    probe(
        "the office while it was there",
        DISTRICT,
        reword("sections", "III.", "tập huấn", "Sở Lao động - Thương binh và Xã hội tập huấn"),
    ),
    probe(
        "an office that has ended issues",
        PROVINCE,
        also(
            edit(
                "papers",
                "88/TTr-SYT",
                issuer="Sở Lao động - Thương binh và Xã hội",
                number="88/TTr-SLĐTBXH",
            ),
            edit(
                BASES,
                "88/TTr-SYT",
                number="88/TTr-SLĐTBXH",
                issuer="Sở Lao động - Thương binh và Xã hội",
            ),
        ),
        "V19",
    ),
    probe(
        "townships in a wording",
        PROVINCE,
        reword("targets", "ít nhất 79%", "số xã", "số xã, thị trấn"),
        "V19",
    ),
    probe(
        "the province's area in a wording",
        COMMUNE,
        reword("targets", "100 thành viên có", "vay", "vay trên địa bàn tỉnh"),
        "V19",
    ),
    probe(
        "a neighbour in a wording",
        COMMUNE,
        reword("targets", "100 thành viên có", "vay", "vay tại xã Tân Lập"),
        "V19",
    ),
    probe(
        "a neighbour's agency at work",
        COMMUNE,
        edit(TASKS, "Thành lập", coordinating=("Trạm Y tế xã Tân Lập",)),
        "V19",
    ),
    probe(
        "a neighbour's agency with a duty",
        DISTRICT,
        add("duties", agency="Phòng Y tế huyện Cầu Kè", text="Phối hợp."),
        "V19",
    ),
    probe(
        "a report to another province",
        COMMUNE,
        edit(REPORTS, "Ủy ban nhân dân xã", addressees=("Ủy ban nhân dân tỉnh Sông Hậu",)),
        "V19",
    ),
    probe(
        "a neighbour's area",
        DISTRICT,
        reword("sections", "III.", "Truyền thông", "Truyền thông trên địa bàn huyện Cầu Kè"),
        "V19",
    ),
    probe(
        "a neighbour's committee in the text",
        COMMUNE,
        reword("sections", "III.", "Truyền thông", "Ủy ban nhân dân xã Tân Lập truyền thông"),
        "V19",
    ),
    probe(
        "another province's budget in the text",
        COMMUNE,
        reword("sections", "IV.", "theo bảng", "từ ngân sách tỉnh Sông Hậu theo bảng"),
        "V19",
    ),
    probe(
        "learning from a province",
        COMMUNE,
        reword(
            "sections",
            "III.",
            "Truyền thông",
            "Học tập kinh nghiệm tại tỉnh Sông Hậu, truyền thông",
        ),
    ),
    probe(
        "learning on a district's area",
        DISTRICT,
        reword(
            "sections",
            "III.",
            "Truyền thông",
            "Tham quan mô hình trên địa bàn huyện Cầu Kè; truyền thông",
        ),
    ),
    probe(
        "a neighbour to learn from at work",
        COMMUNE,
        reword(
            "duties",
            "Các thôn",
            "Phối hợp",
            "Học tập kinh nghiệm Ủy ban nhân dân xã Tân Lập; phối hợp",
        ),
    ),
    probe(
        "its own province by name",
        COMMUNE,
        reword(
            "sections",
            "III.",
            "Truyền thông",
            "Truyền thông theo Kế hoạch của Ủy ban nhân dân tỉnh Thạch Giang",
        ),
    ),
    probe(
        "a province that is no more",
        COMMUNE,
        reword(
            "sections",
            "III.",
            "Truyền thông",
            "Báo cáo Ủy ban nhân dân tỉnh Bắc Giang, truyền thông",
        ),
        "V19",
    ),
    probe(
        "another province's committee gets it",
        COMMUNE,
        edit("recipients", "tỉnh Thạch Giang", name="Ủy ban nhân dân tỉnh Sông Hậu"),
        "V26",
    ),
    probe(
        "another province's committee gets it too",
        COMMUNE,
        add("recipients", name="Ủy ban nhân dân tỉnh Sông Hậu"),
    ),
    probe(
        "the committee above in short",
        COMMUNE,
        edit("recipients", "tỉnh Thạch Giang", name="UBND tỉnh"),
    ),
    probe("nobody above gets it", COMMUNE, drop("recipients", "tỉnh Thạch Giang"), "V26"),
    probe("whom it reports to does not get it", COMMUNE, drop("recipients", "Sở Y tế"), "V26"),
)


def due(reporter: str, text: str, often: Frequency | None = None) -> Change:
    """Give a report another due day, and another frequency."""
    return edit(REPORTS, reporter, due=text, **({"frequency": often} if often else {}))


DATES: tuple[Probe, ...] = (
    probe(
        "work that ends before it begins",
        COMMUNE,
        edit(TASKS, "Bố trí", ends_on=date(2026, 1, 31)),
        "V44",
    ),
    probe(
        "work beyond the period", COMMUNE, edit(TASKS, "Bố trí", ends_on=date(2031, 6, 30)), "V44"
    ),
    probe(
        "work before the period",
        DISTRICT,
        edit(TASKS, "Tập huấn", starts_on=date(2019, 3, 1)),
        "V44",
    ),
    probe(
        "work that begins with the plan",
        PROVINCE,
        edit(TASKS, "Bố trí", starts_on=date(2025, 12, 20)),
    ),
    probe(
        "money of a year outside", PROVINCE, edit("budget", "Quỹ tăng thu nhập", year=2025), "V44"
    ),
    probe("money of a year within", COMMUNE, edit("budget", "Quỹ tăng thu nhập", year=2026)),
    probe(
        "31/11",
        DISTRICT,
        reword("sections", "III.", "tập huấn", "trước ngày 31/11 tập huấn"),
        "V44",
    ),
    probe(
        "30 February in words",
        COMMUNE,
        reword("sections", "III.", "tập huấn", "ngày 30 tháng 02 năm 2027 tập huấn"),
        "V44",
    ),
    probe(
        "29 February of a leap year",
        COMMUNE,
        reword("sections", "III.", "tập huấn", "ngày 29/02/2028 tập huấn"),
    ),
    probe(
        "the wrong weekday",
        COMMUNE,
        reword("sections", "III.", "tập huấn", "thứ Hai, ngày 15/01/2026 tập huấn"),
        "V44",
    ),
    probe(
        "the right weekday",
        COMMUNE,
        reword("sections", "III.", "tập huấn", "thứ Năm, ngày 15/01/2026 tập huấn"),
    ),
    probe("due on a day that is not there", PROVINCE, due("Sở Y tế", "trước 31/11"), "V44"),
    probe(
        "the lower on the day of the upper",
        PROVINCE,
        due("UBND các xã, phường", "trước 31/12", None),
        "",
    ),
    probe(
        "the lower level later", COMMUNE, due("Hội Người cao tuổi xã", "trước 15/6 và 25/12"), "V44"
    ),
    probe(
        "the office after its Sở",
        DISTRICT,
        due("Ủy ban nhân dân các xã", "trước 10/6 và 30/12"),
        "V44",
    ),
    probe("half-yearly on one day", COMMUNE, due("Hội Người cao tuổi xã", "trước 15/6"), "V44"),
    probe(
        "quarterly on one day", PROVINCE, due("Sở Y tế", "trước 20/12", Frequency.QUARTERLY), "V44"
    ),
    probe("at the end of the year", COMMUNE, due("Ủy ban nhân dân xã", "vào cuối năm"), "V25"),
    probe("as the rules have it", COMMUNE, due("Ủy ban nhân dân xã", "theo quy định"), "V25"),
    probe("by no day at all", DISTRICT, due("Ủy ban nhân dân các xã", ""), "V25"),
)


WORK: tuple[Probe, ...] = (
    probe(
        "a district's money",
        COMMUNE,
        edit("budget", "Tập huấn ban chủ nhiệm", level=MoneyLevel.DISTRICT),
        "V45",
    ),
    probe(
        "a district's money in the text",
        PROVINCE,
        reword("sections", "IV.", "Ngân sách tỉnh", "Ngân sách tỉnh, ngân sách huyện"),
        "V45",
    ),
    probe(
        "a district's money in 2021",
        DISTRICT,
        reword("sections", "IV.", "Ngân sách huyện", "Ngân sách cấp huyện"),
    ),
    probe("no copy on file", COMMUNE, drop("recipients", "Lưu: VT"), "V46"),
    probe(
        "a copy with the drafter alone",
        DISTRICT,
        edit("recipients", "Lưu: VT", name="Lưu: LĐTBXH"),
        "V46",
    ),
    probe("a copy on file in words", COMMUNE, edit("recipients", "Lưu: VT", name="Lưu: Văn thư")),
    probe("a lead without a duty", COMMUNE, drop("duties", "Phòng Kinh tế"), "V46"),
    probe(
        "another lead, without a duty",
        DISTRICT,
        edit(TASKS, "Tập huấn", leads=("Phòng Y tế",)),
        "V46",
    ),
    probe(
        "a lead whose duty stands in a group",
        COMMUNE,
        also(
            drop("duties", "Phòng Kinh tế"),
            add("duties", agency="Các phòng, ban liên quan", text="Phối hợp."),
        ),
    ),
)


PROBES: tuple[Probe, ...] = (*IN_FORCE, *CITED, *IDENTITY, *NAMES, *DATES, *WORK)
