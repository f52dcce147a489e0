"""PDF from HTML, rendered in a pool of processes outside the event loop."""

from lk_graphql.ports.pdf.pictures import bar_chart, qr_picture
from lk_graphql.ports.pdf.pool import PdfFailed, PdfPool, PdfPoolBusy, PdfRenderer

__all__ = ["PdfFailed", "PdfPool", "PdfPoolBusy", "PdfRenderer", "bar_chart", "qr_picture"]
