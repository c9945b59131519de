"""Build chains of certificates up to a trusted root, and ask evidence for revocations."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.general import CMSStructuralError, find_unique_cms_attribute
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import ValidationInfoReadingError
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
    ValidationError,
)

from lth.exchange.signatures.report import Certainty
from lth.exchange.signatures.roots import TrustedCertificates


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a PDF keeps to prove later what was known when it was signed (its DSS)."""

    certificates: tuple[x509.Certificate, ...] = ()
    lists: tuple[crl.CertificateList, ...] = ()
    answers: tuple[ocsp.OCSPResponse, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """The certificates from the signer's to the root, as far as they are known.

    `missing` is whose certificate would come next, where none is there; `NO` is a chain that is
    wrong: a signature in it that does not fit, or a certificate that may issue none.
    """

    known: Certainty
    certificates: tuple[x509.Certificate, ...]
    missing: x509.Name | None = None


@dataclass(frozen=True, slots=True)
class Revocation:
    """Whether a certificate was in force (`YES`), revoked (`NO`, and when), or neither is known."""

    in_force: Certainty
    revoked_at: datetime | None = None


def evidence_in(reader: Any) -> Evidence:
    """Read the evidence that a PDF keeps; none where it keeps none that can be read."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
        return Evidence(
            tuple(store.load_certs()),
            tuple(crl.CertificateList.load(_data(one)) for one in store.crls),
            tuple(ocsp.OCSPResponse.load(_data(one)) for one in store.ocsps),
        )
    except (ValidationInfoReadingError, PdfError, ValueError, TypeError, KeyError, AttributeError):
        return Evidence()  # evidence that cannot be read proves nothing


def _data(reference: Any) -> bytes:
    data: bytes = reference.get_object().data
    return data


def with_evidence_of(evidence: Evidence, embedded: Any) -> Evidence:
    """Add what a signature itself carries as evidence."""
    try:
        kept = find_unique_cms_attribute(
            embedded.signer_info["signed_attrs"], "adobe_revocation_info_archival"
        )
        lists, answers = kept["crl"].native and kept["crl"], kept["ocsp"].native and kept["ocsp"]
    except (CMSStructuralError, ValueError, TypeError, KeyError):
        return evidence  # it carries none, or none that can be read
    return replace(
        evidence,
        lists=(*evidence.lists, *(lists or ())),
        answers=(*evidence.answers, *(answers or ())),
    )


def build(
    certificate: x509.Certificate,
    others: Iterable[x509.Certificate],
    trusted: TrustedCertificates,
    moments: Sequence[datetime],
    *,
    stamping: bool = False,
) -> Chain:
    """Build the chain of a certificate as it stood at one of some moments.

    Whether the certificate was still valid then is another question: where none of the moments
    will do, its first day of validity is tried, on which it stood if ever.
    """
    others = tuple(others)
    wrong = False
    for moment in (*moments, certificate.not_valid_before):
        context = _context(others, trusted, moment)
        try:
            path = asyncio.run(_path(certificate, context, stamping=stamping))
        except PathBuildingError:
            break
        except (ExpiredError, NotYetValidError):
            continue
        except ValidationError:
            wrong = True
            continue
        except (ValueError, TypeError, KeyError, NotImplementedError):
            break  # a certificate that the library cannot follow: nothing is known of its chain
        return Chain(Certainty.YES, tuple(reversed(list(path))))
    held, missing = _as_far_as_known(certificate, (*others, *trusted.between, *trusted.roots))
    return Chain(Certainty.NO if wrong else Certainty.UNKNOWN, held, missing)


async def _path(
    certificate: x509.Certificate, context: ValidationContext, *, stamping: bool
) -> Iterable[x509.Certificate]:
    validator = CertificateValidator(certificate, validation_context=context)
    extended = {"time_stamping"} if stamping else None
    path = await validator.async_validate_usage(set(), extended)
    return list(path.iter_certs(include_root=True))


def _context(
    others: tuple[x509.Certificate, ...],
    trusted: TrustedCertificates,
    moment: datetime,
    **more: Any,
) -> ValidationContext:
    return ValidationContext(
        trust_roots=list(trusted.roots),
        other_certs=[*others, *trusted.between],
        moment=moment,
        allow_fetching=False,
        **more,
    )


def _as_far_as_known(
    certificate: x509.Certificate, others: Iterable[x509.Certificate]
) -> tuple[tuple[x509.Certificate, ...], x509.Name | None]:
    """Follow names from issuer to issuer: what a person is shown, and proof of nothing."""
    held = list(others)
    chain = [certificate]
    while chain[-1].subject != chain[-1].issuer and len(chain) < _LONGEST:
        above = next((one for one in held if one.subject == chain[-1].issuer), None)
        if above is None or above in chain:
            return tuple(chain), chain[-1].issuer
        chain.append(above)
    return tuple(chain), chain[-1].subject


_LONGEST = 12


def revocation_at(
    certificate: x509.Certificate,
    others: Iterable[x509.Certificate],
    trusted: TrustedCertificates,
    evidence: Evidence,
    moment: datetime,
) -> Revocation:
    """Ask the evidence whether a certificate and those above it were in force at a moment."""
    context = _context(
        tuple(others),
        trusted,
        moment,
        crls=list(evidence.lists),
        ocsps=list(evidence.answers),
        revocation_mode="require",
        retroactive_revinfo=True,
    )
    try:
        asyncio.run(_path(certificate, context, stamping=False))
    except RevokedError as error:
        return Revocation(Certainty.NO, error.revocation_dt)
    except (ValidationError, PathBuildingError, ValueError, TypeError, KeyError):
        return Revocation(Certainty.UNKNOWN)  # no evidence, or none that tells
    return Revocation(Certainty.YES)
