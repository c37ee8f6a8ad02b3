"""Says of PDFs what page_validation finds and what their structure and metadata hold, as a JSON list."""

import json
import sys

import page
import pymupdf


# page_validation takes a carriage return at the end of a compressed stream for part of the line break before `endstream`.
# veraPDF and qpdf judge the lengths of streams.
MISTAKEN = "PDFA2A-STREAM-LENGTH-001"


def failures(path, profile):
    found = page.validate_pdf(path, profile=profile).failures
    return [f"{failure.rule_id}: {failure.message}" for failure in found if failure.rule_id != MISTAKEN]


class Structure:
    """The structure tree: its elements in reading order, and the marked content that belongs to it."""

    def __init__(self, document):
        self.document = document
        self.elements = []
        root = document.xref_get_key(document.pdf_catalog(), "StructTreeRoot")[1]
        self.roles = self.names(int(root.split()[0]), "RoleMap")
        self.walk(int(root.split()[0]))

    def get(self, xref, key):
        return self.document.xref_get_key(xref, key)

    def names(self, xref, key):
        kind, value = self.get(xref, key)
        if kind == "xref":
            value = self.document.xref_object(int(value.split()[0]), compressed=True)
        parts = value.strip("<>").replace("/", " /").split()
        return dict(zip(parts[0::2], parts[1::2])) if kind != "null" else {}

    def walk(self, xref):
        kind, role = self.get(xref, "S")
        if kind == "name":
            alt = self.get(xref, "Alt")
            element = {"role": self.roles.get(role, role).lstrip("/"), "alt": alt[1] if alt[0] != "null" else None}
            self.elements.append(element)
        kind, kids = self.get(xref, "K")
        if kind == "xref":
            self.walk(int(kids.split()[0]))
        elif kind == "array":
            words = kids.strip("[]").replace("<<", " << ").replace(">>", " >> ").split()
            inside = 0
            for at, word in enumerate(words):
                inside += (word == "<<") - (word == ">>")
                if word == "R" and not inside:
                    self.walk(int(words[at - 2]))


def outline(document):
    return [[level, title] for level, title, _ in document.get_toc()]


def report(path):
    document = pymupdf.open(path)
    catalog = document.pdf_catalog()
    return {
        "ua1": failures(path, "ua1"),
        "a2a": failures(path, "2a"),
        "language": document.xref_get_key(catalog, "Lang")[1],
        "shows_title": document.xref_get_key(catalog, "ViewerPreferences/DisplayDocTitle")[1],
        "info": document.metadata,
        "xmp": document.get_xml_metadata(),
        "elements": Structure(document).elements,
        "outline": outline(document),
        "links": [link.get("uri") for each in document for link in each.get_links()],
    }


json.dump([report(path) for path in sys.argv[1:]], sys.stdout)
