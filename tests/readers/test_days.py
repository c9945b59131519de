"""Days as people type them; what a day is written like is read back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lth.core.readers.days import YEARS, UnreadableDayError, read_day
from lth.core.vietnamese import format_date

SEVENTH_OF_MAY = (
    *("07/5/2021", "7/5/2021", "07-05-2021", "7-5-2021", "07.05.2021", "7.5.2021", "7 5 2021"),
    *("2021-05-07", "2021/5/7", "2021.05.07", "07 / 05 / 2021", "07–05–2021", "07—05—2021"),
    *(
        "07\u221205\u22122021",
        "07\u201005\u20102021",
        "07\u00a0/\u00a05/2021",
        "０７／０５／２０２１",
    ),
    *("ngày 7 tháng 5 năm 2021", "Ngày 07 tháng 05 năm 2021", "7 tháng 5 năm 2021"),
    *("7 tháng 5, 2021", "7 thg 5, 2021", "ngày 07/5/2021", "thứ Sáu, 07/5/2021", "07/5/2021."),
    *("7/5/21", "07/05/21", "07052021", "20210507", "2021-05-07 00:00:00", "2021-05-07T00:00:00"),
    *("7 May 2021", "07/5/\u200b2021", " 07/5/2021 ", "07,5,2021", "07\\05\\2021"),
)
NO_DAYS = {
    **dict.fromkeys(("", "hôm nay", "5/2021", "tháng 5 năm 2021", "7/5", "2021", "7/5/202"), "mẫu"),
    **{"31/4/2021": "Lịch", "29/02/2021": "Lịch", "00/5/2021": "Lịch", "2021-02-30": "Lịch"},
    **{"12/31/2021": "tháng 31", "7/13/2021": "tháng 13", "7/0/2021": "tháng 0"},
    **{"7/5/1021": "1021", "7/5/9999": "9999"},
    **{"7/5/96": "07/5/2096", "07-05-21": "21/5/2007"},
    "٧/٥/٢٠٢١": "mẫu",
}


@pytest.mark.parametrize("text", SEVENTH_OF_MAY)
def test_one_day_in_many_forms(text):
    assert read_day(text) == date(2021, 5, 7)


@pytest.mark.parametrize(("text", "why"), NO_DAYS.items())
def test_what_is_no_day_says_why(text, why):
    with pytest.raises(UnreadableDayError) as refused:
        read_day(text)

    assert why in str(refused.value.message)


@given(st.dates(date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)), st.sampled_from(["vi", "en"]))
def test_a_day_reads_back(day, language):
    assert read_day(format_date(day, language)) == day
    assert read_day(day.isoformat()) == day


@given(st.text(max_size=20))
def test_no_text_does_more_than_be_refused(text):
    try:
        read_day(text)
    except UnreadableDayError as error:
        assert str(error.message)
