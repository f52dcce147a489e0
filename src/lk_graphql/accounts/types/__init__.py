"""What clients see of accounts; the parts are imported by where they are used."""
