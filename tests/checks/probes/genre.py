"""Probes of the ways in which offices say things: what plans composed by others have taught."""

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
    named,
    probe,
    reword,
)
from checks.probes.papers import cite

from lth.models.content import Comparator, CountsFrom
from lth.models.parts import Frequency

BASES, REPORTS, TEXTS = "bases", "reporting", "sections"
ABOVE = "Ủy ban nhân dân tỉnh Thạch Giang"
MILLION = 10**6


def in_text(text: str) -> Change:
    """Say something more in the section of work."""
    return reword(TEXTS, "III.", "vận động nguồn lực", f"vận động nguồn lực. {text}")


def on_money(text: str) -> Change:
    """Say something more in the section of money."""
    return reword(TEXTS, "IV.", "theo bảng kinh phí", f"theo bảng kinh phí. {text}")


def rows(*lines: str) -> Change:
    """Put a table into the section of targets, its cells parted as a pasted table's are."""
    table = "\n".join(line.replace(" | ", "\t") for line in lines)
    return reword(TEXTS, "Chỉ tiêu", "như bảng chỉ tiêu", f"như bảng chỉ tiêu:\n{table}\nvà hết")


YEARS = "Nội dung | 2021 | 2022 | 2023 | 2024 | 2025 | Tổng"
TABLES = (
    probe("a row that adds up", DISTRICT, rows(YEARS, "CLB mới | 5 | 5 | 5 | 3 | 3 | 21")),
    probe("a row that does not", DISTRICT, rows(YEARS, "CLB mới | 5 | 5 | 5 | 3 | 3 | 20"), "V48"),
    probe(
        "shares are not added up",
        DISTRICT,
        rows(YEARS, "Tỷ lệ xã có CLB | 50 | 60 | 80 | 90 | 100 | 100"),
    ),
    probe(
        "a column that adds up",
        PROVINCE,
        rows("TT | Xã | Lớp", "1 | Tân Lập | 2", "2 | Tân Mỹ | 3", " | Tổng cộng | 5"),
    ),
    probe(
        "a column that does not",
        PROVINCE,
        rows("TT | Xã | Lớp", "1 | Tân Lập | 2", "2 | Tân Mỹ | 3", " | Tổng cộng | 6"),
        "V48",
    ),
    probe(
        "new clubs as the targets have them",
        DISTRICT,
        rows("Xã | Số CLB thành lập mới", "Tân Lập | 11", "Tân Mỹ | 10", "Cộng | 21"),
    ),
    probe(
        "new clubs otherwise",
        DISTRICT,
        rows("Xã | Số CLB thành lập mới", "Tân Lập | 11", "Tân Mỹ | 11", "Cộng | 22"),
        "V28",
    ),
    probe(
        "a column with money in tỷ",
        PROVINCE,
        rows("Nguồn | Tỷ đồng", "Tỉnh | 1,5", "Xã | 0,75", "Cộng | 2,5"),
        "V48",
    ),
    probe(
        "parts with sums of their own",
        PROVINCE,
        rows("TT | Nội dung | CLB", "I | Miền núi | 3", "1 | Tân Lập | 3", " | Tổng | 3"),
    ),
    probe(
        "six months beside years",
        DISTRICT,
        rows("Nơi | 6 tháng cuối năm 2021 | Năm 2022 | Năm 2023 | Cộng", "Tân Lập | 2 | 2 | 1 | 5"),
    ),
    probe(
        "a column of something else leaves it open",
        DISTRICT,
        rows("Nơi | Đã có | Năm 2022 | Năm 2023 | Tổng", "Tân Lập | 3 | 2 | 1 | 6"),
    ),
    probe(
        "a table's rows are no sentences",
        DISTRICT,
        rows("Nơi | CLB có đến 2020 | CLB có thêm", "Tân Lập | 3 | 4 CLB", "Tân Mỹ | 2 | 5 CLB"),
    ),
    probe(
        "averages stand in no sum",
        PROVINCE,
        rows("Xã | Bình quân", "Tân Lập | 55", "Tân Mỹ | 57", "Toàn tỉnh | 56"),
    ),
)

MONEY = (
    probe(
        "a district's budget of before",
        COMMUNE,
        on_money("Ngân sách huyện (cũ) đã hỗ trợ 20 triệu đồng."),
    ),
    probe(
        "so many times the price",
        COMMUNE,
        edit("budget", "Mua sắm", quantity=4),
        "V02",
    ),
    probe(
        "the state's share in words",
        COMMUNE,
        on_money("Tổng kinh phí 240 triệu đồng, trong đó ngân sách xã 150 triệu đồng."),
    ),
    probe(
        "the state's share in words, otherwise",
        COMMUNE,
        on_money("Tổng kinh phí 240 triệu đồng, trong đó ngân sách xã 160 triệu đồng."),
        "V28",
    ),
    probe(
        "a product is no target",
        COMMUNE,
        on_money("Mua sắm 25 triệu đồng/CLB × 3 CLB = 75 triệu đồng."),
    ),
    probe(
        "an average below the least",
        DISTRICT,
        add(
            "targets",
            indicator="income_fund_avg",
            phase="2021-2025",
            comparator=Comparator.EQ,
            low=28 * MILLION,
        ),
        "V34",
    ),
    probe(
        "both funds without the one",
        DISTRICT,
        add(
            "targets",
            indicator="clubs_income_fund_pct",
            phase="2021-2025",
            comparator=Comparator.EQ,
            low=9000,
            denominator="clubs_total",
        ),
        "V32",
    ),
)

WORDS = (
    probe("clubs in words", DISTRICT, in_text("Thành lập hai mươi mốt câu lạc bộ.")),
    probe(
        "clubs in words, otherwise", DISTRICT, in_text("Thành lập hai mươi lăm câu lạc bộ."), "V28"
    ),
    probe(
        "a share that is reached",
        DISTRICT,
        in_text("Hiện nay 6/7 xã vùng ven, đạt từ 85% số xã vùng này."),
    ),
    probe(
        "a share in brackets behind its count",
        DISTRICT,
        in_text("Mở rộng tới 7 thôn (đạt 70% số thôn của xã điểm)."),
    ),
    probe(
        "parts that come to the whole",
        DISTRICT,
        in_text("Ưu tiên 12 câu lạc bộ ở xã chưa có; 09 câu lạc bộ ở xã đã có."),
    ),
    probe("a part alone", DISTRICT, in_text("Ưu tiên 12 câu lạc bộ ở xã chưa có."), "V28"),
    probe("how often others train", DISTRICT, in_text("Tập huấn ban chủ nhiệm mỗi năm một lần.")),
    probe(
        "money that is raised is no average of funds",
        PROVINCE,
        in_text("Vận động bổ sung quỹ, bình quân 5 triệu đồng mỗi câu lạc bộ."),
    ),
    probe(
        "no lower than",
        DISTRICT,
        edit(
            "targets", "income_fund_min", wording="quỹ mỗi câu lạc bộ không thấp hơn 30 triệu đồng"
        ),
    ),
    probe(
        "the whole with its phases",
        DISTRICT,
        edit(
            "targets",
            "clubs_new/2021-2025",
            wording="thành lập 21 câu lạc bộ, gồm 15 (2021 - 2023) và 06 (2024 - 2025)",
        ),
    ),
    probe(
        "so many more, up to so many",
        DISTRICT,
        edit(
            "targets", "communes_with_club/2021-2023", wording="có thêm 04 xã, nâng số này lên 08"
        ),
    ),
    probe(
        "what was reached before, at the end of its sentence",
        DISTRICT,
        in_text("Huyện đã có 05 câu lạc bộ tại 04 xã, bằng 40% số xã."),
    ),
    probe(
        "summed up before it begins",
        DISTRICT,
        in_text("Tổng kết vào tháng 12 năm 2020."),
        "V44",
    ),
    probe("summed up at its end", DISTRICT, in_text("Tổng kết vào quý IV năm 2025.")),
    probe("what was summed up", DISTRICT, in_text("Trên cơ sở báo cáo tổng kết năm 2020.")),
)

LEVELS = (
    probe(
        "an office of the province leads a commune's work",
        COMMUNE,
        also(
            edit("tasks", "Bố trí kinh phí", leads=("Sở Tài chính",)),
            add("duties", agency="Sở Tài chính", text="Phối hợp bố trí kinh phí."),
        ),
        "V19 V24",
    ),
    probe(
        "it is asked to join",
        COMMUNE,
        edit("tasks", "Bố trí kinh phí", coordinating=("Sở Tài chính",)),
    ),
    probe(
        "the people of another commune",
        COMMUNE,
        in_text("Cán bộ và nhân dân xã Tân Lập tích cực tham gia."),
        "V19",
    ),
)

REPORTING = (
    probe(
        "to the State and to the association",
        COMMUNE,
        also(
            edit(REPORTS, "Ủy ban nhân dân xã", addressees=("Sở Y tế", "Hội Người cao tuổi tỉnh")),
            add("recipients", name="Hội Người cao tuổi tỉnh"),
        ),
    ),
    probe(
        "to two offices of the State",
        COMMUNE,
        edit(REPORTS, "Ủy ban nhân dân xã", addressees=("Sở Y tế", ABOVE)),
        "V25",
    ),
    probe(
        "half-yearly and yearly, in two lines",
        COMMUNE,
        also(
            edit(REPORTS, "Hội Người cao tuổi xã", due="trước 15/6"),
            add(
                REPORTS,
                reporter="Hội Người cao tuổi xã",
                addressees=("Ủy ban nhân dân xã",),
                frequency=Frequency.YEARLY,
                due="trước 15/12",
            ),
        ),
    ),
    probe(
        "past the district",
        DISTRICT,
        edit(
            REPORTS,
            "Ủy ban nhân dân các xã",
            addressees=("Sở Lao động - Thương binh và Xã hội",),
        ),
        "V25",
    ),
    probe(
        "who reports gets no copy", DISTRICT, drop("recipients", "Ủy ban nhân dân các xã"), "V26"
    ),
    probe("a ministry gets no copy", PROVINCE, drop("recipients", "Bộ Y tế"), "V26"),
    probe(
        "the centre of the association gets none",
        PROVINCE,
        edit(
            REPORTS,
            "Sở Y tế",
            addressees=("Bộ Y tế", "Trung ương Hội Người cao tuổi Việt Nam"),
        ),
        "V26",
    ),
    probe(
        "each tier has a budget to lay out",
        DISTRICT,
        also(
            add("duties", agency="Phòng Tài chính - Kế hoạch", text="Chủ trì bố trí kinh phí."),
            reword("duties", "các xã", "Phối hợp", "Chủ trì bố trí kinh phí của xã; phối hợp"),
        ),
    ),
    probe(
        "who joins does not lead",
        COMMUNE,
        reword("duties", "Hội Người cao tuổi xã", "hướng dẫn", "phối hợp bố trí kinh phí;"),
    ),
)

PAPERS = (
    probe(
        "a law of before 2016",
        COMMUNE,
        cite(
            "Luật",
            "",
            date(2003, 11, 26),
            "Quốc hội",
            "Luật Tổ chức Hội đồng nhân dân và Ủy ban nhân dân",
        ),
        "V41",
    ),
    probe(
        "a plan whose time is over",
        COMMUNE,
        cite(
            "Kế hoạch",
            "45/KH-UBND",
            date(2021, 4, 20),
            ABOVE,
            "phát triển kinh tế - xã hội giai đoạn 2021 - 2025",
        ),
        "V41",
    ),
    probe(
        "a report of a time that is over",
        COMMUNE,
        cite(
            "Báo cáo",
            "45/BC-UBND",
            date(2025, 12, 19),
            ABOVE,
            "tổng kết Đề án giai đoạn 2021 - 2025",
        ),
    ),
    probe("a scheme as a plan", COMMUNE, edit("papers", "plan", number="12/ĐA-UBND")),
    probe("a decision as a plan", COMMUNE, edit("papers", "plan", number="12/QĐ-UBND"), "V17"),
    probe(
        "a proposal after its decision, which cites it",
        DISTRICT,
        also(
            edit("papers", "60/TTr-PLĐTBXH", dated_on=date(2021, 5, 10)),
            edit(BASES, "60/TTr-PLĐTBXH", dated_on=date(2021, 5, 10)),
        ),
        "V15",
    ),
)

FIGURES = (
    probe(
        "who borrows is of all members",
        DISTRICT,
        also(
            add(
                "targets",
                indicator="members_total",
                phase="2021-2025",
                counts_from=CountsFrom.CUMULATIVE,
                comparator=Comparator.EQ,
                low=1530,
            ),
            add(
                "targets",
                indicator="loans_members",
                phase="2021-2025",
                comparator=Comparator.GTE,
                low=1300,
            ),
        ),
    ),
    probe(
        "a share of another whole",
        DISTRICT,
        edit("targets", "women_share", denominator="members_older", wording=""),
        "V21",
    ),
    probe(
        "young up to an age",
        DISTRICT,
        also(
            edit("targets", "young_share", wording="30 - 40% là người trẻ"),
            edit("definitions", "dưới 60 tuổi", age=60, text="thành viên chưa đủ 60 tuổi"),
        ),
    ),
)

PROBES: tuple[Probe, ...] = (
    *named("tables", TABLES),
    *named("money", MONEY),
    *named("words", WORDS),
    *named("levels", LEVELS),
    *named("reports", REPORTING),
    *named("papers", PAPERS),
    *named("figures", FIGURES),
)
