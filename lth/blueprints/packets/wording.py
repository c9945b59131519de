"""The words of packets: what kind, what they say, how they were answered."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lth.core.formats import format_date, format_moment, format_number
from lth.core.i18n import N_, Message
from lth.core.language import gettext, say
from lth.core.vietnamese import capitalize_first
from lth.exchange.edxml.statuses import name_of
from lth.models import ExchangePacket
from lth.models.packet import PacketKind

_KIND_LABEL = {
    PacketKind.NEW: N_("Văn bản mới"),
    PacketKind.RECALL: N_("Đề nghị thu hồi"),
    PacketKind.UPDATE: N_("Đề nghị cập nhật"),
    PacketKind.REPLACE: N_("Đề nghị thay thế"),
    PacketKind.STATUS: N_("Báo trạng thái"),
    PacketKind.ANSWER: N_("Gói tin trả lời"),
}
_PRIORITIES = {
    "0": N_("Thường"),
    "1": N_("Khẩn"),
    "2": N_("Thượng khẩn"),
    "3": N_("Hỏa tốc"),
    "4": N_("Hỏa tốc hẹn giờ"),
}


def kind(packet: ExchangePacket) -> str:
    """Word what a packet is."""
    return say(Message(_KIND_LABEL[packet.kind]))


def state(packet: ExchangePacket) -> str:
    """Word the state that a packet tells, or that an answer gives."""
    return capitalize_first(say(name_of(packet.status_code)))


def title(packet: ExchangePacket) -> str:
    """Word a packet in a line: its number, or what it is."""
    return packet.number or kind(packet)


def size(count: int) -> str:
    """Write how large a file is: "34 KB", "1,2 MB"."""
    if count < 1024 * 1024:
        return gettext("%(count)s KB", count=max(1, round(count / 1024)))
    tenths = round(Decimal(count) / 1024**2, 1)
    return gettext("%(count)s MB", count=format_number(tenths))


def rows(packet: ExchangePacket) -> list[tuple[str, str]]:
    """List what a packet says, each with what it is called; what it does not say is left out."""
    facts = packet.facts
    told = _status_rows(packet, facts) if packet.kind is PacketKind.STATUS else _rows(facts)
    return [(label, value) for label, value in told if value]


def _rows(facts: dict[str, Any]) -> list[tuple[str, str]]:
    other, signer = facts.get("other", {}), facts.get("signer", {})
    urgency = str(other.get("priority", ""))
    return [
        (gettext("Nơi gửi"), _agency(facts.get("sender", {}))),
        (gettext("Nơi nhận"), "; ".join(_agency(one) for one in facts.get("receivers", []))),
        (gettext("Số, ký hiệu"), _numbered(facts)),
        (gettext("Ngày ban hành"), _day(facts.get("day"), facts.get("day_text", ""))),
        (gettext("Nơi ban hành"), facts.get("place", "")),
        (gettext("Loại văn bản"), facts.get("type_name", "")),
        (gettext("Trích yếu"), facts.get("subject", "")),
        (gettext("Nội dung"), facts.get("content", "")),
        (gettext("Người ký"), _joined(signer, ("competence", "position", "name"))),
        (gettext("Hạn xử lý"), _day(facts.get("due"), facts.get("due_text", ""))),
        (gettext("Độ khẩn"), say(Message(_PRIORITIES[urgency])) if urgency in _PRIORITIES else ""),
        (gettext("Lĩnh vực"), other.get("field", "")),
        (gettext("Số trang"), other.get("pages", "")),
        (gettext("Phụ lục"), "; ".join(other.get("appendixes", []))),
        (gettext("Lý do"), facts.get("reason", "")),
        (gettext("Về văn bản"), "; ".join(_earlier(one) for one in facts.get("earlier", []))),
        (gettext("Cập nhật văn bản"), facts.get("update_of", "")),
        (
            gettext("Thay thế văn bản"),
            "; ".join(one["document_id"] for one in facts.get("replaced", [])),
        ),
        (gettext("Mã văn bản"), facts.get("document_id", "")),
        (gettext("Ghi ở Nơi nhận"), " ".join(facts.get("to_places", []))),
    ]


def _status_rows(packet: ExchangePacket, facts: dict[str, Any]) -> list[tuple[str, str]]:
    moment = facts.get("moment")
    return [
        (gettext("Trạng thái"), state(packet)),
        (gettext("Nơi báo"), _agency(facts.get("sender", {}))),
        (gettext("Về văn bản"), _earlier(facts.get("about", {}))),
        (gettext("Ghi chú"), facts.get("description", "")),
        (gettext("Người xử lý"), _joined(facts.get("staff", {}), ("name", "department"))),
        (gettext("Lúc"), format_moment(datetime.fromisoformat(moment)) if moment else ""),
    ]


def _agency(facts: dict[str, Any]) -> str:
    name, code = facts.get("name", ""), facts.get("code", "")
    return f"{name} ({code})" if name and code else name or code


def _numbered(facts: dict[str, Any]) -> str:
    return "/".join(part for part in (facts.get("number"), facts.get("notation")) if part)


def _day(day: str | None, as_written: str) -> str:
    return format_date(date.fromisoformat(day)) if day else as_written


def _joined(facts: dict[str, Any], names: tuple[str, ...]) -> str:
    return ", ".join(facts[name] for name in names if facts.get(name))


def _earlier(facts: dict[str, Any]) -> str:
    day = _day(facts.get("day"), "")
    parts = [facts.get("numbered", "") or facts.get("document_id", "")]
    if day:
        parts.append(gettext("ngày %(date)s", date=day))
    return " ".join(part for part in parts if part)
