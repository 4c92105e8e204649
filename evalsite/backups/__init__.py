"""Backup and restore (备份与恢复): the database as one snapshot, every file that its rows name, a manifest with checksums.

``engines`` knows SQLite and PostgreSQL, ``store`` the folder and its manifest, ``make`` and ``restore`` the order of things.
"""


class BackupError(Exception):
    """The backup or restore cannot be done; the message says why in Chinese."""
