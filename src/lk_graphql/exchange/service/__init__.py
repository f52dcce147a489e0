"""Files from and to the billing system: what they hold, how they are loaded and written."""
