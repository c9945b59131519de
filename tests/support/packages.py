"""Packages as a commune would send them, and any others, for hypothesis."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from lth.core import clock
from lth.core.vietnamese import one_line
from lth.exchange.edxml.package import (
    Business,
    Correspondent,
    EarlierDocument,
    EdxmlPackage,
    OtherFacts,
    PackageFile,
    PackageSigner,
    PackageStaff,
    Priority,
    ReceiverChange,
    ReplacedDocument,
    StatusPacket,
    TraceStep,
)
from lth.exchange.edxml.statuses import STATUSES

DAY = date(2026, 11, 20)
SENT = datetime(2026, 11, 20, 15, 30, tzinfo=clock.TIMEZONE)
PDF = b"%PDF-1.7\nnot much of one"

COMMUNE = Correspondent("Ủy ban nhân dân xã Tập Sơn", "000.21.34.H61", address="Ấp Chợ, xã Tập Sơn")
DISTRICT = Correspondent("Ủy ban nhân dân huyện Trà Cú", "000.00.34.H61")
DEPARTMENT = Correspondent("Sở Y tế & Dân số <tỉnh>", "H61.03")

PACKAGE = EdxmlPackage(
    sender=COMMUNE,
    receivers=(DISTRICT, DEPARTMENT),
    number="12",
    notation="KH-UBND",
    place="Tập Sơn",
    day=DAY,
    type_name="Kế hoạch",
    subject="Nhân rộng mô hình Câu lạc bộ liên thế hệ tự giúp nhau",
    signer=PackageSigner("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    to_places=("Như trên;", "Lưu: VT."),
    reason="Văn bản điện tử mới",
    traces=(TraceStep("000.21.34.H61", SENT),),
    paper=PackageFile("12-KH-UBND.pdf", PDF),
)

# --- Any ----------------------------------------------------------------------------------


def texts(most: int, least: int = 0):
    """Texts of one line as they are kept, of every alphabet, markup included."""
    some = st.one_of(
        st.text(max_size=most), st.sampled_from(["<a>&amp;]]>", "Ủy ban “x”", "\t\n "])
    )
    kept = some.map(one_line).map(lambda text: text[:most].strip())
    return kept.filter(lambda text: len(text) >= least and one_line(text) == text)


_CODES = st.from_regex(r"[A-Z][0-9]{2}(\.[0-9]{1,3}){0,3}", fullmatch=True)
_DAYS = st.dates(date(1945, 9, 2), DAY)
_MOMENTS = st.integers(0, 9000 * 86400).map(
    lambda seconds: datetime(2000, 1, 1, tzinfo=clock.TIMEZONE) + timedelta(seconds=seconds)
)
_NUMBERS = st.integers(1, 99999).map(str)

_AGENCIES = st.builds(
    Correspondent,
    name=texts(200, least=1),
    code=_CODES,
    in_charge=texts(200),
    address=texts(250),
    email=texts(100),
    telephone=texts(20),
    fax=texts(20),
    website=texts(100),
)
_STAFF = st.builds(
    PackageStaff, department=texts(50), name=texts(50), email=texts(50), mobile=texts(20)
)
_EARLIER = st.builds(
    EarlierDocument,
    agency=_CODES,
    numbered=texts(40, least=1),
    document_id=texts(60),
    day=st.none() | _DAYS,
)
_FILES = st.builds(
    PackageFile,
    name=st.from_regex(r"[A-Za-z0-9]{1,20}", fullmatch=True).map(lambda name: f"{name}.pdf"),
    data=st.binary(max_size=300).map(lambda data: b"%PDF-" + data),
    description=texts(80, least=1),
)
_PURPOSES = st.one_of(
    st.fixed_dictionaries({"reason": texts(50, least=1)}),
    st.fixed_dictionaries(
        {
            "business": st.just(Business.RECALL),
            "reason": texts(50, least=1),
            "earlier": st.lists(_EARLIER, min_size=1, max_size=2).map(tuple),
        }
    ),
    st.fixed_dictionaries(
        {
            "business": st.just(Business.UPDATE),
            "reason": texts(50, least=1),
            "update_of": texts(60, least=1),
            "changes": st.lists(st.builds(ReceiverChange, _CODES, st.booleans()), max_size=3).map(
                tuple
            ),
        }
    ),
    st.fixed_dictionaries(
        {
            "business": st.just(Business.REPLACE),
            "reason": texts(50, least=1),
            "replaced": st.lists(
                st.builds(
                    ReplacedDocument,
                    texts(60, least=1),
                    st.lists(_CODES, max_size=2).map(tuple),
                ),
                min_size=1,
                max_size=2,
            ).map(tuple),
        }
    ),
)

_PLAIN = st.builds(
    EdxmlPackage,
    sender=_AGENCIES,
    receivers=st.lists(_AGENCIES, min_size=1, max_size=3, unique_by=lambda one: one.code).map(
        tuple
    ),
    number=_NUMBERS,
    notation=texts(30, least=1),
    place=texts(50),
    day=_DAYS,
    type_name=texts(100),
    type_code=st.sampled_from(["", "1", "10"]),
    subject=texts(500, least=1),
    content=texts(500),
    signer=st.builds(PackageSigner, texts(100), texts(100), texts(50)),
    due=st.none() | _DAYS,
    other=st.builds(
        OtherFacts,
        priority=st.sampled_from([one.value for one in Priority]),
        field=texts(100),
        typer=texts(10),
        copies=st.sampled_from(["", "2"]),
        pages=st.sampled_from(["", "7"]),
        appendixes=st.lists(texts(50, least=1), max_size=2).map(tuple),
    ),
    steering=st.sampled_from(["", "1", "2", "3"]),
    document_id=texts(60),
    to_places=st.lists(texts(150, least=1), max_size=3).map(tuple),
    staff=_STAFF,
    traces=st.lists(st.builds(TraceStep, _CODES, _MOMENTS), max_size=3).map(tuple),
    paper=_FILES,
    attachments=st.lists(_FILES, max_size=2).map(tuple),
)

PACKAGES = st.builds(lambda package, purpose: replace(package, **purpose), _PLAIN, _PURPOSES)

STATUS_PACKETS = st.builds(
    StatusPacket,
    sender=_AGENCIES,
    about=_EARLIER,
    code=st.sampled_from(list(STATUSES)),
    description=texts(80, least=1),
    staff=_STAFF,
    moment=_MOMENTS,
)
