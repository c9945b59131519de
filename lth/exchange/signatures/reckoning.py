"""Reckon with pyHanko what is known of each signature; called by its name in a process of its own.

Three things are kept apart. *Intact* is arithmetic on the bytes and needs no trust. *Whose* asks
for a chain of certificates up to a root of the folder, at a time at which they were all valid.
*Status at the time of signing* asks when that was, which only a time stamp of a known chain tells,
and whether the certificate was revoked by then, which only evidence kept in the file tells.
"""

import asyncio
import io
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message
from lth.exchange.signatures import chains, wording
from lth.exchange.signatures.report import Certainty, SignatureReport, SignatureUse, as_json
from lth.exchange.signatures.roots import TrustedCertificates, read_folder

MOST_SIGNATURES = 50

NO_PDF = Message(N_("Tệp này không phải PDF."))
BROKEN_PDF = Message(
    N_("Không đọc được chữ ký của tệp PDF này: cấu trúc tệp bị hỏng. Hãy tải lại tệp gốc.")
)
ENCRYPTED = Message(
    N_("Tệp PDF này được đặt mật khẩu nên không xem được chữ ký. Hãy dùng tệp không có mật khẩu.")
)
TOO_MANY_SIGNATURES = Message(N_("Tệp PDF này có quá nhiều chữ ký."))

# What pyHanko and asn1crypto raise on what strangers made: each reads the file as it goes.
_UNREADABLE = (
    PdfError,
    SignatureValidationError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    OSError,
)
_KINDS = frozenset(one.value for one in SigSeedSubFilter)
"""Kinds of signatures (SubFilter) that are reckoned with."""


def examine_apart(pdf: bytes, roots: str, now: str) -> list[dict[str, Any]]:
    """Return the reports of a PDF as JSON; see `examination.examine`."""
    reports = reports_of(pdf, Path(roots) if roots else None, datetime.fromisoformat(now))
    return [as_json(report) for report in reports]


def reports_of(pdf: bytes, roots: Path | None, now: datetime) -> list[SignatureReport]:
    """Report each signature of a PDF. Raises BlockedError for what cannot be read."""
    if b"%PDF-" not in pdf[:1024]:
        raise BlockedError(NO_PDF)
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        if reader.encrypted:
            raise BlockedError(ENCRYPTED)
        embedded = _embedded_in(reader)
    except _UNREADABLE:
        raise BlockedError(BROKEN_PDF) from None
    trusted = read_folder(roots)
    evidence = chains.evidence_in(reader)
    return [_told(one, len(pdf), trusted, evidence, now) for one in embedded]


def _embedded_in(reader: PdfFileReader) -> list[EmbeddedPdfSignature | str]:
    """Return the signatures in the order in which they were made; those of which nothing can be
    read come last, by the names of their fields. pyHanko's own list passes over unknown kinds.
    """
    found: list[EmbeddedPdfSignature] = []
    unread: list[str] = []
    for name, signature, field in enumerate_sig_fields(reader, filled_status=True):
        if len(found) + len(unread) == MOST_SIGNATURES:
            raise BlockedError(TOO_MANY_SIGNATURES)
        try:
            known = signature.get_object().get("/SubFilter") in _KINDS
            one = EmbeddedPdfSignature(reader, field, name) if known else None
        except _UNREADABLE:
            one = None
        if one is None:
            unread.append(str(name or ""))
        else:
            found.append(one)
    return [*sorted(found, key=lambda one: one.signed_revision), *unread]


def _told(
    embedded: EmbeddedPdfSignature | str,
    length: int,
    trusted: TrustedCertificates,
    evidence: chains.Evidence,
    now: datetime,
) -> SignatureReport:
    if isinstance(embedded, str):
        return _unreadable(embedded)
    try:
        return _report(embedded, length, trusted, evidence, now)
    except _UNREADABLE:
        return _unreadable(str(embedded.field_name or ""))


def _report(
    embedded: EmbeddedPdfSignature,
    length: int,
    trusted: TrustedCertificates,
    evidence: chains.Evidence,
    now: datetime,
) -> SignatureReport:
    covered = _covered(embedded)
    appended = max(0, length - covered[-1][1]) if covered else 0
    status = asyncio.run(_validated(embedded))
    use = _use(embedded)
    intact, intact_line = wording.of_integrity(status, covered, appended)
    certificate = status.signing_cert
    others = (*embedded.other_embedded_certs, *evidence.certificates)
    stamp = _stamp(status, use)
    stamped = _trusted_time(stamp, embedded, trusted, evidence)
    said = status.timestamp if use is SignatureUse.TIME_STAMP else status.signer_reported_dt
    moments = [moment for moment in (stamped, said, now) if moment is not None]
    chain = chains.build(certificate, others, trusted, moments)
    chain_line = wording.of_chain(certificate, chain)
    known, status_line = wording.of_status(
        certificate,
        said=said,
        stamped=stamped,
        has_stamp=stamp is not None,
        revocation=_revocation(certificate, others, trusted, evidence, embedded, stamped, chain),
    )
    return SignatureReport(
        field=str(embedded.field_name or ""),
        use=use,
        intact=intact,
        intact_line=intact_line,
        chain_known=chain.known,
        chain_line=chain_line,
        status_known=known,
        status_line=status_line,
        signer=wording.name_of(certificate),
        organisation=wording.organisation_of(certificate),
        issuer=wording.issuer_of(certificate),
        chain=tuple(wording.name_of(one) for one in chain.certificates),
        certificate=certificate.sha256.hex(),
        signed_bytes=covered,
        appended=appended,
        said_time=said,
        stamped_time=stamped,
    )


def _use(embedded: EmbeddedPdfSignature) -> SignatureUse:
    stamp = str(embedded.sig_object_type) == "/DocTimeStamp"
    return SignatureUse.TIME_STAMP if stamp else SignatureUse.SIGNATURE


async def _validated(embedded: EmbeddedPdfSignature) -> Any:
    """Return what pyHanko says of the bytes; chains are built apart, so nothing is trusted here."""
    nobody = ValidationContext(trust_roots=[], allow_fetching=False)
    if _use(embedded) is SignatureUse.TIME_STAMP:
        return await async_validate_pdf_timestamp(embedded, validation_context=nobody)
    return await async_validate_pdf_signature(
        embedded,
        signer_validation_context=nobody,
        ts_validation_context=nobody,
        key_usage_settings=KeyUsageConstraints(key_usage=set()),
    )


def _covered(embedded: EmbeddedPdfSignature) -> tuple[tuple[int, int], ...]:
    numbers = [int(number) for number in embedded.byte_range]
    pairs = zip(numbers[::2], numbers[1::2], strict=False)
    return tuple((first, first + many) for first, many in pairs)


def _stamp(status: Any, use: SignatureUse) -> Any:
    """Return the status of the time stamp that belongs to a signature, if it has one."""
    return status if use is SignatureUse.TIME_STAMP else status.timestamp_validity


def _trusted_time(
    stamp: Any,
    embedded: EmbeddedPdfSignature,
    trusted: TrustedCertificates,
    evidence: chains.Evidence,
) -> datetime | None:
    """Return the time of a stamp that is whole and whose chain is known."""
    if stamp is None or not (stamp.intact and stamp.valid):
        return None
    others = (*_stamp_certificates(embedded), *evidence.certificates)
    chain = chains.build(stamp.signing_cert, others, trusted, [stamp.timestamp], stamping=True)
    return stamp.timestamp if chain.known is Certainty.YES else None


def _stamp_certificates(embedded: EmbeddedPdfSignature) -> list[x509.Certificate]:
    """Return the certificates that came with the time stamp of a signature."""
    held = list(embedded.other_embedded_certs)
    for attribute in embedded.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            for token in attribute["values"]:
                inside = token["content"]["certificates"]
                held += [one.chosen for one in inside if one.name == "certificate"]
    return held


def _revocation(
    certificate: x509.Certificate,
    others: tuple[x509.Certificate, ...],
    trusted: TrustedCertificates,
    evidence: chains.Evidence,
    embedded: EmbeddedPdfSignature,
    stamped: datetime | None,
    chain: chains.Chain,
) -> chains.Revocation:
    if stamped is None or chain.known is not Certainty.YES:
        return chains.Revocation(Certainty.UNKNOWN)
    own = chains.with_evidence_of(evidence, embedded)
    return chains.revocation_at(certificate, others, trusted, own, stamped)


def _unreadable(field: str) -> SignatureReport:
    """Report a signature that pyHanko cannot reckon with: nothing is known of it."""
    return SignatureReport(
        field=field,
        use=SignatureUse.SIGNATURE,
        intact=Certainty.UNKNOWN,
        intact_line=wording.UNREADABLE,
        chain_known=Certainty.UNKNOWN,
        chain_line=wording.NO_CHAIN_AT_ALL,
        status_known=Certainty.UNKNOWN,
        status_line=wording.NO_STATUS_AT_ALL,
    )
