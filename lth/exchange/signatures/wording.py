"""The three lines of a report, in words."""

from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.status import SignatureCoverageLevel

from lth.core import clock
from lth.core.i18n import N_, Message
from lth.core.vietnamese import one_line
from lth.exchange.signatures.chains import Chain, Revocation
from lth.exchange.signatures.report import Certainty

UNREADABLE = Message(N_("Không xác định: phần chữ ký trong tệp không đọc được."))
NO_CHAIN_AT_ALL = Message(N_("Không xác định người ký và chuỗi chứng thư."))
NO_STATUS_AT_ALL = Message(N_("Không xác định tình trạng chứng thư lúc ký."))

LONGEST_NAME = 200

_LATER = {
    ModificationLevel.NONE: (
        Certainty.YES,
        N_(
            "Phần được ký nguyên vẹn; sau đó tệp có thêm %(count)s byte, từ byte %(first)s, không"
            " thấy làm đổi nội dung."
        ),
    ),
    ModificationLevel.LTA_UPDATES: (
        Certainty.YES,
        N_(
            "Phần được ký nguyên vẹn; sau đó tệp có thêm %(count)s byte, từ byte %(first)s, chỉ là"
            " chữ ký hoặc chứng cứ thêm sau."
        ),
    ),
    ModificationLevel.FORM_FILLING: (
        Certainty.YES,
        N_(
            "Phần được ký nguyên vẹn; sau đó tệp có thêm %(count)s byte, từ byte %(first)s, chỉ là"
            " chữ ký thêm sau hoặc ô biểu mẫu được điền."
        ),
    ),
    ModificationLevel.ANNOTATIONS: (
        Certainty.NO,
        N_(
            "Phần được ký nguyên vẹn, nhưng sau khi ký đã có thêm ghi chú: %(count)s byte, từ byte"
            " %(first)s."
        ),
    ),
    ModificationLevel.OTHER: (
        Certainty.NO,
        N_(
            "Phần được ký nguyên vẹn, nhưng sau khi ký nội dung tệp đã bị thêm hoặc sửa:"
            " %(count)s byte, từ byte %(first)s."
        ),
    ),
}
"""What an increment after the signature did, by how much pyHanko found changed."""

# --- Whole or not -------------------------------------------------------------------------


def of_integrity(
    status: Any, covered: tuple[tuple[int, int], ...], appended: int
) -> tuple[Certainty, Message]:
    """Say whether the bytes are those that were signed, and which came or changed afterwards."""
    stretches = ", ".join(f"{first}–{last}" for first, last in covered)
    if not status.intact:
        said = N_("Đã bị đổi sau khi ký: nội dung ở các byte %(bytes)s không còn khớp chữ ký.")
        return Certainty.NO, Message(said, {"bytes": stretches})
    if not status.valid:
        said = N_("Chữ ký không khớp với chứng thư đi kèm: không phải do chứng thư này ký.")
        return Certainty.NO, Message(said)
    if status.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return Certainty.YES, Message(N_("Nguyên vẹn: từ khi ký không byte nào của tệp thay đổi."))
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        said = N_(
            "Không xác định: chữ ký chỉ bao các byte %(bytes)s, không bao hết tệp lúc được ký."
        )
        return Certainty.UNKNOWN, Message(said, {"bytes": stretches})
    known, said = _LATER[status.modification_level]
    return known, Message(said, {"count": appended, "first": covered[-1][1]})


# --- Whose --------------------------------------------------------------------------------


def of_chain(certificate: x509.Certificate, chain: Chain) -> Message:
    """Say whose certificate it is and whether its chain leads to a root of the folder."""
    filled: dict[str, Any] = {"who": whole_name_of(certificate)}
    if chain.known is Certainty.YES:
        said = N_("Chứng thư của %(who)s; chuỗi biết rõ: %(chain)s.")
        return Message(said, filled | {"chain": " ← ".join(_names(chain))})
    if chain.known is Certainty.NO:
        said = N_(
            "Chứng thư ghi tên %(who)s nhưng chuỗi chứng thư sai: do %(issuer)s cấp mà không khớp."
        )
        return Message(said, filled | {"issuer": issuer_of(certificate)})
    said = N_(
        "Chứng thư ghi tên %(who)s, do %(issuer)s cấp; chuỗi không xác định: trong thư mục chứng"
        " thư gốc chưa có %(missing)s."
    )
    missing = _of_name(chain.missing) if chain.missing is not None else "?"
    return Message(said, filled | {"issuer": issuer_of(certificate), "missing": missing})


def _names(chain: Chain) -> list[str]:
    return [name_of(one) for one in reversed(chain.certificates)]


def name_of(certificate: x509.Certificate) -> str:
    """Return the common name of a certificate's subject, or what it has instead."""
    return _of_name(certificate.subject)


def issuer_of(certificate: x509.Certificate) -> str:
    return _of_name(certificate.issuer)


def organisation_of(certificate: x509.Certificate) -> str:
    """Return the organisation that a certificate names, and its part of it."""
    native = certificate.subject.native
    parts = (_text(native.get(key)) for key in ("organizational_unit_name", "organization_name"))
    return ", ".join(part for part in parts if part)


def whole_name_of(certificate: x509.Certificate) -> str:
    organisation = organisation_of(certificate)
    name = name_of(certificate)
    return f"{name} ({organisation})" if organisation else name


def _of_name(name: x509.Name) -> str:
    native = name.native
    return _text(native.get("common_name")) or _text(name.human_friendly) or "?"


def _text(value: Any) -> str:
    joined = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return one_line(joined)[:LONGEST_NAME]


# --- Status at the time of signing --------------------------------------------------------

_EXPIRED = N_("chứng thư đã hết hạn từ %(last)s")
_NOT_YET = N_("chứng thư mãi %(first)s mới có giá trị")
_IN_TERM = N_("chứng thư còn hạn (từ %(first)s đến %(last)s)")
_IN_FORCE = N_("chưa bị thu hồi, theo chứng cứ kèm trong tệp")
_REVOKED = N_("đã bị thu hồi từ %(day)s")
_NOT_KNOWN = N_("có bị thu hồi hay không: không xác định")


def of_status(
    certificate: x509.Certificate,
    *,
    said: datetime | None,
    stamped: datetime | None,
    has_stamp: bool,
    revocation: Revocation,
) -> tuple[Certainty, Message]:
    """Say how the certificate stood when it signed: in term, revoked, or not known."""
    moment = stamped or said
    filled: dict[str, Any] = {
        "time": moment,
        "term": _term(certificate, moment),
        "revoked": _revoked(revocation),
    }
    if stamped is not None:
        text = N_("Ký lúc %(time)s theo dấu thời gian; lúc đó %(term)s; %(revoked)s.")
        in_term = certificate.not_valid_before <= stamped <= certificate.not_valid_after
        return (revocation.in_force if in_term else Certainty.NO), Message(text, filled)
    if said is None:
        return Certainty.UNKNOWN, Message(N_("Không xác định lúc ký: chữ ký không ghi thời gian."))
    if has_stamp:
        text = N_(
            "Không xác định: dấu thời gian chưa kiểm được (chuỗi chưa biết hoặc không khớp). Giờ"
            " ghi trong chữ ký là %(time)s, lúc đó %(term)s; %(revoked)s."
        )
        return Certainty.UNKNOWN, Message(text, filled)
    text = N_(
        "Không xác định: không có dấu thời gian. Theo đồng hồ máy của người ký là %(time)s, lúc đó"
        " %(term)s; %(revoked)s."
    )
    return Certainty.UNKNOWN, Message(text, filled)


def _term(certificate: x509.Certificate, moment: datetime | None) -> Message:
    first, last = certificate.not_valid_before, certificate.not_valid_after
    days = {"first": clock.local(first).date(), "last": clock.local(last).date()}
    if moment is None or first <= moment <= last:
        return Message(_IN_TERM, days)
    return Message(_EXPIRED if moment > last else _NOT_YET, days)


def _revoked(revocation: Revocation) -> Message:
    if revocation.in_force is Certainty.NO and revocation.revoked_at is not None:
        return Message(_REVOKED, {"day": clock.local(revocation.revoked_at).date()})
    return Message(_IN_FORCE if revocation.in_force is Certainty.YES else _NOT_KNOWN)
