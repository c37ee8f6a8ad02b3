"""Has pyHanko and openssl sign a PDF in all the ways that people's programs do, and writes what comes of it to a folder.

    sign.py FOLDER LETTER.pdf

The folder gets anchors.pem and, for each kind of signature, a PDF. Those under good-… are as they should be; those under
bad-… are what an attacker makes of a good one. The names and the numbers of signatures go to standard output as JSON."""

import datetime
import io
import json
import pathlib
import subprocess
import sys

from asn1crypto import crl as asn1_crl, keys as asn1_keys, ocsp as asn1_ocsp, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.signers import cms_embedder
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
YEAR = datetime.timedelta(days=365)
DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM

KEYS = {
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
    "rsa3072": lambda: rsa.generate_private_key(65537, 3072),
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "p521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
}


class Party:
    """Someone with a key and a certificate, issued by another or by themselves."""

    def __init__(self, name, kind, issuer=None, authority=False, purposes=(), usages=("digital_signature",)):
        self.key = KEYS[kind]()
        self.issuer = issuer or self
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.subject = subject
        flags = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                 "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
        usages = ("key_cert_sign", "crl_sign") if authority else usages
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.issuer.subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - YEAR)
            .not_valid_after(NOW + YEAR)
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
            .add_extension(x509.KeyUsage(**{flag: flag in usages for flag in flags}), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.issuer.key.public_key()), critical=False
            )
        )
        if purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=True)
        self.certificate = builder.sign(self.issuer.key, digest_of(self.issuer.key))
        self.asn1 = asn1_x509.Certificate.load(self.certificate.public_bytes(DER))
        private = self.key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        self.asn1_key = asn1_keys.PrivateKeyInfo.load(private)

    def crl(self):
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.subject)
        builder = builder.last_update(NOW - datetime.timedelta(days=1)).next_update(NOW + YEAR)
        builder = builder.add_extension(x509.CRLNumber(1), critical=False)
        crl = builder.sign(self.key, digest_of(self.key))
        return asn1_crl.CertificateList.load(crl.public_bytes(DER))

    def answer(self, about, responder):
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=about.certificate, issuer=self.certificate, algorithm=hashes.SHA1(),
            cert_status=ocsp.OCSPCertStatus.GOOD, this_update=NOW - datetime.timedelta(days=1),
            next_update=NOW + YEAR, revocation_time=None, revocation_reason=None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
        builder = builder.certificates([responder.certificate])
        answer = builder.sign(responder.key, digest_of(responder.key))
        return asn1_ocsp.OCSPResponse.load(answer.public_bytes(DER))


def digest_of(key):
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()


ROOT = Party("Wortel", "rsa", authority=True)
ISSUER = Party("Uitgever", "p384", ROOT, authority=True)
TSA_ROOT = Party("Wortel voor tijd", "p256", authority=True)
TSA = Party("Tijdstempeldienst", "rsa", TSA_ROOT, purposes=[ExtendedKeyUsageOID.TIME_STAMPING])
RESPONDER = Party("Antwoorder", "p256", ISSUER, purposes=[ExtendedKeyUsageOID.OCSP_SIGNING])
STAMPER = timestamps.DummyTimeStamper(
    tsa_cert=TSA.asn1, tsa_key=TSA.asn1_key, certs_to_embed=SimpleCertificateStore.from_certs([TSA_ROOT.asn1])
)


def person(kind, usages=("digital_signature", "content_commitment")):
    return Party("A. Ondertekenaar", kind, ISSUER, usages=usages)


def signer_of(party, pss=False):
    store = SimpleCertificateStore.from_certs([ISSUER.asn1, ROOT.asn1])
    return signers.SimpleSigner(
        signing_cert=party.asn1, signing_key=party.asn1_key, cert_registry=store, prefer_pss=pss
    )


def context(party):
    return ValidationContext(
        trust_roots=[ROOT.asn1, TSA_ROOT.asn1], other_certs=[ISSUER.asn1, RESPONDER.asn1], allow_fetching=False,
        crls=[ROOT.crl(), TSA_ROOT.crl(), ISSUER.crl()], ocsps=[ISSUER.answer(party, RESPONDER)],
        revocation_mode="soft-fail",
    )


def sign(pdf, kind="p256", field="Handtekening1", pss=False, stamp=False, box=None, party=None, **settings):
    party = party or person(kind)
    settings.setdefault("subfilter", fields.SigSeedSubFilter.PADES)
    settings.setdefault("md_algorithm", "sha512" if kind == "ed25519" else "sha256")
    if settings.pop("archive", False):
        settings.update(embed_validation_info=True, validation_context=context(party))
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    spec = fields.SigFieldSpec(field, box=box)
    metadata = signers.PdfSignatureMetadata(field_name=field, **settings)
    signer = signers.PdfSigner(metadata, signer_of(party, pss), timestamper=STAMPER if stamp else None, new_field_spec=spec)
    return signer.sign_pdf(writer).getvalue()


def stamped(pdf):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    return signers.PdfTimeStamper(STAMPER, field_name="Tijdstempel1").timestamp_pdf(writer, "sha256").getvalue()


def with_openssl(pdf, folder):
    """A signature made by openssl, put in the place that pyHanko keeps for it."""
    party = person("rsa")
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    steps = cms_embedder.PdfCMSEmbedder(new_field_spec=fields.SigFieldSpec("Handtekening1")).write_cms("Handtekening1", writer)
    next(steps)
    place = SignatureObject(bytes_reserved=16384, subfilter=fields.SigSeedSubFilter.PADES, timestamp=NOW)
    steps.send(cms_embedder.SigObjSetup(sig_placeholder=place))
    digest, output = steps.send(cms_embedder.SigIOSetup(md_algorithm="sha256", in_place=True))
    whole = output.getvalue()
    content = whole[: digest.reserved_region_start] + whole[digest.reserved_region_end :]
    key, own, others = folder / "key.pem", folder / "own.pem", folder / "others.pem"
    key.write_bytes(party.key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    own.write_bytes(party.certificate.public_bytes(PEM))
    others.write_bytes(ISSUER.certificate.public_bytes(PEM))
    command = ["openssl", "cms", "-sign", "-cades", "-binary", "-md", "sha256", "-outform", "DER", "-nosmimecap"]
    files = ["-signer", own, "-inkey", key, "-certfile", others]
    cms = subprocess.run([*command, *files], input=content, capture_output=True, check=True).stdout
    for file in (key, own, others):
        file.unlink()
    digest.fill_with_cms(output, cms)
    return output.getvalue()


def with_streams(pdf, folder):
    """The letter with cross-reference and object streams."""
    source, target = folder / "source.pdf", folder / "target.pdf"
    source.write_bytes(pdf)
    subprocess.run(["qpdf", "--object-streams=generate", source, target], check=True)
    data = target.read_bytes()
    source.unlink(), target.unlink()
    return data


def changed_afterwards(pdf, redefine=False):
    """Another page content in a later revision; the signature dictionary too, if asked."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"].raw_get(0).get_object()
    while "/Kids" in page:
        page = page["/Kids"].raw_get(0).get_object()
    content = writer.add_object(generic.StreamObject(stream_data=b"BT /F1 12 Tf (Het bedrag is 1 euro) Tj ET"))
    page["/Contents"] = content
    writer.update_container(page)
    if redefine:
        field = writer.root["/AcroForm"]["/Fields"][0]
        writer.mark_update(field.raw_get("/V"))
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def good(pdf, folder):
    pkcs7 = fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    box = (60, 60, 260, 120)
    streams = with_streams(pdf, folder)
    yield "b-b-rsa", 1, sign(pdf, "rsa")
    yield "b-b-pss", 1, sign(pdf, "rsa", pss=True)
    yield "b-b-pss-3072-sha512", 1, sign(pdf, "rsa3072", pss=True, md_algorithm="sha512")
    yield "b-b-p256", 1, sign(pdf, "p256")
    yield "b-b-p384", 1, sign(pdf, "p384", md_algorithm="sha384")
    yield "b-b-p521", 1, sign(pdf, "p521", md_algorithm="sha512")
    yield "b-b-ed25519", 1, sign(pdf, "ed25519")
    yield "b-b-visible", 1, sign(pdf, box=box)
    yield "b-b-streams", 1, sign(streams)
    yield "b-t", 1, sign(pdf, stamp=True)
    yield "b-t-streams", 1, sign(streams, "rsa", stamp=True)
    yield "b-lt", 1, sign(pdf, stamp=True, archive=True)
    yield "b-lta", 2, sign(pdf, stamp=True, archive=True, use_pades_lta=True)
    yield "b-lta-streams", 2, sign(streams, stamp=True, archive=True, use_pades_lta=True)
    yield "adobe", 1, sign(pdf, "rsa", subfilter=pkcs7)
    yield "adobe-archival", 1, sign(pdf, "rsa", subfilter=pkcs7, stamp=True, archive=True)
    for level in (fields.MDPPerm.NO_CHANGES, fields.MDPPerm.FILL_FORMS, fields.MDPPerm.ANNOTATE):
        certified = sign(pdf, certify=True, docmdp_permissions=level)
        yield f"certified-{level.value}", 1, certified
        if level != fields.MDPPerm.NO_CHANGES:
            yield f"certified-{level.value}-approved", 2, sign(certified, "rsa", field="Handtekening2")
    yield "two", 2, sign(sign(pdf, "p384"), "rsa", field="Handtekening2", stamp=True)
    yield "stamped", 1, stamped(pdf)
    yield "signed-stamped", 2, stamped(sign(pdf))
    yield "openssl", 1, with_openssl(pdf, folder)


def bad(pdf, folder):
    signed = sign(pdf, "rsa")
    yield "appended", changed_afterwards(signed)
    yield "redefined", changed_afterwards(signed, redefine=True)
    certified = sign(pdf, certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES)
    yield "certified-changed", changed_afterwards(certified)


def main():
    folder, letter = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    pdf = letter.read_bytes()
    anchors = [ROOT.certificate.public_bytes(PEM), TSA_ROOT.certificate.public_bytes(PEM)]
    (folder / "anchors.pem").write_bytes(b"".join(anchors))
    rogues = [Party("Wortel", "rsa", authority=True), Party("Wortel voor tijd", "p256", authority=True)]
    (folder / "rogues.pem").write_bytes(b"".join(rogue.certificate.public_bytes(PEM) for rogue in rogues))
    made = {"good": {}, "bad": []}
    for name, count, data in good(pdf, folder):
        (folder / f"good-{name}.pdf").write_bytes(data)
        made["good"][name] = count
    for name, data in bad(pdf, folder):
        (folder / f"bad-{name}.pdf").write_bytes(data)
        made["bad"].append(name)
    json.dump(made, sys.stdout)


main()
