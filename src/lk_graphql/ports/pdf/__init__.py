"""PDF from HTML, rendered in a pool of processes outside the event loop."""

from lk_graphql.ports.pdf.pool import PdfFailed, PdfPool, PdfPoolBusy, PdfRenderer
from lk_graphql.ports.pdf.renderer import svg_data_uri

__all__ = ["PdfFailed", "PdfPool", "PdfPoolBusy", "PdfRenderer", "svg_data_uri"]
