"""Makes files out of a PDF with other programs: argument 1 is the PDF, argument 2 the folder. Answers with their names."""

import io
import json
import pathlib
import sys

import pymupdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.stamp import TextStampStyle

import datetime

pdf, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])


def signer():
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Tester")])
    day = datetime.datetime(2023, 1, 1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(day)
        .not_valid_after(day.replace(year=2050))
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return signers.SimpleSigner.load(str(folder / "key.pem"), str(folder / "cert.pem"))


SIGNER = signer()
# pyHanko refuses to sign after a certification that forbids it; other programs do it.
signers.PdfSigner._enforce_certification_constraints = lambda *_: None
MADE = []


def keep(name, data):
    (folder / f"{name}.pdf").write_bytes(data)
    MADE.append(name)


def sign(data, field, box=None, style=None, **extra):
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    spec = fields.SigFieldSpec(field, box=box, on_page=0)
    metadata = signers.PdfSignatureMetadata(
        field_name=field, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256", **extra
    )
    made = signers.PdfSigner(metadata, signer=SIGNER, new_field_spec=spec, stamp_style=style).sign_pdf(writer)
    return made.getvalue()


def update(data, change):
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def page(writer):
    return writer.root["/Pages"]["/Kids"][0].get_object()


def content(writer):
    stream = writer.add_object(generic.StreamObject(stream_data=b"0 0 9 9 re f"))
    node, contents = page(writer), page(writer).raw_get("/Contents")
    node["/Contents"] = generic.ArrayObject([contents, stream])
    writer.update_container(node)


def remark(writer):
    note = {"/Type": "/Annot", "/Subtype": "/Square"}
    square = generic.DictionaryObject({generic.pdf_name(key): generic.pdf_name(value) for key, value in note.items()})
    square[generic.pdf_name("/Rect")] = generic.ArrayObject([generic.NumberObject(it) for it in (9, 9, 99, 99)])
    writer.register_annotation(writer.root["/Pages"]["/Kids"].raw_get(0), writer.add_object(square))


def opening(writer):
    action = {"/S": generic.pdf_name("/JavaScript"), "/JS": generic.TextStringObject("app.alert(1)")}
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {generic.pdf_name(key): value for key, value in action.items()}
    )
    writer.update_root()


def rotate(writer):
    page(writer)["/Rotate"] = generic.NumberObject(180)
    writer.update_container(page(writer))


def drop(writer):
    pages = writer.root["/Pages"]
    pages["/Kids"] = generic.ArrayObject([pages["/Kids"].raw_get(0), pages["/Kids"].raw_get(0)])
    writer.update_container(pages["/Kids"])
    writer.update_container(pages)


issued = pdf.read_bytes()
keep("good-nothing", issued)
once = sign(issued, "Een")
keep("good-signed", once)
keep("good-signed-twice", sign(once, "Twee"))
keep("good-visible", sign(issued, "Een", box=(20, 20, 220, 80), style=TextStampStyle(stamp_text="%(signer)s")))
keep("good-certified", sign(issued, "Een", certify=True, docmdp_permissions=fields.MDPPerm.FILL_FORMS))
closed = sign(issued, "Een", certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES)
keep("good-closed", closed)
keep("change-certified", sign(closed, "Twee"))
keep("change-covers", sign(issued, "Een", box=(0, 0, 590, 600), style=TextStampStyle(stamp_text="%(signer)s")))
for name, change in [
    ("change-page", content),
    ("change-annotation", remark),
    ("change-catalog", opening),
    ("change-page-rotate", rotate),
    ("pdf-page-tree", drop),
]:
    keep(name, sign(update(issued, change), "Een"))
    if name != "pdf-page-tree":
        keep(f"{name}-afterwards", update(once, change))
rewritten = pymupdf.open(pdf).tobytes()
keep("not-as-issued", sign(rewritten, "Een"))
keep("reads-pymupdf", rewritten)
keep("reads-pymupdf-objects", pymupdf.open(pdf).tobytes(use_objstms=1, garbage=3, deflate=True))
print(json.dumps(MADE))
