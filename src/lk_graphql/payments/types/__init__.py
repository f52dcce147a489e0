"""What clients see of payments; the parts are imported by where they are used."""
