"""What staff can do, and what is done with them."""
