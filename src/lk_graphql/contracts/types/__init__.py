"""What clients see of contracts; the parts are imported by where they are used."""
