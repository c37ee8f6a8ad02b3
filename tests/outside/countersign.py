"""Has pyHanko sign a PDF with the key of a PKCS#12 file, as a signatory elsewhere does.

    countersign.py [--tsa URL] PASSPHRASE FIELD LETTER.pdf SIGNED.pdf KEY.p12

With the address of a time-stamping server the signature gets a time stamp. The size of the signed file goes to standard
output as JSON."""

import io
import json
import pathlib
import sys

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps


def main():
    arguments = sys.argv[1:]
    stamper = None
    if arguments[0] == "--tsa":
        stamper = timestamps.HTTPTimeStamper(arguments[1])
        arguments = arguments[2:]
    passphrase, field, letter, signed, p12 = arguments
    signer = signers.SimpleSigner.load_pkcs12(p12, passphrase=passphrase.encode())
    writer = IncrementalPdfFileWriter(io.BytesIO(pathlib.Path(letter).read_bytes()))
    metadata = signers.PdfSignatureMetadata(
        field_name=field, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    spec = fields.SigFieldSpec(field)
    out = signers.PdfSigner(metadata, signer, timestamper=stamper, new_field_spec=spec).sign_pdf(writer).getvalue()
    pathlib.Path(signed).write_bytes(out)
    json.dump({"bytes": len(out)}, sys.stdout)


main()
