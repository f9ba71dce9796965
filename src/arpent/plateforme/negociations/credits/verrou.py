"""The one lock of the envelopes: every movement that counts against a ceiling is written under it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from ..models import Enveloppe


def verrouiller(enveloppes: Iterable[Enveloppe]) -> dict[int, Enveloppe]:
    """Locks these nodes and all those above them, read again, by pk. One query.

    In ascending pk: a parent is older than its lines, so the root always comes first and two gestures never
    wait for each other. Call it before any check; it holds until the transaction ends. RuntimeError outside
    one. The lock order of the house: scenario or dispositif, then the envelopes, then the journal.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("verrouiller() holds nothing outside a transaction")
    pks = {pk for enveloppe in enveloppes for pk in enveloppe.ancetres}
    verrouillees = Enveloppe.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    return {enveloppe.pk: enveloppe for enveloppe in verrouillees}
