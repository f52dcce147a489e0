"""`python -m lk_graphql.ports.pdf`: a process of the pool."""

import logging
import sys

from lk_graphql.ports.pdf.renderer import serve

logging.disable(logging.WARNING)  # the libraries log every unknown tag
out, sys.stdout = sys.stdout.buffer, sys.stderr
serve(sys.stdin.buffer, out)
