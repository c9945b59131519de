"""Each signature of a PDF is told in three lines, none of which says that it is good."""

import io
import random
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from asn1crypto import crl
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.validation.dss import DocumentSecurityStore
from support import signing
from support.loops import call_apart
from support.signing import SIGNED_AT, authority, folder_of, paper, sign

from lth.core.errors import BlockedError
from lth.exchange.signatures import examination, reckoning
from lth.exchange.signatures.examination import examine
from lth.exchange.signatures.report import Certainty, as_json, from_json
from lth.exchange.signatures.roots import read_folder

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="module")
def roots(tmp_path_factory):
    return folder_of(tmp_path_factory.mktemp("roots") / "trusted", authority().root)


@pytest.fixture(scope="module")
def stamped():
    made = authority()
    return sign(paper(), made.leader, chain=(made.between,), stamper=made.stamper)


def reports(pdf, roots):
    return call_apart(lambda: reckoning.reports_of(pdf, roots, NOW))


def said(report):
    return tuple(str(line) for line in report.lines)


def test_a_paper_without_signatures_has_no_report(roots):
    assert examine(paper(), roots, now=NOW) == ()


def test_whole_known_and_stamped_but_revocation_is_not_known(stamped, roots):
    (report,) = examine(stamped, roots, now=NOW)
    assert (report.intact, report.chain_known) == (Certainty.YES, Certainty.YES)
    assert report.status_known is Certainty.UNKNOWN
    assert report.stamped_time == SIGNED_AT
    assert report.signer == signing.LEADER
    assert report.chain == (signing.LEADER, signing.BETWEEN, signing.ROOT)
    whole, whose, status = said(report)
    assert whole == "Nguyên vẹn: từ khi ký không byte nào của tệp thay đổi."
    assert f"{signing.ROOT} ← {signing.BETWEEN} ← {signing.LEADER}" in whose
    assert "có bị thu hồi hay không: không xác định" in status
    assert not any("hợp lệ" in line for line in (whole, whose, status))


def test_a_report_can_be_kept_as_json(stamped, roots):
    (report,) = examine(stamped, roots, now=NOW)
    assert from_json(as_json(report)) == report


def test_without_roots_the_chain_is_not_known_whatever_the_machine_trusts(stamped):
    (report,) = reports(stamped, None)
    assert (report.intact, report.chain_known) == (Certainty.YES, Certainty.UNKNOWN)
    assert report.stamped_time is None
    assert f"chưa có {signing.ROOT}" in said(report)[1]


def test_a_root_of_another_with_the_same_name_is_not_the_root(stamped, tmp_path):
    impostor = signing.make(signing.ROOT, authority=True)
    (report,) = reports(stamped, folder_of(tmp_path / "trusted", impostor))
    assert report.chain_known is not Certainty.YES


def test_a_chain_whose_middle_lies_in_the_folder_is_known(tmp_path):
    made = authority()
    pdf = sign(paper(), made.leader, chain=())
    assert reports(pdf, folder_of(tmp_path / "root", made.root))[0].chain_known is Certainty.UNKNOWN
    both = folder_of(tmp_path / "both", made.root, made.between, der=True)
    assert reports(pdf, both)[0].chain_known is Certainty.YES


@pytest.mark.parametrize("at", [20, 400, 5000])
def test_one_flipped_bit_is_told_with_the_bytes_it_is_among(stamped, roots, at):
    changed = bytearray(stamped)
    changed[at] ^= 1
    (report,) = reports(bytes(changed), roots)
    assert report.intact is Certainty.NO
    assert "không còn khớp chữ ký" in said(report)[0]
    assert f"0–{report.signed_bytes[0][1]}" in said(report)[0]


def test_two_signatures_are_told_one_by_one(roots):
    made = authority()
    first = sign(paper(), made.leader, chain=(made.between,), pades=False)
    both = sign(first, made.clerk, field="CoQuan", chain=(made.between,))
    leader, clerk = reports(both, roots)
    assert (leader.field, clerk.field) == ("ChuKy1", "CoQuan")
    assert leader.intact is Certainty.YES
    assert leader.appended == len(both) - len(first)
    assert f"từ byte {len(first)}" in said(leader)[0]
    assert (clerk.intact, clerk.appended) == (Certainty.YES, 0)
    assert clerk.signer == signing.CLERK


def test_a_page_put_over_the_signed_one_is_told(stamped, roots):
    writer = IncrementalPdfFileWriter(io.BytesIO(stamped), strict=False)
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(180)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    (report,) = reports(out.getvalue(), roots)
    assert report.intact is Certainty.NO
    assert "nội dung tệp đã bị thêm hoặc sửa" in said(report)[0]
    assert report.appended == len(out.getvalue()) - len(stamped)


def test_bytes_after_the_end_are_told(stamped, roots):
    (report,) = reports(stamped + b"\n%0123456\n", roots)
    assert report.appended == 10
    assert "có thêm 10 byte" in said(report)[0]


def test_without_a_time_stamp_the_time_is_the_signers_word(roots):
    made = authority()
    (report,) = reports(sign(paper(), made.leader, chain=(made.between,)), roots)
    assert (report.stamped_time, report.status_known) == (None, Certainty.UNKNOWN)
    assert said(report)[2].startswith("Không xác định: không có dấu thời gian.")


def test_a_certificate_that_had_expired_is_told(roots):
    made = authority()
    pdf = sign(paper(), made.expired, chain=(made.between,), stamper=made.stamper)
    (report,) = reports(pdf, roots)
    assert (report.chain_known, report.status_known) == (Certainty.YES, Certainty.NO)
    assert "đã hết hạn từ" in said(report)[2]


def _with_lists(pdf, *lists):
    """Add lists of revoked certificates as the file's evidence."""
    stream = io.BytesIO(pdf)
    DocumentSecurityStore.add_dss(
        stream, sig_contents=None, crls=[crl.CertificateList.load(one) for one in lists]
    )
    return stream.getvalue()


@pytest.mark.parametrize(
    ("before", "known", "text"),
    [
        (None, Certainty.YES, "chưa bị thu hồi, theo chứng cứ kèm trong tệp"),
        (timedelta(days=3), Certainty.NO, "đã bị thu hồi từ"),
        (-timedelta(days=3), Certainty.YES, "chưa bị thu hồi"),
    ],
)
def test_evidence_in_the_file_tells_of_revocation(stamped, roots, before, known, text):
    made = authority()
    revoked = () if before is None else (made.leader,)
    on = SIGNED_AT - (before or timedelta())
    lists = [
        signing.revocations(made.root, on=on),
        signing.revocations(made.between, *revoked, on=on),
    ]
    (report,) = reports(_with_lists(stamped, *lists), roots)
    assert (report.intact, report.status_known) == (Certainty.YES, known)
    assert text in said(report)[2]


# --- What strangers send ------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"<html>", b"\x00" * 2000])
def test_what_is_no_pdf_is_told(data):
    with pytest.raises(BlockedError) as caught:
        examine(data, None, now=NOW)
    assert list(caught.value.messages) == [reckoning.NO_PDF]


@pytest.mark.parametrize("kept", [200, 3000, -100])
def test_a_broken_pdf_is_told_and_crashes_nothing(stamped, kept):
    try:
        found = examine(stamped[:kept], None, now=NOW)
    except BlockedError as error:
        assert list(error.messages) == [reckoning.BROKEN_PDF]
    else:
        assert all(report.intact is not Certainty.YES for report in found)


def test_an_encrypted_pdf_is_told():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="bí mật", owner="bí mật"))
    with pytest.raises(BlockedError) as caught:
        examine(out.getvalue(), None, now=NOW)
    assert list(caught.value.messages) == [reckoning.ENCRYPTED]


def test_a_signature_of_rubbish_is_told_beside_one_that_is_whole(roots):
    made = authority()
    first = sign(paper(), made.leader, chain=(made.between,))
    both = sign(first, made.clerk, field="CoQuan", chain=(made.between,))
    start = both.rindex(b"/Contents <") + len(b"/Contents <")
    rubbish = both[:start] + b"30820a00ff" * 4 + both[start + 40 :]
    leader, clerk = examine(rubbish, roots, now=NOW)
    assert (leader.field, leader.intact) == ("ChuKy1", Certainty.YES)
    assert (clerk.field, clerk.intact) == ("CoQuan", Certainty.UNKNOWN)
    assert all(line.startswith("Không xác định") for line in said(clerk))


def test_a_kind_of_signature_that_is_not_known_is_told_all_the_same(roots):
    pdf = sign(paper(), authority().leader, pades=False)
    other = pdf.replace(b"/adbe.pkcs7.detached", b"/adbe.x509.rsa#5fsha1"[:20])
    (report,) = reports(other, roots)
    assert report.intact is Certainty.UNKNOWN


@pytest.mark.parametrize("seed", range(40))
def test_bytes_changed_anywhere_crash_nothing(stamped, roots, seed):
    change = random.Random(seed)  # noqa: S311 - the same bytes in each run
    changed = bytearray(stamped)
    for _ in range(3):
        changed[change.randrange(len(changed))] = change.randrange(256)
    try:
        assert all(len(report.lines) == 3 for report in reports(bytes(changed), roots))
    except BlockedError as error:
        assert list(error.messages) in ([reckoning.BROKEN_PDF], [reckoning.ENCRYPTED])


def test_without_pyhanko_it_is_said_plainly(monkeypatch):
    monkeypatch.setattr(examination, "find_spec", lambda name: None)
    with pytest.raises(BlockedError) as caught:
        examine(paper(), None, now=NOW)
    assert str(caught.value).startswith("Máy chủ chưa cài phần kiểm tra chữ ký số")


def test_other_files_in_the_folder_are_passed_over(tmp_path):
    folder = folder_of(tmp_path / "trusted", authority().root, authority().between)
    (folder / "README.txt").write_text("xin đừng xóa")
    (folder / "broken.pem").write_bytes(
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    )
    (folder / "broken.der").write_bytes(b"\x30\x82\xff")
    (folder / "empty.crt").write_bytes(b"")
    (folder / "folder.pem").mkdir()
    found = read_folder(folder)
    assert (len(found.roots), len(found.between)) == (1, 1)
    assert read_folder(tmp_path / "nowhere").roots == ()
