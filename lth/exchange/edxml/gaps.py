"""What a package still lacks before it may be written, each in words that say what to do."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from lth.core import clock
from lth.core.i18n import N_, Message
from lth.core.vietnamese import format_date, one_line
from lth.exchange.edxml.package import Business, Correspondent, EdxmlPackage, StatusPacket
from lth.exchange.edxml.statuses import ASKED_BACK, DISAGREED, REFUSED, STATUSES

LONGEST_CODE = 35
"""Characters of a mã định danh (Quyết định 20/2020/QĐ-TTg)."""

_MEGABYTE = 1024 * 1024
MOST_BYTES = 45 * _MEGABYTE
"""All files of a package together."""


def missing(package: EdxmlPackage, today: date | None = None) -> tuple[Message, ...]:
    """List what blocks a package, empty when it may be written; `today` is Vietnam's, unless given.

    A `field` of a message names the value of the package that it is about.
    """
    today = today or clock.today()
    return (
        *_agencies(package),
        *_number_and_day(package, today),
        *_purpose(package),
        *_files(package),
        *_too_long(package),
    )


def missing_of_status(packet: StatusPacket) -> tuple[Message, ...]:
    """List what blocks a status packet."""
    found = []
    if not one_line(packet.sender.code):
        found.append(_no_code(packet.sender, "sender"))
    if packet.code not in STATUSES:
        found.append(Message(N_("Chưa chọn trạng thái để trả lời."), field="code"))
    if not (packet.about.document_id or packet.about.numbered):
        said = N_("Chưa rõ văn bản được trả lời: cần mã văn bản hoặc số, ký hiệu.")
        found.append(Message(said, field="about"))
    if packet.code in {REFUSED, DISAGREED, ASKED_BACK} and not one_line(packet.description):
        found.append(Message(N_("Cần ghi lý do."), field="description"))
    return tuple(found)


def _agencies(package: EdxmlPackage) -> Iterator[Message]:
    if not one_line(package.sender.name):
        yield Message(N_("Chưa có tên cơ quan gửi."), field="sender")
    if not one_line(package.sender.code):
        yield _no_code(package.sender, "sender")
    if not package.receivers:
        yield Message(N_("Chưa có nơi nhận nào."), field="receivers")
    for receiver in package.receivers:
        if not one_line(receiver.code):
            yield _no_code(receiver, "receivers")
    codes = Counter(one_line(receiver.code) for receiver in package.receivers)
    for code, times in codes.items():
        if code and times > 1:
            said = N_("Hai nơi nhận có cùng mã định danh %(code)s: hãy xem lại mã của từng nơi.")
            yield Message(said, {"code": code}, field="receivers")


def _no_code(agency: Correspondent, field: str) -> Message:
    said = N_("%(agency)s chưa có mã định danh: quản trị đơn vị nhập mã được cấp rồi xuất lại.")
    return Message(said, {"agency": one_line(agency.name) or "?"}, field=field)


def _number_and_day(package: EdxmlPackage, today: date) -> Iterator[Message]:
    wanted = (
        ("number", package.number, N_("Chưa có số văn bản.")),
        ("notation", package.notation, N_("Chưa có ký hiệu văn bản.")),
        ("subject", package.subject, N_("Chưa có trích yếu.")),
    )
    for field, value, said in wanted:
        if not one_line(value):
            yield Message(said, field=field)
    if package.day is None:
        yield Message(N_("Chưa có ngày ban hành."), field="day")
    elif package.day > today:
        said = N_("Ngày ban hành %(day)s còn ở phía trước: chỉ xuất gói tin khi đã ban hành.")
        yield Message(said, {"day": format_date(package.day)}, field="day")


def _purpose(package: EdxmlPackage) -> Iterator[Message]:
    if package.business is Business.NEW:
        return
    if not one_line(package.reason):
        yield Message(N_("Cần ghi lý do thu hồi, cập nhật hoặc thay thế."), field="reason")
    if package.business is Business.RECALL and not package.earlier:
        yield Message(N_("Chưa rõ thu hồi văn bản nào."), field="earlier")
    if package.business is Business.UPDATE and not one_line(package.update_of):
        yield Message(N_("Chưa rõ cập nhật văn bản nào."), field="update_of")
    if package.business is Business.REPLACE and not package.replaced:
        yield Message(N_("Chưa rõ thay thế văn bản nào."), field="replaced")


def _files(package: EdxmlPackage) -> Iterator[Message]:
    if package.paper is None or not package.paper.data:
        yield Message(N_("Chưa có tệp PDF đã ký."), field="paper")
    elif not package.paper.data.startswith(b"%PDF-"):
        yield Message(N_("Tệp văn bản đã ký phải là PDF."), field="paper")
    if sum(len(file.data) for file in package.files) > MOST_BYTES:
        said = N_("Các tệp của gói tin nặng quá 45 MB: hãy bớt tệp hoặc quét lại nhẹ hơn.")
        yield Message(said, field="attachments")


# --- Lengths ------------------------------------------------------------------------------


def _too_long(package: EdxmlPackage) -> Iterator[Message]:
    for field, name, value, most in _limited(package):
        length = len(one_line(value))
        if length > most:
            said = N_("%(what)s dài %(length)s ký tự, gói tin chỉ nhận %(most)s: hãy rút gọn.")
            filled = {"what": name, "length": length, "most": most}
            yield Message(said, filled, field=field)


_Limited = tuple[str, Message, str, int]


def _limited(package: EdxmlPackage) -> Iterator[_Limited]:
    """Yield each text that has a longest length: field, what it is called, text, characters."""
    plain = (
        ("number", N_("Số văn bản"), package.number, 11),
        ("notation", N_("Ký hiệu văn bản"), package.notation, 30),
        ("place", N_("Nơi ban hành"), package.place, 50),
        ("type_name", N_("Tên loại văn bản"), package.type_name, 100),
        ("subject", N_("Trích yếu"), package.subject, 500),
        ("content", N_("Nội dung tóm tắt"), package.content, 500),
        ("signer", N_("Thẩm quyền ký"), package.signer.competence, 100),
        ("signer", N_("Chức vụ người ký"), package.signer.position, 100),
        ("signer", N_("Họ tên người ký"), package.signer.name, 50),
        ("other", N_("Lĩnh vực"), package.other.field, 100),
        ("other", N_("Ký hiệu người soạn"), package.other.typer, 10),
    )
    for field, name, value, most in plain:
        yield field, Message(name), value, most
    for place in package.to_places:
        yield "to_places", Message(N_("Một dòng của Nơi nhận")), place, 150
    for appendix in package.other.appendixes:
        yield "other", Message(N_("Tên một phụ lục")), appendix, 250
    for file in package.files:
        yield "attachments", Message(N_("Tên một tệp")), file.name, 200
    yield from _limited_agency("sender", package.sender)
    for receiver in package.receivers:
        yield from _limited_agency("receivers", receiver)


def _limited_agency(field: str, agency: Correspondent) -> Iterator[_Limited]:
    limits = (
        (N_("Mã định danh của %(agency)s"), agency.code, LONGEST_CODE),
        (N_("Tên của %(agency)s"), agency.name, 200),
        (N_("Cơ quan chủ quản của %(agency)s"), agency.in_charge, 200),
        (N_("Địa chỉ của %(agency)s"), agency.address, 250),
        (N_("Thư điện tử của %(agency)s"), agency.email, 100),
        (N_("Điện thoại của %(agency)s"), agency.telephone, 20),
        (N_("Fax của %(agency)s"), agency.fax, 20),
        (N_("Trang điện tử của %(agency)s"), agency.website, 100),
    )
    for name, value, most in limits:
        yield field, Message(name, {"agency": one_line(agency.name)[:60]}), value, most
