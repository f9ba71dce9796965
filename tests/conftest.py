"""Shared by the whole suite."""

import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.base import base_migree

# A process starts in half the time when its modules are compiled already, whatever the environment asks.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

settings.register_profile(
    "arpent", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("arpent")


LONGS = (
    *(f"architecture/test_matrice{rang}.py" for rang in ("_1", "_2", "_3", "")),
    "config/test_demonstration.py",
    "plateforme/test_charges.py",
    "socle/test_base_neuve.py",
)
"""Files that take minutes: begun first, or one process would work on them alone at the end."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--avec-base", action="store_true", help="only the tests that ask for a database: the second engine's"
    )


BASES = {"db", "transactional_db", "django_db_setup"}


def _demande_une_base(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & BASES)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--avec-base"):
        sans = [item for item in items if not _demande_une_base(item)]
        config.hook.pytest_deselected(items=sans)
        items[:] = [item for item in items if _demande_une_base(item)]
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONGS))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, pytestconfig: pytest.Config
) -> Iterator[None]:
    """What pytest-django does before it creates the test database, then the copy of the migrated one."""
    assert pytestconfig.cache is not None
    with base_migree(pytestconfig.cache.mkdir("base")):
        yield


@pytest.fixture(autouse=True)
def _media(tmp_path_factory: pytest.TempPathFactory, settings: object) -> None:
    """Files written by a test go to a directory of their own."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("fichiers")  # type: ignore[attr-defined]
