"""While a stranger's file is read, which may take half a minute, nobody waits for a lock."""

import io

import pytest
from support import files
from support.packages import DAY, PACKAGE

from lth.blueprints.web.extensions import db
from lth.core import apart
from lth.exchange.edxml.writer import write
from lth.exchange.papers import word

CLERK, LEADER = "clerk of a returned plan", "district leader"
RETURNED = "xã Ngọc Biên"

UPLOADS = {
    "an image beside a plan": (
        CLERK,
        "/commune/documents/{xã Ngọc Biên}/files",
        "files",
        files.photograph(),
    ),
    "a workbook of a plan": (
        CLERK,
        "/commune/documents/{xã Ngọc Biên}/draft/workbook",
        "file",
        files.excel(),
    ),
    "an existing plan": (CLERK, "/commune/plan-readings/files", "file", files.PDF),
    "a list of clubs": (CLERK, "/commune/clubs/list", "file", files.excel()),
    "a packet": (CLERK, "/packets", "file", write(PACKAGE, today=DAY)),
    "a signed copy": (
        LEADER,
        "/district/documents/{huyện Trà Cú}/signed",
        "file",
        files.PDF,
    ),
    "a template of papers": (
        "unit administrator",
        "/admin/templates/named",
        "file",
        word.shipped("named"),
    ),
}


@pytest.mark.parametrize("what", UPLOADS)
def test_no_transaction_is_open_while_a_file_is_read(
    guarded, visitor, document_of, monkeypatch, what
):
    who, address, field, data = UPLOADS[what]
    before, _, rest = address.partition("{")
    unit, _, after = rest.partition("}")
    url = f"{before}{document_of(unit).id}{after}" if unit else address
    browser, call, open_ones = visitor(who), apart.call, []

    def watched(name, given, *more, **limits):
        if given == data:
            open_ones.append(db.session().in_transaction())
        return call(name, given, *more, **limits)

    monkeypatch.setattr(apart, "call", watched)
    others = {"seen": "", "note": "", "pasted": "", "period": document_of(RETURNED).period_id}
    answer = browser.post(url, {field: (io.BytesIO(data), "tep"), **others})
    assert answer.status_code in {302, 409, 422}, answer.text
    assert open_ones
    assert not any(open_ones)
