"""Certificates and signed PDFs of our own making: a root, one between, signers, a time stamper.

Everything is made anew for a run of the tests; no key outlives it.
"""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import typst
from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore
from support.loops import call_apart

_CURVE = ec.SECP256R1()
SIGNED_AT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
ROOT, BETWEEN = "CA gốc thử nghiệm", "CA cấp dưới thử nghiệm"
LEADER, CLERK = "Chủ tịch xã Tập Sơn", "Ủy ban nhân dân xã Tập Sơn"


@dataclass(frozen=True)
class Holder:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def for_signing(self) -> tuple[asn1.Certificate, keys.PrivateKeyInfo]:
        plain = self.key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return asn1.Certificate.load(self.der), keys.PrivateKeyInfo.load(plain)


def make(
    name: str,
    issuer: Holder | None = None,
    *,
    authority: bool = False,
    first: datetime = datetime(2025, 1, 1, tzinfo=UTC),
    last: datetime = datetime(2030, 1, 1, tzinfo=UTC),
    stamping: bool = False,
) -> Holder:
    """Make a certificate; without an issuer it is its own."""
    key = rsa.generate_private_key(65537, 2048) if stamping else ec.generate_private_key(_CURVE)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Ủy ban nhân dân xã Tập Sơn"),
        ]
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_usage(authority), critical=True)
    )
    if stamping:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return Holder(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def _usage(authority: bool) -> x509.KeyUsage:
    """Return what the key is for; signers here have no non-repudiation, as some certificates."""
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


@dataclass(frozen=True)
class Authority:
    """A root, one below it and who they gave certificates to."""

    root: Holder
    between: Holder
    leader: Holder
    clerk: Holder
    expired: Holder
    stamper: Holder


@cache
def authority() -> Authority:
    root = make(ROOT, authority=True)
    between = make(BETWEEN, root, authority=True)
    last_year = datetime(2026, 1, 1, tzinfo=UTC)
    return Authority(
        root,
        between,
        make(LEADER, between),
        make(CLERK, between),
        make("Người ký hết hạn", between, last=last_year),
        make("Dấu thời gian thử nghiệm", between, stamping=True),
    )


def folder_of(place: Path, *holders: Holder, der: bool = False) -> Path:
    """Write certificates into a folder, as an administrator would."""
    place.mkdir(exist_ok=True)
    for number, holder in enumerate(holders):
        ending, data = ("cer", holder.der) if der else ("pem", holder.pem)
        (place / f"{number}.{ending}").write_bytes(data)
    return place


def revocations(issuer: Holder, *revoked: Holder, on: datetime) -> bytes:
    """Return the list of what an authority has revoked, in DER."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(SIGNED_AT - timedelta(days=1))
        .next_update(SIGNED_AT + timedelta(days=30))
    )
    for holder in revoked:
        one = x509.RevokedCertificateBuilder().serial_number(holder.certificate.serial_number)
        builder = builder.add_revoked_certificate(one.revocation_date(on).build())
    signed = builder.sign(issuer.key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


@cache
def paper() -> bytes:
    """Return a PDF of one page as typst writes it."""
    text = '#set page("a4")\nKế hoạch số 12/KH-UBND: nhân rộng câu lạc bộ liên thế hệ'
    made = typst.compile(text.encode())
    assert isinstance(made, bytes)
    return made


def sign(
    pdf: bytes,
    holder: Holder,
    *,
    field: str = "ChuKy1",
    chain: tuple[Holder, ...] = (),
    stamper: Holder | None = None,
    pades: bool = True,
    at: datetime = SIGNED_AT,
) -> bytes:
    """Add a signature to a PDF, as the next increment."""
    certificate, key = holder.for_signing
    store = SimpleCertificateStore()
    store.register_multiple([one.for_signing[0] for one in chain])
    signer = signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=store)
    subfilter = SigSeedSubFilter.PADES if pades else SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    meta = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=subfilter
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    fields.append_signature_field(writer, fields.SigFieldSpec(field))
    made = signers.PdfSigner(meta, signer, timestamper=_stamps(stamper, chain, at))
    out = io.BytesIO()
    call_apart(lambda: made.sign_pdf(writer, output=out))
    return out.getvalue()


def _stamps(
    stamper: Holder | None, chain: tuple[Holder, ...], at: datetime
) -> timestamps.DummyTimeStamper | None:
    if stamper is None:
        return None
    certificate, key = stamper.for_signing
    store = SimpleCertificateStore()
    store.register_multiple([one.for_signing[0] for one in chain])
    return timestamps.DummyTimeStamper(certificate, key, certs_to_embed=store, fixed_dt=at)
