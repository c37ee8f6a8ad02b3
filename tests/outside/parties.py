"""Signatories, their authorities and a time-stamping server for tests, and signatures that are made by hand so that any part
of them can be wrong. All of it on the day of the tests."""

import datetime

from asn1crypto import algos, cms, core, crl as asn1_crl, keys as asn1_keys, ocsp as asn1_ocsp, tsp, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID
from pyhanko.sign import timestamps
from pyhanko_certvalidator.registry import SimpleCertificateStore

NOW = datetime.datetime(2023, 2, 21, 10, 0, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
YEAR = 365 * DAY
FLAGS = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
HASHES = {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha512": hashes.SHA512}


def new_key(kind="p256"):
    if kind == "p256":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, int(kind.removeprefix("rsa")))


class Party:
    """Someone with a key and a certificate, issued by another or by themselves."""

    def __init__(self, name, issuer=None, authority=False, key=None, usages=None, purposes=(), begin=-YEAR, end=YEAR):
        self.key = key or new_key()
        self.issuer = issuer or self
        self.subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        if usages is None:
            usages = ("key_cert_sign", "crl_sign") if authority else ("digital_signature", "content_commitment")
        public, issued_by = self.key.public_key(), self.issuer.key.public_key()
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.subject)
            .issuer_name(self.issuer.subject)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW + begin)
            .not_valid_after(NOW + end)
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
            .add_extension(x509.KeyUsage(**{flag: flag in usages for flag in FLAGS}), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issued_by), critical=False)
        )
        if purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=True)
        self.certificate = builder.sign(self.issuer.key, hashes.SHA256())
        self.asn1 = asn1_x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))

    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def asn1_key(self):
        pkcs8 = serialization.PrivateFormat.PKCS8
        return asn1_keys.PrivateKeyInfo.load(
            self.key.private_bytes(serialization.Encoding.DER, pkcs8, serialization.NoEncryption())
        )

    def crl(self, *revoked):
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.subject)
        builder = builder.last_update(NOW - DAY).next_update(NOW + YEAR)
        builder = builder.add_extension(x509.CRLNumber(1), critical=False)
        for party in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(party.certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(NOW - 30 * DAY).build())
        signed = builder.sign(self.key, hashes.SHA256())
        return asn1_crl.CertificateList.load(signed.public_bytes(serialization.Encoding.DER))

    def answer(self, about, responder):
        """That a certificate is revoked."""
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=about.certificate, issuer=self.certificate, algorithm=hashes.SHA1(),
            cert_status=ocsp.OCSPCertStatus.REVOKED, this_update=NOW - DAY, next_update=NOW + YEAR,
            revocation_time=NOW - 30 * DAY, revocation_reason=None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
        signed = builder.certificates([responder.certificate]).sign(responder.key, hashes.SHA256())
        return asn1_ocsp.OCSPResponse.load(signed.public_bytes(serialization.Encoding.DER))

    def sign(self, data, digest="sha256"):
        """The value of a signature, and its algorithm."""
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return self.key.sign(data, ec.ECDSA(HASHES[digest]())), f"{digest}_ecdsa"
        return self.key.sign(data, padding.PKCS1v15(), HASHES[digest]()), f"{digest}_rsa"


def digest_of(data, name="sha256"):
    state = hashes.Hash(HASHES[name]())
    state.update(data)
    return state.finalize()


def names_certificate(kind, certificate):
    """The attribute that names the signer's certificate."""
    der = certificate.dump()
    if kind == "v1":
        ids = tsp.SigningCertificate({"certs": [{"cert_hash": digest_of(der, "sha1")}]})
        return {"type": "signing_certificate", "values": [ids]}
    digest = digest_of(der + b"!" if kind == "wrong" else der)
    ids = tsp.SigningCertificateV2({"certs": [{"cert_hash": digest}]})
    return {"type": "signing_certificate_v2", "values": [ids]}


def seal(content, party, chain=(), names="v2", digest="sha256", scheme=None, stamps=(), signers=1, econtent=None):
    """A CMS signature over a content. `stamps` makes timestamps of the signature's value."""
    attributes = [
        {"type": "content_type", "values": ["data"]},
        {"type": "message_digest", "values": [digest_of(content, digest)]},
    ]
    if names:
        attributes.append(names_certificate(names, party.asn1))
    attributes = cms.CMSAttributes(attributes)
    value, algorithm = party.sign(attributes.dump(), scheme or digest)
    about = {
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(
            {"issuer": party.asn1.issuer, "serial_number": party.asn1.serial_number})}),
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": digest}),
        "signed_attrs": attributes,
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": algorithm}),
        "signature": value,
    }
    tokens = [stamp(value) for stamp in stamps]
    if tokens:
        about["unsigned_attrs"] = [{"type": "signature_time_stamp_token", "values": tokens}]
    inner = {"content_type": "data"}
    if econtent is not None:
        inner["content"] = econtent
    data = cms.SignedData({
        "version": "v1",
        "digest_algorithms": [algos.DigestAlgorithm({"algorithm": digest})],
        "encap_content_info": inner,
        "certificates": [cms.CertificateChoices("certificate", it.asn1) for it in (party, *chain)],
        "signer_infos": [about] * signers,
    })
    return cms.ContentInfo({"content_type": "signed_data", "content": data}).dump()


def stamper(tsa, chain):
    """What makes timestamps of a signature's value."""
    store = SimpleCertificateStore.from_certs([it.asn1 for it in chain])
    server = timestamps.DummyTimeStamper(tsa.asn1, tsa.asn1_key(), certs_to_embed=store, fixed_dt=NOW)

    def stamp(value):
        imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest_of(value)}
        asked = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True})
        return server.request_tsa_response(asked)["time_stamp_token"]

    return stamp


def indefinite(der):
    """The same value with an outermost length that BER allows and DER doesn't."""
    head = 2 + (der[1] & 0x7F if der[1] & 0x80 else 0)
    return der[:1] + b"\x80" + der[head:] + b"\0\0"


def broken(token):
    """A timestamp with its server's signature changed."""
    token = token.copy()
    about = token["content"]["signer_infos"][0]
    value = bytearray(about["signature"].native)
    value[-1] ^= 1
    about["signature"] = core.OctetString(bytes(value))
    return cms.ContentInfo.load(token.dump(force=True))
