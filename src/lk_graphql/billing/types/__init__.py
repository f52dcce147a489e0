"""What clients see of bills; the parts are imported by where they are used."""
