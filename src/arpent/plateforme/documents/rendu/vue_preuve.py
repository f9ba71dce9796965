"""The text of the readable proof of a consent."""

from __future__ import annotations

from ..donnees_preuve import PreuveConsentementDoc
from .vue import Vue, nettoyer

EXPLICATIONS = (
    "Le signataire a lu le document désigné ci-dessus, a accepté la phrase citée, et son identité a été "
    "vérifiée comme il est dit. L’empreinte SHA-256 désigne ce fichier et nul autre : un seul octet changé "
    "la change.",
    "Les mêmes faits sont gardés dans un fichier de données (JSON), scellé avec la clé de l’instance. Son "
    "empreinte et son sceau sont écrits ici ; la page « Vérifier un PDF signé » et la commande « arpent "
    "contrat verifier » disent si l’un ou l’autre a changé.",
    "Cette preuve est celle d’un consentement (code civil, article 1367), non d’une signature par "
    "certificat.",
)


def vue_preuve(doc: PreuveConsentementDoc) -> Vue:
    qui = ", ".join(x for x in (doc.signataire, doc.qualite) if x)
    rubriques = [
        (
            "Qui",
            [
                ("Partie", f"{doc.partie}, SIREN {doc.siren}" if doc.siren else doc.partie),
                ("Signataire", qui),
                ("Délégation", doc.delegation),
                ("Compte", f"{doc.compte} ({doc.courriel})"),
            ],
        ),
        ("Quand", [("Le", doc.le), ("Instant", doc.instant)]),
        (
            "À quoi",
            [
                ("Acte", doc.objet),
                ("Document montré", doc.document),
                ("Son empreinte SHA-256", doc.document_sha256),
                ("Phrase acceptée", f"«\u00a0{doc.mots}\u00a0»"),
            ],
        ),
        (
            "Comment",
            [
                ("Méthode", "consentement recueilli en ligne, après lecture"),
                ("Identité vérifiée par", doc.authentification),
                ("Empreinte de l’adresse réseau", doc.adresse_sha256),
            ],
        ),
        (
            "Preuve lisible par une machine",
            [("Empreinte SHA-256 du fichier JSON", doc.preuve_sha256), ("Sceau (HMAC-SHA-256)", doc.sceau)],
        ),
    ]
    return nettoyer(
        {
            "titre": f"Preuve de consentement : {doc.partie}",
            "objet": doc.objet,
            "date_iso": doc.etabli_le.isoformat(),
            "nom": doc.partie,
            "le": doc.le,
            "rubriques": [
                {"titre": titre, "lignes": [{"cle": c, "valeur": v} for c, v in lignes if v]}
                for titre, lignes in rubriques
            ],
            "explications": list(EXPLICATIONS),
            "demonstration": doc.demonstration,
        }
    )
