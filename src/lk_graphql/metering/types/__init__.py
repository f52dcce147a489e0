"""What clients see of meters; the parts are imported by where they are used."""
