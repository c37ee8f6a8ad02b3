"""Says of PDFs what pyHanko finds of their signatures, as a JSON list: arguments are the trust anchor and the files."""

import json
import sys

from asn1crypto import pem, x509
from click.testing import CliRunner
from pyhanko.cli import cli_root
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def anchor(path):
    with open(path, "rb") as file:
        return x509.Certificate.load(pem.unarmor(file.read())[2])


def signature(embedded, trusted):
    context = ValidationContext(trust_roots=[trusted], allow_fetching=False)
    status = validate_pdf_signature(embedded, context, context)
    stamp = status.timestamp_validity
    return {
        "field": embedded.field_name,
        "bottom_line": status.bottom_line,
        "summary": status.summary(),
        "coverage": str(status.coverage),
        "modification": str(status.modification_level),
        "sub_filter": str(embedded.sig_object["/SubFilter"]),
        "timestamp": None if stamp is None else stamp.valid and stamp.trusted,
        "has_signing_time": any(a["type"].native == "signing_time" for a in embedded.signer_info["signed_attrs"]),
    }


def ades(path, trust):
    options = ["--trust", trust, "--trust-replace", "--no-revocation-check", "--executive-summary"]
    result = CliRunner().invoke(cli_root, ["sign", "adesverify", *options, path])
    return f"{result.exit_code} {result.output} {result.exception or ''}"


def report(path, trust):
    with open(path, "rb") as file:
        reader = PdfFileReader(file)
        found = [signature(embedded, anchor(trust)) for embedded in reader.embedded_signatures]
    return {"signatures": found, "ades": ades(path, trust)}


if __name__ == "__main__":
    trust, *files = sys.argv[1:]
    print(json.dumps([report(path, trust) for path in files]))
