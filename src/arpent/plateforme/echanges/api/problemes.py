"""Errors of the API: RFC 9457 (problem+json), in French, saying what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse

from .ecriture_json import ecrire

TYPE = "application/problem+json"
TITRES: dict[int, tuple[str, str]] = {
    400: ("Demande illisible", "Vérifiez l’adresse, ses paramètres et le corps envoyé."),
    401: (
        "Jeton absent ou refusé",
        "Envoyez l’en-tête « Authorization: Bearer » avec un jeton en service, créé depuis « Mon compte ».",
    ),
    403: ("Non permis", "Ce jeton ne permet pas ce geste."),
    404: ("Introuvable", "Cet objet n’existe pas, ou n’est pas dans le périmètre du jeton."),
    405: ("Méthode non admise", "Cette adresse n’admet pas cette méthode : voyez l’en-tête Allow."),
    409: ("Conflit", "Quelqu’un a changé cet objet entre-temps : relisez-le, puis recommencez."),
    412: ("Version dépassée", "L’objet a changé depuis votre lecture : relisez-le, puis recommencez."),
    413: ("Trop volumineux", "Le corps envoyé dépasse 1 Mo."),
    422: ("Saisie à corriger", "Un champ au moins est refusé : voyez « erreurs »."),
    429: ("Trop de demandes", "Attendez le nombre de secondes de l’en-tête Retry-After."),
    500: ("Erreur interne", "L’incident est noté. Réessayez ; s’il dure, prévenez l’administrateur."),
    503: ("Service indisponible", "Réessayez dans quelques instants."),
}


class Probleme(Exception):
    """Stops an operation with that answer."""

    def __init__(
        self, statut: int, detail: str = "", *, erreurs: Iterable[Mapping[str, str]] = (),
        entetes: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(detail)
        self.statut, self.detail = statut, detail
        self.erreurs, self.entetes = list(erreurs), dict(entetes or {})


def reponse(probleme: Probleme) -> HttpResponse:
    titre, conseil = TITRES.get(probleme.statut, ("Refus", "La demande n’a pas abouti."))
    corps: dict[str, Any] = {
        "type": "about:blank",
        "title": titre,
        "status": probleme.statut,
        "detail": probleme.detail or conseil,
    }
    if probleme.erreurs:
        corps["erreurs"] = probleme.erreurs
    envoi = HttpResponse(ecrire(corps), status=probleme.statut, content_type=TYPE)
    for nom, valeur in probleme.entetes.items():
        envoi.headers[nom] = valeur
    if probleme.statut == 401:
        envoi.headers["WWW-Authenticate"] = 'Bearer realm="Arpent"'
    return envoi


_MOTS: dict[str, str] = {
    "missing": "Ce champ est obligatoire.",
    "extra_forbidden": "Ce champ n’existe pas : retirez-le, ou voyez son nom dans la documentation.",
    "json_invalid": "Le corps n’est pas du JSON.",
    "string_type": "Un texte est attendu.",
    "string_too_long": "Ce texte est trop long.",
    "string_too_short": "Ce texte est trop court.",
    "string_pattern_mismatch": "Ce texte n’a pas la forme attendue.",
    "int_type": "Un nombre entier est attendu.",
    "int_parsing": "Un nombre entier est attendu.",
    "int_from_float": "Un nombre entier est attendu.",
    "greater_than_equal": "Cette valeur est trop petite.",
    "less_than_equal": "Cette valeur est trop grande.",
    "decimal_type": 'Un montant est attendu, en texte : "12345.67".',
    "decimal_parsing": 'Un montant est attendu, en texte : "12345.67".',
    "bool_type": "« true » ou « false » est attendu.",
    "bool_parsing": "« true » ou « false » est attendu.",
    "list_type": "Une liste est attendue.",
    "too_long": "Cette liste est trop longue.",
    "model_attributes_type": "Un objet est attendu.",
    "model_type": "Un objet est attendu.",
    "dict_type": "Un objet est attendu.",
    "literal_error": "Cette valeur n’est pas dans la liste admise.",
    "enum": "Cette valeur n’est pas dans la liste admise.",
}


def erreurs_de_forme(erreurs: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What the schema refused, field by field, in French."""
    lues = []
    for erreur in erreurs:
        chemin = [str(x) for x in erreur.get("loc", ())][1:]
        genre = str(erreur.get("type", ""))
        dit = _MOTS.get(genre)
        if dit is None:
            dit = "Une date est attendue : 2026-12-31." if "date" in genre else "Cette valeur est refusée."
        champ = ".".join(x for x in chemin if x not in {"corps", "demande"})
        lues.append({"champ": champ, "message": dit})
    return lues
