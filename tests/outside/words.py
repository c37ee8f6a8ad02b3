"""Says where the words of PDFs stand, in millimetres: a JSON list of pages, each a list of [left, top, right, bottom, text].

Top and bottom are those of small letters, so that words of neighbouring lines don't touch.
"""

import json
import math
import sys

import pymupdf

MM = 72 / 25.4


def words(page):
    found = []
    for block in page.get_text("rawdict", flags=pymupdf.TEXT_PRESERVE_WHITESPACE)["blocks"]:
        for line in block.get("lines", []):
            if line["dir"] != (1.0, 0.0):
                continue
            for span in line["spans"]:
                word, box = "", None
                for char in span["chars"] + [{"c": " "}]:
                    if char["c"].isspace():
                        if word:
                            found.append([round(edge / MM, 2) for edge in box] + [word])
                        word, box = "", None
                        continue
                    x0, x1, y = char["bbox"][0], char["bbox"][2], char["origin"][1]
                    word += char["c"]
                    box = [min(box[0], x0), box[1], max(box[2], x1), y] if box else [x0, y - 0.5 * span["size"], x1, y]
    return sorted(found, key=lambda word: (math.floor(word[3]), word[0]))


json.dump([[words(page) for page in pymupdf.open(path)] for path in sys.argv[1:]], sys.stdout)
