"""The receipt («квитанция»): content, rendering, storage."""
