"""Files: kept in a folder, in anything that speaks S3, or in memory for tests."""

from lk_graphql.ports.files.address import in_folder, in_memory, open_files
from lk_graphql.ports.files.contract import Files, FilesAway

__all__ = ["Files", "FilesAway", "in_folder", "in_memory", "open_files"]
