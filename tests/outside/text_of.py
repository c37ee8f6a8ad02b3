"""Prints the text of PDFs as the files themselves give it, as a JSON list.

Each code goes through its font's ToUnicode map, and what a marked sequence has as ActualText stands for all that is in it
(ISO 32000-1, 14.9.4). Artifacts count too. The order is that of the content stream.
"""

import json
import re
import sys

import pymupdf

TOKEN = re.compile(
    rb"<<|>>|<[0-9A-Fa-f\s]*>|\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\)|[\[\]]|/[^\s<>\[\]()/%]*|[^\s<>\[\]()/%]+", re.S
)


def unicode_map(document, font):
    kind, value = document.xref_get_key(font, "ToUnicode")
    if kind != "xref":
        return {}
    cmap = document.xref_stream(int(value.split()[0])).decode("latin-1")
    found = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.S):
        for code, text in re.findall(r"<(\w+)>\s*<(\w*)>", block):
            found[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    return found


ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b""}


def bytes_of(string):
    if string.startswith(b"<"):
        return bytes.fromhex(string.strip(b"<>").decode())

    def plain(escape):
        rest = escape[1]
        return bytes([int(rest, 8)]) if rest.isdigit() else ESCAPED.get(rest, rest)

    return re.sub(rb"\\([0-7]{1,3}|.|\n)", plain, string[1:-1], flags=re.S)


def text_of_page(document, page):
    fonts = {font[4]: unicode_map(document, font[0]) for font in page.get_fonts(full=True)}
    out, operands, marks, font = [], [], [], {}
    replaced = lambda: any(mark is not None for mark in marks)
    for token in TOKEN.findall(page.read_contents()):
        if token in (b"BDC", b"BMC"):
            actual = None
            if b"/ActualText" in operands:
                actual = operands[operands.index(b"/ActualText") + 1]
                actual = bytes_of(actual)
                actual = actual.decode("utf-16" if actual.startswith(b"\xfe\xff") else "latin-1")
                if not replaced():
                    out.append(actual)
            marks.append(actual)
        elif token == b"EMC":
            marks.pop()
            out.append(" ")
        elif token == b"Tf":
            font = fonts.get(operands[-2][1:].decode(), {})
        elif token in (b"TJ", b"Tj") and not replaced():
            for part in operands:
                if part.startswith((b"<", b"(")) and part != b"<<":
                    codes = bytes_of(part)
                    pairs = range(0, len(codes), 2)
                    out.extend(font.get(codes[at] << 8 | codes[at + 1], "\ufffd") for at in pairs)
        if re.fullmatch(rb"[A-Za-z'\"*]+[0-9]?", token):
            operands = []
        else:
            operands.append(token)
    return "".join(out)


def text_of(path):
    document = pymupdf.open(path)
    return "\n".join(text_of_page(document, page) for page in document)


json.dump([text_of(path) for path in sys.argv[1:]], sys.stdout)
