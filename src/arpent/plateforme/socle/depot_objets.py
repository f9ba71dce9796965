"""The store of files in an S3-compatible bucket, for several servers. Loaded only when ARPENT_FICHIERS asks.

The same promise as a folder: a name is never taken twice, a file that is not there is FileNotFoundError. What
the network or the store refuses is DepotMuet, which the pages turn into 503: a silence is never read as
"there is no such file".
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from .panne import DepotMuet

MEBI = 1024 * 1024
REGLAGES = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    connect_timeout=2,
    read_timeout=10,
    retries={"total_max_attempts": 2, "mode": "standard"},
    # Most stores that are not Amazon's refuse the trailing checksums that boto3 sends by default.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
TRANSFERT = TransferConfig(use_threads=False, multipart_threshold=64 * MEBI)
"""In the thread of the request: a killed process leaves nothing running; a form's file is one sending."""


def _ou_muet(methode: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(methode)
    def appeler(*args: Any, **options: Any) -> Any:
        try:
            return methode(*args, **options)
        except (BotoCoreError, ClientError, Boto3Error) as erreur:
            raise DepotMuet(f"Le dépôt de fichiers ne répond pas ({erreur}).") from erreur

    return appeler


class DepotObjets(S3Storage):  # type: ignore[misc]
    """`django-storages` on one bucket, private, nothing written over, nothing served by the store itself."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            client_config=REGLAGES,
            transfer_config=TRANSFERT,
            file_overwrite=False,
            default_acl=None,
            max_memory_size=MEBI,
            **options,
        )

    @_ou_muet
    def _open(self, name: str, mode: str = "rb") -> Any:
        """The whole file, here: what is cut on the way is known before the first byte is handed out."""
        fichier = super()._open(name, mode)
        if "r" in mode:
            _ = fichier.file
        return fichier

    @_ou_muet
    def repond(self) -> None:
        """DepotMuet when the bucket does not answer, or refuses us."""
        self.connection.meta.client.head_bucket(Bucket=self.bucket_name)

    _save = _ou_muet(S3Storage._save)
    delete = _ou_muet(S3Storage.delete)
    exists = _ou_muet(S3Storage.exists)
    listdir = _ou_muet(S3Storage.listdir)
    size = _ou_muet(S3Storage.size)
    get_modified_time = _ou_muet(S3Storage.get_modified_time)
