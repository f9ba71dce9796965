"""Shared by the whole suite."""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "arpent", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("arpent")


@pytest.fixture(autouse=True)
def _media(tmp_path_factory: pytest.TempPathFactory, settings: object) -> None:
    """Files written by a test go to a directory of their own."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("fichiers")  # type: ignore[attr-defined]
