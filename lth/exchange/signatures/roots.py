"""Certificates that an installation trusts: a folder of files in PEM or DER, filled by people."""

from dataclasses import dataclass
from pathlib import Path

from asn1crypto import pem, x509

LARGEST_FILE = 1024 * 1024
MOST_FILES = 500
_ENDINGS = {".pem", ".crt", ".cer", ".der"}


@dataclass(frozen=True, slots=True)
class TrustedCertificates:
    """Roots, which end a chain, and the certificates between them and the signers'."""

    roots: tuple[x509.Certificate, ...] = ()
    between: tuple[x509.Certificate, ...] = ()


def read_folder(folder: Path | None) -> TrustedCertificates:
    """Read the certificates of a folder and of those in it; what is none is passed over.

    A certificate that its own subject issued is a root; every other lies between.
    """
    if folder is None or not folder.is_dir():
        return TrustedCertificates()
    files = sorted(one for one in folder.rglob("*") if one.suffix.casefold() in _ENDINGS)
    found = [certificate for file in files[:MOST_FILES] for certificate in _certificates(file)]
    roots = tuple(one for one in found if one.subject == one.issuer)
    return TrustedCertificates(roots, tuple(one for one in found if one not in roots))


def _certificates(file: Path) -> list[x509.Certificate]:
    if not file.is_file() or file.stat().st_size > LARGEST_FILE:
        return []
    data = file.read_bytes()
    try:
        if not pem.detect(data):
            return [_whole(data)]
        return [_whole(der) for kind, _, der in pem.unarmor(data, True) if kind == "CERTIFICATE"]
    except (ValueError, TypeError):
        return []  # a folder that people fill holds other things as well


def _whole(der: bytes) -> x509.Certificate:
    """Return a certificate, parsed wholly, so that a broken one is found out here."""
    certificate = x509.Certificate.load(der, strict=True)
    certificate.native  # noqa: B018 - reading it is what parses it
    return certificate
