"""Every route × every role, slice 1 of 3: see `cases`."""

import pytest

from .cases import Tranche

pytestmark = pytest.mark.django_db


class TestTranche(Tranche):
    rang = 0
