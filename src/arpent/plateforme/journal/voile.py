"""What the journal never writes as it is: it cannot be rewritten, and a person may be forgotten one day.

A veiled value still says that it moved, and whether two lines hold the same one: a keyed fingerprint takes
its place. The name itself lies on the row of its room, where an anonymisation reaches it.
"""

from __future__ import annotations

from typing import Any

from django.utils.crypto import salted_hmac

CHAMPS_VOILES = frozenset(
    {
        "contact_nom", "contact_courriel", "contact_telephone", "responsable_nom", "rapporteur",
        "represente_par", "signataire",
    }
)  # fmt: skip
"""Fields that hold a name, an address or a number of a person, in whatever room."""
DEBUT = "tenu hors du journal"


def voiler(valeur: Any) -> Any:
    """The fingerprint of a text; an empty one stays empty."""
    if not isinstance(valeur, str) or not valeur or valeur.startswith(DEBUT):
        return valeur
    marque = salted_hmac("arpent.journal.voile", valeur, algorithm="sha256").hexdigest()[:8]
    return f"{DEBUT} ({marque})"


def voiler_champs(valeurs: dict[str, Any]) -> dict[str, Any]:
    """The same values, those of the veiled fields veiled."""
    return {nom: voiler(v) if nom in CHAMPS_VOILES else v for nom, v in valeurs.items()}
