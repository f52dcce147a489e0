"""PDF from HTML: a pool of processes of our own, so that no request waits for another's page."""

from lk_graphql.ports.pdf.pool import PdfFailed, PdfPool, Pdfs, PdfsBusy
from lk_graphql.ports.pdf.renderer import picture

__all__ = ["PdfFailed", "PdfPool", "Pdfs", "PdfsBusy", "picture"]
