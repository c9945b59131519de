"""A programme of one's own, as somebody would write its file; and one that lacks an indicator."""

import re
from collections.abc import Collection

OWN = """
code = "HOME-27"
name_vi = "Chương trình chăm sóc người cao tuổi tại nhà"
name_en = "Home care for older people"
decision = "Quyết định số 27/QĐ-UBND ngày 04/01/2021"
starts_on = 2021-01-01
ends_on = 2025-12-31

[sources.decision]
vi = "Quyết định số 27/QĐ-UBND"
en = "Decision 27/QĐ-UBND"

[[period]]
code = "2021-2025"
starts_on = 2021-01-01
ends_on = 2025-12-31

[[period.phase]]
code = "2021-2022"
starts_on = 2021-01-01
ends_on = 2022-12-31

[[period.phase]]
code = "2023-2025"
starts_on = 2023-01-01
ends_on = 2025-12-31

[[area]]
code = "visits"
name_vi = "Thăm hỏi tại nhà"
name_en = "Home visits"

[[section]]
code = "need"
title = "I. Nhu cầu chăm sóc"
hint = "Bao nhiêu người cần, ở đâu."
required = true

[[section]]
code = "visits"
title = "II. Tổ chức thăm hỏi"

[norms]
visited_pct = { min = 80, source = "decision" }

[[indicator]]
code = "visited"
topic = "activity"
label_vi = "Người được thăm hỏi tại nhà"
label_en = "People visited at home"
unit_vi = "người"
unit_en = "people"
measure = "count"
roll_up = "sum"
required = true

[[indicator]]
code = "in_need"
topic = "activity"
label_vi = "Người cần chăm sóc"
label_en = "People in need of care"
unit_vi = "người"
unit_en = "people"
measure = "count"
roll_up = "sum"

[[indicator]]
code = "visited_pct"
topic = "activity"
label_vi = "Tỷ lệ được thăm hỏi"
label_en = "Share visited"
unit_vi = "%"
unit_en = "%"
measure = "percent"
roll_up = "ratio"
numerator = "visited"
denominator = "in_need"
"""


def without_one(text: str, used: Collection[str]) -> tuple[str, str]:
    """A programme's file without an indicator of those used, which nothing else in it names.

    Also returns the indicator's code.
    """
    head, *tables = re.split(r"(?m)^(?=\[\[)", text)
    code = min(one for one in used if text.count(f'"{one}"') == 1 and f"[norms.{one}]" not in text)
    kept = [one for one in tables if f'code = "{code}"' not in one.splitlines()]
    assert len(kept) == len(tables) - 1
    return "".join([head, *kept]), code
