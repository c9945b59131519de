"""Packages of every builder are read; what is odd is told, what could harm is refused."""

import base64
import io
import zipfile
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.packages import DAY, PACKAGE, PACKAGES, PDF, STATUS_PACKETS

from lth.core.errors import BlockedError
from lth.exchange.edxml import attached, markup
from lth.exchange.edxml.package import Business, PackageFile, keys_of
from lth.exchange.edxml.reader import ReadPackage, read, read_here
from lth.exchange.edxml.writer import write, write_status

WRITTEN = write(PACKAGE, today=DAY)
_SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def without_files(package):
    """Return a package as a reader knows it: with its id, its files apart."""
    return replace(package, document_id=package.identifier, paper=None, attachments=())


@_SLOW
@given(PACKAGES)
def test_what_is_written_is_read_back(package):
    found = read_here(write(package, today=DAY))
    assert found.package == without_files(package)
    assert [file.data for file in found.files] == [file.data for file in package.files]
    assert found.notes == ()
    assert keys_of(found.package) == keys_of(package)


@_SLOW
@given(STATUS_PACKETS)
def test_an_answer_is_read_back(packet):
    assert read_here(write_status(packet)).status == packet


def test_it_is_read_in_a_process_of_its_own():
    odd = WRITTEN.replace(b"2026/11/20</edXML:Prom", b"2014/02/30</edXML:Prom")
    assert read(odd) == read_here(odd)
    assert read(odd).notes != ()


@_SLOW
@given(st.data())
def test_changed_bytes_never_crash(data):
    changed = bytearray(WRITTEN)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(changed) - 1))
        kind = data.draw(st.sampled_from(["flip", "cut", "twice", "markup"]))
        if kind == "flip":
            changed[at] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            del changed[at : at + data.draw(st.integers(1, 60))]
        elif kind == "twice":
            changed[at:at] = changed[at : at + 60]
        else:
            changed[at:at] = data.draw(st.sampled_from([b"<x>", b"</x>", b"&#0;", b"&lt;", b"\0"]))
    try:
        assert isinstance(read_here(bytes(changed)), ReadPackage)
    except BlockedError as error:
        assert all(str(one) for one in error.messages)


@_SLOW
@given(st.binary(max_size=200))
def test_rubbish_is_refused_with_a_sentence(data):
    with pytest.raises(BlockedError):
        read_here(data)


# --- What could harm ----------------------------------------------------------------------

_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
_HARM = {
    "laughs": f"<!DOCTYPE a [{_LAUGHS}]><edXML>&l9;</edXML>",
    "file": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><edXML>&x;</edXML>',
    "net": '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><edXML/>',
    "parameter": '<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/hostname"> %x;]><edXML/>',
    "after much space": " " * 9000 + '<!DOCTYPE a [<!ENTITY x "y">]><edXML>&x;</edXML>',
    "after a comment": "<!--" + "x" * 9000 + '--><!DOCTYPE a [<!ENTITY x "y">]><edXML>&x;</edXML>',
}


@pytest.mark.parametrize("name", _HARM)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declared_types_and_entities_are_refused(name, encoding):
    head = f'<?xml version="1.0" encoding="{encoding}"?>' if name != "after much space" else ""
    with pytest.raises(BlockedError) as caught:
        read((head + _HARM[name]).encode(encoding))
    assert list(caught.value.messages) == [markup.HAS_DOCTYPE]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"<edXML>" + b"<a/>" * (markup.MOST_ELEMENTS + 1) + b"</edXML>", markup.TOO_MANY),
        (b"<a>" * 2000, markup.TOO_MANY),
        (b"<edXML>&x;</edXML>", markup.NO_XML),
        (b"", markup.NO_XML),
        (b"\x89PNG\r\n\x1a\n", markup.NO_XML),
        (b'<?xml version="1.0" encoding="x-none"?><edXML/>', markup.NO_XML),
    ],
)
def test_what_is_too_much_or_no_xml_is_told(data, told):
    with pytest.raises(BlockedError) as caught:
        read(data)
    assert list(caught.value.messages) == [told]


def test_xml_of_another_kind_is_told():
    with pytest.raises(BlockedError, match="không thấy phần MessageHeader"):
        read(b"<svg xmlns='http://www.w3.org/2000/svg'><a/></svg>")


def test_inclusions_and_stylesheets_are_words_only():
    inclusion = (
        b'<?xml-stylesheet href="file:///etc/hostname"?>'
        b'<edXML xmlns:xi="http://www.w3.org/2001/XInclude"><MessageHeader><Subject>'
        b'<xi:include href="file:///etc/hostname" parse="text"/>x</Subject>'
        b"</MessageHeader></edXML>"
    )
    assert read(inclusion).package.subject == "x"


# --- Other builders -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "namespace", ["http://www.e-doc.vn/Schema/", "http://www.go.vn/eDoc", "urn:x"]
)
def test_older_namespaces_are_read_by_names_alone(namespace):
    other = WRITTEN.replace(b"http://www.mic.gov.vn/TBT/QCVN_102_2016", namespace.encode())
    assert read_here(other).package == without_files(PACKAGE)


def test_a_flat_envelope_of_an_older_form_is_read():
    flat = """1212<?xml version="1.0" encoding="UTF-8"?>
    <EdXMLEnvelope xmlns="http://www.go.vn/eDoc"><EdXMLHeader><MessageHeader>
      <From><OrganId>H61.03</OrganId><OrganName>Sở Y tế</OrganName></From>
      <To><OrganId>28.22.H17</OrganId></To>
      <Code><CodeNumber>74fass22</CodeNumber><CodeNotation>SYT-NV</CodeNotation></Code>
      <PromulgationInfo><PromulgationDate>2014-02-30T00:00:00</PromulgationDate></PromulgationInfo>
      <Subject>  V/v   phối hợp </Subject><DueDate>05/11/2026</DueDate>
    </MessageHeader><TraceHeaderList><Bussiness>
      <DocumentId>000.00.00.G22,2014/02/30,7806/X</DocumentId><BussinessDocType>0</BussinessDocType>
    </Bussiness></TraceHeaderList></EdXMLHeader></EdXMLEnvelope>"""
    found = read_here(flat.encode())
    assert (found.package.number, found.package.subject) == ("74fass22", "V/v phối hợp")
    assert (found.package.day, found.day_text) == (None, "2014-02-30T00:00:00")
    assert found.package.due.isoformat() == "2026-11-05"
    assert found.package.update_of == ""
    assert ["2014-02-30" in str(note) for note in found.notes] == [True]
    assert found.files == ()


def test_an_unknown_purpose_and_missing_facts_are_noted():
    found = read_here(
        b"<a><MessageHeader/><Bussiness><BussinessDocType>7</BussinessDocType></Bussiness></a>"
    )
    assert found.package.business is Business.NEW
    told = " ".join(map(str, found.notes))
    for words in ("“7” chưa rõ", "mã định danh", "số văn bản", "trích yếu", "nơi nhận"):
        assert words in told


# --- Files --------------------------------------------------------------------------------


def zipped(**entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def with_file(data, name="van-ban.doc"):
    package = replace(PACKAGE, attachments=(PackageFile(name, data, "application/zip"),))
    return read_here(write(package, today=DAY))


_WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}


def _docx():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in _WORD.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "kept", "media_type"),
    [
        (zipped(a_dot_edxml=b"%PDF-1.7 x"), "1896.doc", "1896.doc.pdf", "application/pdf"),
        (_docx(), "ke hoach.docx", "ke hoach.docx", attached._WORD),
        (zipped(a=b"1", b=b"2"), "nhieu.zip", "nhieu.zip", "application/zip"),
        (b"MZ\x90\x00\x03", "bao cao.pdf", "bao cao.pdf.bin", attached.OCTETS),
        (b"<html><script>", "x.html", "x.html.txt", "text/plain"),
        (PDF, "../../etc/passwd", "passwd.pdf", "application/pdf"),
        (PDF, "C:\\tam\\Kế hoạch.PDF", "Kế hoạch.PDF", "application/pdf"),
        (PDF, "con.pdf", "tep-con.pdf", "application/pdf"),
        (PDF, "a\u202efdp.exe", "afdp.exe.pdf", "application/pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "cu.doc", "cu.doc", "application/x-ole-storage"),
    ],
)
def test_files_are_judged_by_what_is_in_them(data, name, kept, media_type):
    file = with_file(data, name).files[1]
    assert (file.name, file.media_type) == (kept, media_type)


def test_files_of_one_name_get_two():
    twice = with_file(PDF, "12-KH-UBND.pdf")
    assert [file.name for file in twice.files] == ["12-KH-UBND.pdf", "12-KH-UBND (2).pdf"]


def test_a_zip_that_expands_too_far_is_kept_as_it_came(monkeypatch):
    monkeypatch.setattr(attached, "MOST_BYTES", 1000)
    bomb = zipped(a_dot_pdf=b"\x00" * 2_000_000)
    monkeypatch.setattr(attached._Budget, "__init__", lambda self: setattr(self, "left", 5000))
    found = with_file(bomb)
    assert found.files[1].data == bomb
    assert "bung ra quá lớn" in str(found.notes[0])


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (base64.b64encode(PDF), b"***", "không giải mã được"),
        (base64.b64encode(PDF), b" ", "không có nội dung"),
        (b"<ContentId>cid:1", b"<ContentId>cid:9", "không có nội dung của tệp"),
        (b"<edXML:ContentId>cid:1", b"<edXML:ContentId>cid:9", "không có trong danh sách kể tệp"),
    ],
)
def test_broken_files_and_pairs_are_told(before, after, told):
    assert before in WRITTEN
    found = read_here(WRITTEN.replace(before, after))
    assert told in " ".join(map(str, found.notes))


def test_a_payload_beyond_the_parsers_own_bound_is_read():
    scan = PDF + b"\x00" * 12_000_000
    big = write(replace(PACKAGE, paper=PackageFile("quet.pdf", scan)), today=DAY)
    assert read(big).files[0].data == scan
