"""PDF from HTML: a pool of processes of our own, so that no request waits for another's page."""

from lk_graphql.ports.pdf.pool import PdfFailed, PdfPool, PdfPoolBusy, PdfRenderer
from lk_graphql.ports.pdf.renderer import svg_data_uri

__all__ = ["PdfFailed", "PdfPool", "PdfPoolBusy", "PdfRenderer", "svg_data_uri"]
