"""Settings of the test suite: everything in a temporary directory, a fast hasher, loud templates."""

import os
import tempfile

os.environ.setdefault("ARPENT_DONNEES", tempfile.mkdtemp(prefix="arpent-tests-"))
os.environ.setdefault("ARPENT_CLE", "cle-des-tests-sans-valeur-" + "x" * 40)
os.environ.setdefault("ARPENT_DEMO", "1")

from .settings import *  # noqa: F403
from .settings import TEMPLATES


class VariableIndefinie(str):
    """Makes an undefined template variable fail the test that renders it."""

    def __contains__(self, element: object) -> bool:
        return element == "%s"

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"Undefined template variable: {name}")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = VariableIndefinie("%s")  # type: ignore[index]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
