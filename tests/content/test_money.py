"""What a budget comes to, in words that a section's text takes over."""

from lth.content.line_types import BudgetLine
from lth.content.money import HEAD, outdated, paragraph, put_into
from lth.models.parts import MoneyLevel, MoneySource

MILLION = 1_000_000
LINES = [
    BudgetLine("", "Tập huấn", MoneySource.STATE, MoneyLevel.COMMUNE, 2026, 300 * MILLION),
    BudgetLine("", "Giám sát", MoneySource.STATE, MoneyLevel.PROVINCE, 2027, 200 * MILLION),
    BudgetLine("", "Vận động", MoneySource.SOCIAL, amount=5 * MILLION),
    BudgetLine("", "Khác", None, amount=1),
    BudgetLine("", "Loa", MoneySource.SOCIAL),
]


def test_the_text_says_source_tier_year_and_what_is_lacking():
    assert paragraph(LINES).split("\n") == [
        "Tổng kinh phí dự kiến: 505.000.001 đồng, gồm:",
        "- Ngân sách nhà nước: 500.000.000 đồng"
        " (cấp tỉnh 200.000.000 đồng; cấp xã 300.000.000 đồng).",
        "- Xã hội hóa: 5.000.000 đồng.",
        "- Chưa ghi nguồn: 1 đồng.",
        "Theo năm: 2026: 300.000.000 đồng; 2027: 200.000.000 đồng.",
        "Chưa xác định số tiền: 1 khoản.",
    ]


def test_no_money_at_all():
    assert paragraph([]) == "Tổng kinh phí dự kiến: 0 đồng."


def test_it_is_put_behind_what_was_written_and_replaced_in_its_place():
    text = put_into("Nguồn kinh phí như sau.", LINES)
    assert text.startswith("Nguồn kinh phí như sau.\n\n" + HEAD)
    assert not outdated(text, LINES)
    more = f"{text}\n\n- Việc thanh toán theo quy định."
    fewer = LINES[:1]
    assert outdated(more, fewer)
    again = put_into(more, fewer)
    assert again.count(HEAD) == 1
    assert again == put_into("Nguồn kinh phí như sau.", fewer) + (
        "\n\n- Việc thanh toán theo quy định."
    )
    assert not outdated(again, fewer)
    assert put_into(again, fewer) == again


def test_a_text_without_it_is_never_outdated():
    assert not outdated("Tổng kinh phí: 3 đồng.", LINES)
