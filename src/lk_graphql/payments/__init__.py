"""Card payments, refunds, fiscal receipts and the payments registry."""
