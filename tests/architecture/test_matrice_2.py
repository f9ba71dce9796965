"""Every route × every role, slice 2 of 3: see `cases`."""

import pytest

from .cases import Tranche

pytestmark = pytest.mark.django_db


class TestTranche(Tranche):
    rang = 1
