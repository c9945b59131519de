"""Headers survive the journey: every unit, every subject, every name, within the RFCs' limits."""

import re
import unicodedata
from base64 import b64decode
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lth.core.config import Settings, load
from lth.core.vietnamese import capitalize_first
from lth.notifications import envelope, headers
from lth.notifications.headers import POLICY
from lth.notifications.messages import Text
from lth.notifications.rendering import ENVIRONMENT
from lth.units.importing import read_units

from .test_envelope import FACTS, NOW

ENCODED = re.compile(r"=\?utf-8\?[bq]\?[^?]*\?=", re.IGNORECASE)
_BETWEEN = re.compile(rb"\?=\r\n =\?(?=utf-8\?b)")
"""What RFC 2047 has no reader show; before 3.12.9 Python's does in names (gh-128110)."""

_MSGID = re.compile(r'"((?:[^"\\]|\\.)*)"')
TEMPLATES = sorted(name for name in ENVIRONMENT.list_templates(["txt"]) if "/base/" not in name)
UNITS = sorted({f"{row.type} {row.name}" for row in read_units().units})
BY_LENGTH = list({len(unit.encode()): unit for unit in UNITS}.values())
"""Of each length one: what differs in how it is folded."""

VIETNAMESE = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyÁÀẢÃẠắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
)


def mail(subject: str, name: str = "", address: str = "a@lth.example") -> EmailMessage:
    message = EmailMessage(POLICY)
    local, _, domain = address.rpartition("@")
    message["Subject"] = headers.one_line(subject)
    message["To"] = Address(headers.one_line(name).strip(), local, domain)
    message.set_content("x")
    return message


def journey(message: EmailMessage) -> tuple[bytes, EmailMessage]:
    """What goes over the wire, and what is read of it."""
    raw = message.as_bytes()
    return raw, message_from_bytes(raw, policy=policy.default)  # type: ignore[return-value]


def old(raw: bytes, field: str) -> str:
    """A field as programs of before Python 3.6 read it."""
    return re.sub(
        r"\r?\n(?=[ \t])", "", str(message_from_bytes(raw, policy=policy.compat32)[field])
    )


def check(subject: str, name: str = "") -> None:
    raw, arrived = journey(mail(subject, name))
    within_limits(raw)
    assert str(arrived["Subject"]) == subject
    assert str(make_header(decode_header(old(raw, "Subject")))) == subject
    if not name:
        return
    read = message_from_bytes(_BETWEEN.sub(rb"?==?", raw), policy=policy.default)["To"].addresses[0]
    assert (read.display_name, read.addr_spec) == (name, "a@lth.example")
    if len(name.encode()) <= 45:
        assert arrived["To"].addresses[0].display_name == name
    written, address = parseaddr(old(raw, "To"))
    assert (str(make_header(decode_header(written))), address) == (name, "a@lth.example")


def within_limits(raw: bytes) -> None:
    """RFC 5322: 78 is asked for, 998 is the most; RFC 2047: 76 and 75 with encoded words."""
    head = raw.split(b"\r\n\r\n")[0].decode("ascii")
    for line in head.split("\r\n"):
        assert line == line.rstrip() or line.endswith(":")
        assert len(line) <= (76 if ENCODED.search(line) else 78)
        assert all(len(word.group()) <= 75 for word in ENCODED.finditer(line))


# --- What this product writes -------------------------------------------------------------


def subjects(template: str) -> Iterator[str]:
    """Read the sentences that a subject can be, with their gaps."""
    source, _, _ = ENVIRONMENT.loader.get_source(ENVIRONMENT, template)  # type: ignore[union-attr]
    found = re.search(r"{% block subject %}(.*?){% endblock %}", source, re.DOTALL)
    assert found is not None
    yield from (sentence for sentence in _MSGID.findall(found.group(1)) if " " in sentence)


class Gaps(dict[str, str]):
    """Fills the gaps of a sentence that its subject has no unit for."""

    def __missing__(self, key: str) -> str:
        return {"date": "07/5/2021"}.get(key, "kế hoạch giai đoạn 2021–2025")


def written(sentence: str, unit: str) -> str:
    gaps = Gaps(unit=capitalize_first(unit), above=unit, giver=unit)
    return "[Kế hoạch CLB] " + sentence.replace("%(num)s", "17") % gaps


def read_quickly(folded: str) -> str:
    words = [word.split("?")[3] for word in ENCODED.findall(folded)]
    return b"".join(map(b64decode, words)).decode()


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_subject_about_every_unit(template: str) -> None:
    sentences = set(subjects(template))
    assert sentences
    for sentence in sentences:
        for unit in BY_LENGTH:
            check(written(sentence, unit))
        for text in {written(sentence, unit) for unit in UNITS}:
            folded = POLICY.fold("Subject", POLICY.header_store_parse("Subject", text)[1])
            assert read_quickly(folded) == text
            within_limits(folded.encode())


def test_every_unit_as_part_of_a_name() -> None:
    for unit in BY_LENGTH:
        check(f"Cán bộ {unit}", f"Cán bộ VH-XH, {unit}")
    for unit in UNITS:
        name = f"Cán bộ VH-XH, {unit}"
        folded = POLICY.fold("To", POLICY.header_store_parse("To", Address(name, "a", "b.vn"))[1])
        assert read_quickly(folded) == name
        within_limits(folded.encode())


# --- What others may write ----------------------------------------------------------------


def readable(text: str) -> str:
    """A name as forms keep it: one blank between words, none at its ends."""
    return " ".join(headers.one_line(text).split())


ANY = st.one_of(
    st.text(st.sampled_from(VIETNAMESE + " ,.\"'()<>@:;\\[]=?_%-–"), max_size=200),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=120),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=1200),
).map(readable)


@given(ANY.filter(bool), ANY.filter(bool))
@settings(max_examples=300, deadline=None)
@example("2 đơn vị quá hạn trình kế hoạch năm 2021", "Văn thư")
@example(unicodedata.normalize("NFD", "Xã Đồng Kỳ: kế hoạch đã được phê duyệt"), "Nguyễn")
@example("=?utf-8?q?x?= =?utf-8?q?y?=", "=?utf-8?b?eA==?=")
@example('Ủy ban "xã", (tạm) <a@b>', 'Clerk, "the \\ second"')
@example("x" * 2000, "y" * 2000)
@example("a b " * 300 + "c", "Lê " * 300 + "c")
def test_whatever_people_are_called_and_write(subject: str, name: str) -> None:
    check(subject, name)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n")))
@example("Xã\u2028Tập\x0bSơn\x85")
def test_no_character_of_a_name_stops_its_mail(text: str) -> None:
    within_limits(mail(text, text).as_bytes())


def test_a_long_address_makes_no_line_of_a_name_too_long() -> None:
    long = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.vn"
    raw, arrived = journey(mail("Thư", "Lê " * 40 + "Lê", long))
    assert arrived["To"].addresses[0].addr_spec == long
    lines = raw.split(b"\r\n")
    assert f" <{long}>".encode() in lines
    assert [line for line in lines if len(line) > 76] == [f" <{long}>".encode()]


def test_ids_are_never_encoded_however_long_the_domain() -> None:
    message, long = mail("x"), f"<lth.mail.7@{'a' * 60}.{'b' * 60}.vn>"
    message["Message-ID"], message["References"] = long, long
    raw, arrived = journey(message)
    assert arrived["Message-ID"] == arrived["References"] == long
    assert f"References: {long}".encode() in raw


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = str(tmp_path_factory.mktemp("home"))
    return load({"LTH_HOME": home, "LTH_MAIL_FROM": "lth@lth.example"})


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00")))
@settings(max_examples=200, deadline=None)
@example(text="Từ " * 2000)
@example(text=".\nFrom x\n..\n-- \n")
def test_a_body_survives_in_seven_bits_and_short_lines(text: str, installation: Settings) -> None:
    raw = envelope.build(installation, FACTS, Text("Thư", text, "vi"), NOW).as_bytes()
    body = raw.partition(b"\r\n\r\n")[2]
    assert body.isascii()
    assert all(len(line) <= 76 for line in body.split(b"\r\n"))
    for read in (policy.default, policy.compat32):
        got = message_from_bytes(raw, policy=read).get_payload(decode=True).decode()  # type: ignore[union-attr]
        assert got.replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
