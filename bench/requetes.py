"""Counts the SQL queries of each measured page, with the test client of Django.

python -m bench.requetes COOKIES CODE…    prints, as JSON, the number of queries by page code
"""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from .pages import PAGES  # noqa: E402


def compter(cookies: dict[str, str], codes: list[str]) -> dict[str, int]:
    """One warm call, then one counted call, a page."""
    client = Client(SERVER_NAME="127.0.0.1")
    for name, value in cookies.items():
        client.cookies[name] = value
    counts = {}
    for page in (p for p in PAGES if p.code in codes):
        client.get(page.chemin)
        with CaptureQueriesContext(connection) as queries:
            client.get(page.chemin)
        counts[page.code] = len(queries)
    return counts


if __name__ == "__main__":
    print(json.dumps(compter(json.loads(sys.argv[1]), sys.argv[2:])))
