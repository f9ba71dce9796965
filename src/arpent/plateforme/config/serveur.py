"""The server: gunicorn inside this process. Django is loaded once, before the workers are made."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.urls import get_resolver
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from .memoire import rendre_les_grands_blocs


class Serveur(BaseApplication):  # type: ignore[misc]
    """Workers with threads; one that has served long is renewed."""

    def __init__(self, adresse: str, port: int, processus: int) -> None:
        self._options = {
            "bind": f"{adresse}:{port}",
            "workers": processus,
            "worker_class": "gthread",
            "threads": 4,
            "timeout": 120,
            "max_requests": 5_000,
            "max_requests_jitter": 500,
            "preload_app": True,
            "loglevel": "warning",
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else ".",
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """The application, all its pages imported: workers share that memory, the first visit waits less."""
        from .wsgi import application

        assert get_resolver().url_patterns
        rendre_les_grands_blocs()
        connections.close_all()  # a connection does not survive the fork
        gc.collect()
        gc.freeze()
        return application
