"""Says what a reader of PDF shows of files, as a JSON list: bookmarks with their pages, properties, sizes of pages, whether
there is a form, and the keys of the catalog."""

import json
import sys

import pymupdf


def shown(path):
    document = pymupdf.open(path)
    return {
        "bookmarks": [[title, page] for _, title, page in document.get_toc()],
        "properties": document.metadata,
        "sizes": [[round(page.rect.width, 2), round(page.rect.height, 2)] for page in document],
        "form": bool(document.is_form_pdf),
        "catalog": sorted(document.xref_get_keys(document.pdf_catalog())),
        "preferences": document.xref_get_key(document.pdf_catalog(), "ViewerPreferences")[1],
    }


json.dump([shown(path) for path in sys.argv[1:]], sys.stdout)
