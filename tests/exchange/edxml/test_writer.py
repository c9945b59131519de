"""A package is written as the samples have it, and not at all while anything is missing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree
from support.packages import COMMUNE, DAY, DEPARTMENT, DISTRICT, PACKAGE, PDF, SENT

from lth.core.errors import BlockedError
from lth.exchange.edxml.gaps import missing
from lth.exchange.edxml.package import (
    Business,
    EarlierDocument,
    OtherFacts,
    PackageFile,
    StatusPacket,
    keys_of,
)
from lth.exchange.edxml.statuses import name_of
from lth.exchange.edxml.writer import write, write_status

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"


def lacks(**values):
    return [str(one) for one in missing(replace(PACKAGE, **values), today=DAY)]


def test_nothing_is_missing_from_a_whole_package():
    assert missing(PACKAGE, today=DAY) == ()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"sender": replace(COMMUNE, code=" ")}, "xã Tập Sơn chưa có mã định danh"),
        ({"receivers": (DISTRICT, replace(DEPARTMENT, code=""))}, "Sở Y tế & Dân số <tỉnh> chưa"),
        ({"receivers": ()}, "Chưa có nơi nhận nào."),
        ({"receivers": (DISTRICT, DISTRICT)}, "cùng mã định danh 000.00.34.H61"),
        ({"number": ""}, "Chưa có số văn bản."),
        ({"notation": "\u200b"}, "Chưa có ký hiệu văn bản."),
        ({"subject": " "}, "Chưa có trích yếu."),
        ({"day": None}, "Chưa có ngày ban hành."),
        ({"day": DAY + timedelta(days=1)}, "Ngày ban hành 21/11/2026 còn ở phía trước"),
        ({"paper": None}, "Chưa có tệp PDF đã ký."),
        ({"paper": PackageFile("a.pdf", b"")}, "Chưa có tệp PDF đã ký."),
        ({"paper": PackageFile("a.pdf", b"PK\x03\x04")}, "phải là PDF"),
        ({"subject": "x" * 501}, "Trích yếu dài 501 ký tự, gói tin chỉ nhận 500"),
        ({"number": "1" * 12}, "Số văn bản dài 12 ký tự"),
        ({"sender": replace(COMMUNE, code="H" * 36)}, "dài 36 ký tự, gói tin chỉ nhận 35"),
        ({"other": OtherFacts(appendixes=("x" * 251,))}, "Tên một phụ lục dài 251"),
        ({"business": Business.RECALL, "reason": "Ban hành nhầm"}, "Chưa rõ thu hồi văn bản nào."),
        ({"business": Business.UPDATE, "update_of": "x", "reason": ""}, "Cần ghi lý do"),
        ({"business": Business.REPLACE, "reason": "x"}, "Chưa rõ thay thế văn bản nào."),
    ],
)
def test_what_is_missing_is_told_and_blocks(values, told):
    assert [text for text in lacks(**values) if told in text] != []
    with pytest.raises(BlockedError, match=r".") as caught:
        write(replace(PACKAGE, **values), today=DAY)
    assert [str(one) for one in caught.value.messages] == lacks(**values)


def test_the_number_of_characters_is_that_of_what_is_written():
    assert lacks(subject="x" * 500 + "   \n") == []


def test_the_order_is_that_of_the_samples():
    package = replace(
        PACKAGE,
        due=DAY,
        content="Tóm tắt",
        steering="1",
        earlier=(EarlierDocument("H61", "3/KH-UBND"),),
    )
    root = etree.fromstring(write(package, today=DAY))
    header = root.find(".//{*}MessageHeader")
    assert [etree.QName(one).localname for one in header] == [
        *("From", "To", "To", "DocumentId", "Code", "PromulgationInfo", "DocumentType", "Subject"),
        *("Content", "SignerInfo", "DueDate", "OtherInfo", "ResponseFor", "SteeringType"),
        "ToPlaces",
    ]
    envelope = root.find("{*}edXMLEnvelope")
    assert [etree.QName(one).localname for one in envelope] == ["edXMLHeader", "edXMLBody"]
    assert [etree.QName(one).localname for one in root] == ["edXMLEnvelope", "AttachmentEncoded"]


def test_prefixes_stand_where_the_samples_have_them():
    root = etree.fromstring(write(PACKAGE, today=DAY))
    envelope, attached = root
    assert {etree.QName(one).namespace for one in root.iter()} == {NAMESPACE}
    assert root.prefix is None
    assert {one.prefix for one in envelope.iter()} == {"edXML"}
    payload = attached.find(".//{*}ContentTransferEncoded")
    assert {one.prefix for one in attached.iter() if one is not payload} == {None}
    assert payload.prefix == "edXML"


def test_the_id_is_code_day_and_number():
    text = write(PACKAGE, today=DAY).decode()
    assert "<edXML:DocumentId>000.21.34.H61,2026/11/20,12/KH-UBND</edXML:DocumentId>" in text
    assert replace(PACKAGE, sender=replace(COMMUNE, code="")).identifier == ""
    assert keys_of(PACKAGE).numbered == "000.21.34.h61|12/kh-ubnd|2026-11-20"


def test_the_same_value_gives_the_same_bytes_and_no_signature_is_made_up():
    assert write(PACKAGE, today=DAY) == write(replace(PACKAGE), today=DAY)
    assert b"Signature" not in write(PACKAGE, today=DAY)


def test_each_file_is_paired_by_an_id_of_its_own():
    twice = replace(PACKAGE, attachments=(PackageFile("12-KH-UBND.pdf", PDF),))
    root = etree.fromstring(write(twice, today=DAY))
    named = [one.text for one in root.findall(".//{*}Reference/{*}ContentId")]
    carried = [one.text for one in root.findall(".//{*}Attachment/{*}ContentId")]
    assert named == carried
    assert len(set(named)) == 2


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"code": "09"}, "Chưa chọn trạng thái"),
        ({"code": "02", "description": ""}, "Cần ghi lý do."),
        ({"code": "16", "description": " "}, "Cần ghi lý do."),
        ({"sender": replace(COMMUNE, code="")}, "chưa có mã định danh"),
        ({"about": EarlierDocument("H61")}, "Chưa rõ văn bản được trả lời"),
    ],
)
def test_an_answer_that_says_too_little_is_not_written(values, told):
    packet = StatusPacket(COMMUNE, EarlierDocument("H61", "1/KH-UBND"), "03", moment=SENT)
    assert b"<edXML:StatusCode>03</edXML:StatusCode>" in write_status(packet)
    with pytest.raises(BlockedError, match=told):
        write_status(replace(packet, **values))


def test_codes_that_nobody_has_defined_are_not_guessed_at():
    assert str(name_of("09")) == "mã chưa rõ: 09"
    assert str(name_of("15")) == "nơi nhận đồng ý lấy lại hoặc thay đổi"
