"""Files: kept in a folder, in anything that speaks S3, or in memory for tests."""

from lk_graphql.ports.files.address import in_folder, open_files
from lk_graphql.ports.files.stored import Files, FilesAway, StoredFiles, in_memory

__all__ = ["Files", "FilesAway", "StoredFiles", "in_folder", "in_memory", "open_files"]
