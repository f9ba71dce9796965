"""The text of the printed thread."""

from __future__ import annotations

from ..donnees_fil_rouge import FilRougeDoc
from .texte import jour
from .vue import Vue, nettoyer, vue_charte

ALLER, RETOUR = "Du chiffre de départ au résultat.", "Du résultat au chiffre de départ."


def vue_fil_rouge(doc: FilRougeDoc) -> Vue:
    """Each thread, floor by floor."""
    return nettoyer(
        {
            "titre": f"{doc.territoire} : le fil rouge du contrat",
            "nom": doc.territoire,
            "date_iso": doc.etabli_le.isoformat(),
            "le": jour(doc.etabli_le),
            "generation": doc.generation,
            "sens": "Du résultat au chiffre de départ."
            if doc.retour
            else "Du chiffre de départ au résultat.",
            "fils": [
                {
                    "titre": f.titre,
                    "etages": [
                        {
                            "titre": e.titre,
                            "mailles": [
                                {
                                    "titre": m.titre,
                                    "detail": m.detail
                                    + (" (valeur de démonstration)" if m.demonstration else ""),
                                }
                                for m in e.mailles
                            ],
                            "ruptures": list(e.ruptures),
                        }
                        for e in f.etages
                    ],
                }
                for f in doc.fils
            ],
            "vide": "Aucun enjeu n’est encore écrit au diagnostic.",
            "charte": vue_charte(doc.charte),
            "demonstration": doc.demonstration,
        }
    )
