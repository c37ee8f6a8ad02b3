"""Signs a letter, and attacks it in every way that is known: what was signed is changed, or the signature is not what it seems.

    attacks.py FOLDER LETTER.pdf OTHER.pdf

The folder gets anchors.pem and a PDF for each attack. Their names go to standard output as a JSON list."""

import io
import json
import pathlib
import re
import sys

from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import cms_embedder
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.validation.dss import DocumentSecurityStore

from parties import DAY, NOW, YEAR, Party, broken, indefinite, new_key, seal, stamper
from surgery import Increment, gap, rewritten, tails, wrapped

PADES, ADOBE = fields.SigSeedSubFilter.PADES, fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED
ROOT = Party("Wortel", authority=True)
ISSUER = Party("Uitgever", ROOT, authority=True)
# pyHanko's time-stamping server has an RSA key.
SERVER = {"key": new_key("rsa2048"), "usages": ("digital_signature",), "purposes": [ExtendedKeyUsageOID.TIME_STAMPING]}
TSA = Party("Tijdstempeldienst", ROOT, **SERVER)
# The library dates an answer on the day that it is made.
RESPONDER = Party(
    "Antwoorder", ISSUER, usages=("digital_signature",), purposes=[ExtendedKeyUsageOID.OCSP_SIGNING], end=50 * YEAR
)
JANSEN = Party("A. Jansen", ISSUER)
STAMP = stamper(TSA, [ROOT])
CHAIN = [ISSUER, ROOT]


def sign(pdf, party=JANSEN, field="Handtekening1", form=PADES, chain=CHAIN, turn=lambda der: der, change=None, **how):
    """A PDF with a signature by hand in the place that pyHanko keeps for it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if change:
        change(writer)
    steps = cms_embedder.PdfCMSEmbedder(new_field_spec=fields.SigFieldSpec(field)).write_cms(field, writer)
    next(steps)
    steps.send(cms_embedder.SigObjSetup(
        sig_placeholder=SignatureObject(bytes_reserved=16384, subfilter=form, timestamp=NOW)
    ))
    digest, output = steps.send(cms_embedder.SigIOSetup(md_algorithm="sha256", in_place=True))
    whole = output.getvalue()
    content = whole[: digest.reserved_region_start] + whole[digest.reserved_region_end :]
    digest.fill_with_cms(output, turn(seal(content, party, chain, **how)))
    return output.getvalue()


def later(pdf, change):
    """What pyHanko saves after a change."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def text(words):
    return generic.StreamObject(stream_data=f"BT /f0 12 Tf 72 400 Td ({words}) Tj ET".encode())


def pages(writer):
    return writer.root["/Pages"]["/Kids"]


def page(writer, number=0):
    found = writer.find_page_for_modification(number)[0]
    return found.get_object()


def names(**entries):
    return generic.DictionaryObject({generic.pdf_name(f"/{key}"): value for key, value in entries.items()})


def script():
    return names(S=generic.pdf_name("/JavaScript"), JS=generic.pdf_string("app.alert(1)"))


def in_catalog(key, value):
    def change(writer):
        writer.root[generic.pdf_name(key)] = value(writer) if callable(value) else value
        writer.update_root()
    return change


def new_text(writer):
    """Other words on the first page."""
    found = page(writer)
    found["/Contents"] = writer.add_object(text("Het bedrag is 1 euro"))
    writer.update_container(found)


def annotation(writer):
    found = page(writer)
    note = names(
        Type=generic.pdf_name("/Annot"), Subtype=generic.pdf_name("/FreeText"), Contents=generic.pdf_string("Nee"),
        Rect=generic.ArrayObject(map(generic.NumberObject, (100, 100, 300, 200))), F=generic.NumberObject(4),
    )
    found["/Annots"] = generic.ArrayObject([*found.get("/Annots", []), writer.add_object(note)])
    writer.update_container(found)


def text_field(writer):
    field = names(FT=generic.pdf_name("/Tx"), T=generic.pdf_string("bedrag"), V=generic.pdf_string("1 euro"))
    form = writer.root["/AcroForm"]
    form["/Fields"] = generic.ArrayObject([*map(form["/Fields"].raw_get, range(len(form["/Fields"]))), writer.add_object(field)])
    writer.update_container(form)
    writer.update_root()


def renamed_field(writer):
    field = writer.root["/AcroForm"]["/Fields"][0]
    field["/T"] = generic.pdf_string("Handtekening van een ander")
    writer.update_container(field)


def metadata(writer):
    reference = writer.root.raw_get("/Metadata")
    stream = reference.get_object()
    fresh = generic.StreamObject(
        {generic.pdf_name("/Type"): generic.pdf_name("/Metadata"), generic.pdf_name("/Subtype"): generic.pdf_name("/XML")},
        stream_data=stream.data.replace(b"</rdf:RDF>", b" </rdf:RDF>"),
    )
    writer.root[generic.pdf_name("/Metadata")] = writer.add_object(fresh)
    writer.update_root()


def kids(change):
    def apply(writer):
        node = writer.root["/Pages"]
        held = [node["/Kids"].raw_get(at) for at in range(len(node["/Kids"]))]
        held = change(writer, held)
        node["/Kids"] = generic.ArrayObject(held)
        node["/Count"] = generic.NumberObject(len(held))
        writer.update_container(node)
    return apply


def another_page(writer, held):
    box = generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842)))
    node = writer.root.raw_get("/Pages")
    fresh = names(Type=generic.pdf_name("/Page"), MediaBox=box, Parent=node, Contents=writer.add_object(text("Ook dit")))
    return [*held, writer.add_object(fresh)]


def another_font(writer):
    fonts = page(writer)["/Resources"]["/Font"]
    fonts["/f0"], fonts["/f1"] = fonts.raw_get("/f1"), fonts.raw_get("/f0")
    writer.update_container(fonts)


def swapped_font_file(writer):
    descend = lambda name: page(writer)["/Resources"]["/Font"][name]["/DescendantFonts"][0]["/FontDescriptor"]
    one = descend("/f0")
    key = next(key for key in one if key.startswith("/FontFile"))
    one[key] = descend("/f1").raw_get(key)
    writer.update_container(one)


def own_objects(number, body, **settings):
    return lambda pdf: Increment(pdf).object(number, body).save(**settings)


def saved_later(signed):
    """The letter changed after it was signed (incremental saving)."""
    empty = lambda writer: names()
    for name, change in {
        "page-text": new_text,
        "annotation": annotation,
        "text-field": text_field,
        "renamed-field": renamed_field,
        "metadata": metadata,
        "open-action": in_catalog("/OpenAction", script()),
        "names-javascript": in_catalog("/Names", names(JavaScript=names(
            Names=generic.ArrayObject([generic.pdf_string("a"), script()])))),
        "attachment": in_catalog("/Names", names(EmbeddedFiles=names(Names=generic.ArrayObject()))),
        "outlines": in_catalog("/Outlines", names(Type=generic.pdf_name("/Outlines"), Count=generic.NumberObject(0))),
        "optional-content": in_catalog("/OCProperties", names(OCGs=generic.ArrayObject(), D=names())),
        "page-labels": in_catalog("/PageLabels", names(Nums=generic.ArrayObject())),
        "page-added": kids(another_page),
        "page-removed": kids(lambda _, held: held[:-1]),
        "pages-swapped": kids(lambda _, held: [*held[1:], held[0]]),
        "fonts-swapped": another_font,
        "font-file-swapped": swapped_font_file,
    }.items():
        yield name, later(signed, change)
    # Objects that are there, replaced or taken away under their own number.
    body = b"<</Length 44>>stream\nBT /f0 12 Tf 72 400 Td (Het bedrag is 1) Tj ET\n\nendstream"
    increment = Increment(signed)
    contents = increment.number(b"/Contents (\\d+) 0 R")
    yield "text-overwritten", Increment(signed).stream(contents, b"BT /f0 12 Tf (1 euro) Tj ET").save()
    yield "text-freed", Increment(signed).free(contents).save()
    yield "signature-redefined", Increment(signed).again(increment.signature).save()
    yield "signature-freed", Increment(signed).free(increment.signature).save()
    catalog = increment.body(increment.root)
    yield "catalog-renumbered", Increment(signed).object(9000, catalog).save(root=9000)
    yield "object-stream", Increment(signed).packed(increment.root, catalog.replace(b">>", b"/OpenAction 1 0 R>>", 1)).save_stream()
    # The cross-reference swapped: what is shown instead lies elsewhere in the file (shadow attacks).
    other = increment.number(b"/ToUnicode (\\d+) 0 R")
    yield "entry-swapped", Increment(signed).entry(contents, increment.offset(other)).save()
    yield "entry-into-stream", Increment(signed).entry(increment.root, signed.index(b"stream") + 30).save()
    hidden = b"% " + b"%d 0 obj<</Type/Catalog>>endobj\n" % increment.root
    yield "entry-into-remark", Increment(signed).raw(hidden).entry(increment.root, len(signed) + 2).save()
    yield "hidden-object", Increment(signed).raw(b"9000 0 obj<</Type/Catalog>>endobj\n").again(increment.root).save()
    # One number twice, a key twice, two tables.
    yield "entry-twice", Increment(signed).again(increment.root).save(twice=True)
    twice = catalog.replace(b"/Type", b"/Lang (nl)/Lang (en)/Type", 1)
    yield "key-twice", Increment(signed).object(increment.root, twice).save()
    yield "hybrid", Increment(signed).again(increment.root).save(extra=b"/XRefStm 15")
    yield "prev-skips", Increment(signed).again(increment.root).save(prev=increment.first)
    yield "prev-forward", Increment(signed).again(increment.root).save(prev=len(signed) + 5)


def parts(der):
    """Not the whole value: another length up front, so that there is more than one."""
    return der + b"\x04\x01\x00"


def by_certificate():
    """Certificates that are not what they should be, with the CA certificates that go along."""
    rogue_root = Party("Wortel", authority=True)
    rogue_issuer = Party("Uitgever", rogue_root, authority=True)
    person = Party("B. Burger", ISSUER)
    no_signer = Party("Geen uitgever", ISSUER, authority=True, usages=("crl_sign",))
    yield "tls-only", Party("www.example.nl", ISSUER, purposes=[ExtendedKeyUsageOID.SERVER_AUTH]), CHAIN
    yield "key-usage", Party("A. Jansen", ISSUER, usages=("key_encipherment",)), CHAIN
    yield "rogue-root", Party("A. Jansen", rogue_root), [rogue_root]
    yield "rogue-issuer", Party("A. Jansen", rogue_issuer), [rogue_issuer, ROOT]
    yield "self-signed", Party("A. Jansen"), []
    yield "expired", Party("A. Jansen", ISSUER, end=-DAY), CHAIN
    yield "not-yet", Party("A. Jansen", ISSUER, begin=DAY), CHAIN
    yield "issuer-expired", Party("A. Jansen", Party("Oud", ROOT, authority=True, end=-DAY)), None
    yield "person-as-issuer", Party("A. Jansen", person), [person, *CHAIN]
    yield "issuer-without-usage", Party("A. Jansen", no_signer), [no_signer, *CHAIN]
    yield "authority-signs", ISSUER, CHAIN
    yield "rsa-1024", Party("A. Jansen", ISSUER, key=new_key("rsa1024")), CHAIN


def of_signature(pdf, signed, stamped):
    """Signatures that are not what they should be."""
    for name, party, chain in by_certificate():
        yield name, sign(pdf, party, chain=[party.issuer, ROOT] if chain is None else chain)
    rsa = Party("A. Jansen", ISSUER, key=new_key("rsa2048"))
    yield "sha1-digest", sign(pdf, digest="sha1")
    yield "sha1-signature", sign(pdf, rsa, scheme="sha1")
    for form, prefix in ((PADES, ""), (ADOBE, "adobe-")):
        yield f"{prefix}names-nothing", sign(pdf, form=form, names=None)
        yield f"{prefix}names-v1", sign(pdf, form=form, names="v1")
    yield "names-other", sign(pdf, names="wrong")
    yield "two-signers", sign(pdf, signers=2)
    yield "no-signers", sign(pdf, signers=0)
    yield "own-content", sign(pdf, econtent=b"Een andere brief")
    yield "indefinite-length", sign(pdf, turn=indefinite)
    yield "value-after-value", sign(pdf, turn=parts)
    for name, (crls, answers) in {
        "revoked-crl": ([ISSUER.crl(JANSEN), ROOT.crl()], []),
        "revoked-ocsp": ([ROOT.crl()], [ISSUER.answer(JANSEN, RESPONDER)]),
        "issuer-revoked": ([ISSUER.crl(), ROOT.crl(ISSUER)], []),
    }.items():
        certificates = [it.asn1 for it in (JANSEN, *CHAIN, RESPONDER)]
        output = io.BytesIO(signed)
        DocumentSecurityStore.add_dss(output, None, certs=certificates, ocsps=answers, crls=crls)
        yield name, output.getvalue()
    # A signature's value, and a timestamp, of another file.
    other = sign(pdf, change=new_text)
    start, end = gap(signed)
    value = other[slice(*gap(other))]
    yield "value-of-other", signed[:start] + value.ljust(end - start, b"0") + signed[end:]
    yield "stamp-of-other", sign(pdf, stamps=[lambda _: STAMP(b"another value")])
    yield "stamp-broken", sign(pdf, stamps=[lambda value: broken(STAMP(value))])
    yield "stamp-twice", sign(pdf, stamps=[STAMP, STAMP])
    person = stamper(Party("A. Jansen", ISSUER, key=SERVER["key"]), CHAIN)
    yield "stamp-by-person", sign(pdf, stamps=[person])
    rogue = Party("Wortel", authority=True)
    yield "stamp-by-rogue", sign(pdf, stamps=[stamper(Party("Tijdstempeldienst", rogue, **SERVER), [rogue])])


def honest(pdf, other):
    """Signed honestly by who is trusted, and not the letter that was issued."""
    yield "honest-other-words", sign(pdf.replace(b"/Lang(nl", b"/Lang(en", 1).replace(b"/Lang (nl", b"/Lang (en", 1))
    yield "honest-changed-before", sign(later(pdf, new_text))
    yield "honest-changed-with-it", sign(pdf, change=new_text)
    yield "honest-attachment", sign(pdf, change=in_catalog("/Names", names(EmbeddedFiles=names(Names=generic.ArrayObject()))))
    # Changed, signed, and changed back.
    changed = sign(pdf, change=new_text)
    original = Increment(pdf)
    pages = [number for number in original.numbers() if re.search(rb"/Type\s*/Page\b", original.body(number))]
    restored = Increment(changed)
    restored.object(pages[0], original.body(pages[0]))
    yield "honest-changed-back", sign(restored.save(), field="Handtekening2")
    # Another letter behind this one, with its catalog for the file's.
    base, inner = Increment(pdf), Increment(other)
    for number in inner.numbers():
        base.object(number + 5000, re.sub(rb"\b(\d+) 0 R\b", lambda it: b"%d 0 R" % (int(it[1]) + 5000), inner.body(number)))
    yield "honest-other-inside", sign(base.save(root=inner.root + 5000))


def main():
    folder, letter, other = map(pathlib.Path, sys.argv[1:4])
    pdf = letter.read_bytes()
    (folder / "anchors.pem").write_bytes(ROOT.pem())
    signed, stamped = sign(pdf), sign(pdf, stamps=[STAMP])
    made = {"good-plain": signed, "good-stamped": stamped, "good-adobe": sign(pdf, form=ADOBE)}
    made["other-letter"] = sign(other.read_bytes())
    made["good-two"] = sign(stamped, Party("B. Versteeg", ISSUER), field="Handtekening2")
    made.update(saved_later(signed))
    made.update(rewritten(signed))
    made.update(wrapped(signed, seal, (JANSEN, CHAIN)))
    made.update(tails(signed))
    made.update(of_signature(pdf, signed, stamped))
    made.update(honest(pdf, other.read_bytes()))
    for name, data in made.items():
        (folder / f"{name}.pdf").write_bytes(data)
    json.dump(list(made), sys.stdout)


main()
