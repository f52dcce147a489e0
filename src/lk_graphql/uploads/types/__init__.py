"""What clients see of files; the parts are imported by where they are used."""
