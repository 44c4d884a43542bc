"""Checks the place where measurements wait for the network."""

import os
import shutil

from edge.finding import Finding
from edge.settings.desk_toml import Storage

LOW_MB = 100
"""A visit takes 1 to 2 kB in the spool, so this is fifty thousand visits; what else fills a card is logs."""


def check_spool(storage: Storage) -> Finding:
    """What is found of the spool's folder; nothing is written."""
    folder = storage.spool.parent
    # Unlike Path.exists, it takes what lies in a folder that may not be searched for missing.
    while not os.path.exists(folder):  # noqa: PTH110
        folder = folder.parent
    try:
        free_mb = shutil.disk_usage(folder).free // 2**20
    except OSError as error:
        return Finding("storage", "bad", f"{folder} cannot be looked at: {error.strerror}", "check the card")
    if not os.access(folder, os.W_OK):
        to_do = f"give this user {folder}, or set storage.spool elsewhere"
        return Finding("storage", "bad", f"{folder} cannot be written", to_do)
    if free_mb == 0:
        to_do = "make room: measurements are held in memory, and lost when the desk is switched off"
        return Finding("storage", "bad", f"the disk at {folder} is full", to_do)
    if free_mb < LOW_MB:
        to_do = "make room: measurements wait there for the network"
        return Finding("storage", "warning", f"{free_mb} MB free at {folder}", to_do)
    return Finding("storage", "good", f"{free_mb} MB free at {folder}")
