"""What clients see of notices; the parts are imported by where they are used."""
