"""What clients see of appeals; the parts are imported by where they are used."""
