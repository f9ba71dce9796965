"""The operations of the API: two for each resource, and those that have a rule of their own.

No `from __future__ import annotations` here: the annotations are read to make the schema.
"""

import logging
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Body, Header, NinjaAPI, Path, Query, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.security import HttpBearer
from pydantic import ConfigDict, Field, create_model

from arpent.plateforme.contrats.avenants.lecture import AvenantRefuse
from arpent.plateforme.diagnostics.lecture import lire_portrait
from arpent.plateforme.observatoire.magasin import ObservatoireVide

from . import debit, ecriture_json, fiches, idempotence, jetons
from .lecteur import Porteur, charger
from .portees import FICHES, LECTURE, PORTEES
from .problemes import Probleme, erreurs_de_forme, reponse
from .reponses import PAGE_MAX, PAR_PAGE, exiger_version, feuille, repondre
from .ressources import RESSOURCES, Ressource
from .ressources.base import ENTIER_MAX, Cle, Forme, JourDemande
from .ressources.contrats import ContratConsolide, consolider, contrats_lus
from .ressources.projets import FicheLue, ecrire_fiche, fiches_lues

RACINE = "/api/v1"
_Numero = Annotated[int, Field(ge=0, le=ENTIER_MAX)]
_journal = logging.getLogger("arpent.api")
_ETIQUETTE = Annotated[str | None, Header(alias="If-None-Match", max_length=200)]


class ErreurLue(Forme):
    champ: str
    message: str


class ProblemeLu(Schema):
    """An error, RFC 9457; `erreurs` when fields are refused."""

    type: str
    title: str
    status: int
    detail: str
    erreurs: list[ErreurLue] = Field(default_factory=list)


class Moi(Forme):
    compte: str
    jeton: str
    portees: list[str]
    sert_jusqu_au: date
    limite_a_la_demarche: int | None
    roles: list[str]


class IndicateurLu(Forme):
    code: str
    libelle: str
    famille: str
    valeur: float | None
    unite: str
    millesime: str
    source: str
    couverture: float
    secret: bool
    note: str
    departement: float | None
    region: float | None
    france: float | None


class Indicateurs(Forme):
    demarche: Cle
    resultats: list[IndicateurLu]


class _Porteur(HttpBearer):
    """Knows the token, counts the request, checks nothing else: the scope is the operation's."""

    def authenticate(self, request: HttpRequest, token: str) -> Porteur | None:
        jeton = jetons.reconnaitre(token)
        if jeton is None:
            return None
        lu = debit.compter(jeton.pk)
        vars(request)["api_jeton"], vars(request)["api_debit"] = jeton, lu
        if lu.depasse:
            raise Probleme(429, entetes={"Retry-After": str(lu.secondes)})
        return charger(jeton)


class _Lecteur(Parser):
    """JSON that any reader accepts, and nothing else."""

    def parse_body(self, request: HttpRequest) -> Any:
        return ecriture_json.lire(request.body)


api = NinjaAPI(
    title="Arpent",
    version="1",
    description="Les contrats territoriaux : lire ce que votre compte lit, écrire ce qu’il écrit.",
    urls_namespace="api-v1",
    docs_url=None,
    openapi_url=None,
    auth=_Porteur(),
    parser=_Lecteur(),
)
_REFUS = {
    400: ProblemeLu,
    401: ProblemeLu,
    403: ProblemeLu,
    404: ProblemeLu,
    422: ProblemeLu,
    429: ProblemeLu,
}
_REFUS_ECRITURE = _REFUS | {409: ProblemeLu, 412: ProblemeLu, 413: ProblemeLu}


def _exiger(request: HttpRequest, portee: str) -> Porteur:
    lecteur: Porteur = request.auth  # type: ignore[attr-defined]
    if portee not in lecteur.jeton.codes_portees:
        raise Probleme(
            403, f"Ce jeton ne permet pas « {PORTEES[portee].libelle} » : créez-en un avec cette portée."
        )
    return lecteur


def _sans_inconnus(request: HttpRequest, connus: set[str]) -> None:
    """A parameter that nobody reads is a mistake of who wrote it."""
    if inconnus := sorted(set(request.GET) - connus):
        dit = "Ce paramètre n’existe pas ici : retirez-le."
        raise Probleme(422, erreurs=[{"champ": nom[:80], "message": dit} for nom in inconnus])
    if doubles := sorted(nom for nom in request.GET if len(request.GET.getlist(nom)) > 1):
        dit = "Ce paramètre est donné deux fois."
        raise Probleme(422, erreurs=[{"champ": nom, "message": dit} for nom in doubles])


# --- one list and one detail for each resource ---------------------------------------------------------


def _curseur(ressource: Ressource) -> Any:
    forme = ressource.cle_texte or r"^[0-9]{1,18}$"
    return Annotated[str, Field(pattern=forme, description="La valeur « suivant » de la page d’avant.")]


def _demande(ressource: Ressource) -> type[Schema]:
    """The parameters of a list."""
    champs: dict[str, Any] = {
        "limite": (
            Annotated[int, Field(ge=1, le=PAGE_MAX, description="Nombre de lignes au plus.")], PAR_PAGE,
        ),
        "curseur": (_curseur(ressource) | None, None),
    }  # fmt: skip
    for nom, filtre in ressource.filtres.items():
        champs[nom] = (Annotated[filtre.genre | None, Field(description=filtre.aide)], None)
    nom = "Demande" + ressource.code.title().replace("-", "")
    return create_model(nom, __base__=Schema, **champs)


def _page(ressource: Ressource) -> type[Schema]:
    nom = "Page" + ressource.code.title().replace("-", "")
    return create_model(
        nom,
        __base__=Forme,
        resultats=(list[ressource.forme], ...),  # type: ignore[name-defined]
        suivant=(str | None, ...),
    )


def _liste(ressource: Ressource) -> Callable[..., HttpResponse]:
    demande_de = _demande(ressource)
    connus = set(demande_de.model_fields)

    def liste(
        request: HttpRequest,
        demande: Query[demande_de],  # type: ignore[valid-type]
        if_none_match: _ETIQUETTE = None,
    ) -> HttpResponse:
        lecteur = _exiger(request, ressource.portee)
        _sans_inconnus(request, connus)
        voulues = demande.dict()  # type: ignore[attr-defined]
        lignes = ressource.lire(lecteur)
        for nom, filtre in ressource.filtres.items():
            if voulues[nom] is not None:
                lignes = lignes.filter(**{filtre.recherche: voulues[nom]})
        lues, suivant = feuille(lignes, voulues["curseur"], voulues["limite"])
        if ressource.parmi is not None:
            lues = ressource.parmi(lecteur, lues)
        return repondre(request, {"resultats": [ressource.ecrire(x) for x in lues], "suivant": suivant})

    return liste


def _un(ressource: Ressource) -> Callable[..., HttpResponse]:
    genre: Any = Annotated[str, Field(pattern=ressource.cle_texte)] if ressource.cle_texte else _Numero
    ecrire = ressource.detailler or ressource.ecrire

    def un(
        request: HttpRequest,
        cle: Path[genre],
        if_none_match: _ETIQUETTE = None,
    ) -> HttpResponse:
        lecteur = _exiger(request, ressource.portee)
        _sans_inconnus(request, set())
        lue = ressource.lire(lecteur).filter(pk=cle).first()
        if lue is None or (ressource.parmi is not None and not ressource.parmi(lecteur, [lue])):
            raise Probleme(404)
        return repondre(request, ecrire(lue))

    return un


def _declarer(ressource: Ressource) -> None:
    aide = f"{ressource.aide} Droit demandé : « {ressource.droit} »."
    commun: dict[str, Any] = {"tags": [ressource.rubrique], "description": aide}
    api.get(
        f"/{ressource.code}",
        response={200: _page(ressource), 304: None} | _REFUS,
        operation_id=f"lister_{ressource.code.replace('-', '_')}",
        summary=f"{ressource.titre} : liste",
        **commun,
    )(_liste(ressource))
    api.get(
        f"/{ressource.code}/{{cle}}",
        response={200: ressource.detail or ressource.forme, 304: None} | _REFUS,
        operation_id=f"lire_{ressource.code.replace('-', '_')}",
        summary=f"{ressource.titre} : un seul",
        **commun,
    )(_un(ressource))


# --- those that have a rule of their own ------------------------------------------------------------


@api.get(
    "/moi", response={200: Moi, 304: None} | _REFUS, operation_id="lire_moi", tags=["Votre jeton"],
    summary="Ce que ce jeton permet", description="Le compte, les portées, les rôles, la date de fin.",
)  # fmt: skip
def moi(request: HttpRequest, if_none_match: _ETIQUETTE = None) -> HttpResponse:
    lecteur: Porteur = request.auth  # type: ignore[attr-defined]
    _sans_inconnus(request, set())
    jeton = lecteur.jeton
    return repondre(
        request,
        {
            "compte": lecteur.agent.nom_complet,
            "jeton": jeton.nom,
            "portees": sorted(jeton.codes_portees),
            "sert_jusqu_au": jeton.fin,
            "limite_a_la_demarche": jeton.demarche_id,
            "roles": [h.role for h in lecteur.agent.habilitations_en_cours],
        },
    )


for _ressource in RESSOURCES:
    _declarer(_ressource)


class _DemandeConsolide(Schema):
    model_config = ConfigDict(extra="forbid")
    le: JourDemande | None = Field(None, description="Le jour voulu ; aujourd’hui par défaut.")


@api.get(
    "/contrats/{cle}/consolide", response={200: ContratConsolide, 304: None} | _REFUS,
    operation_id="lire_contrat_consolide", tags=["Contrats"], summary="Le contrat à une date",
    description="La version signée et les avenants en vigueur ce jour-là. Droit demandé : « contrat.voir ».",
)  # fmt: skip
def contrat_consolide(
    request: HttpRequest,
    cle: Path[_Numero],
    demande: Query[_DemandeConsolide],
    if_none_match: _ETIQUETTE = None,
) -> HttpResponse:
    lecteur = _exiger(request, LECTURE)
    _sans_inconnus(request, {"le"})
    contrat = contrats_lus(lecteur).filter(pk=cle).first()
    if contrat is None:
        raise Probleme(404)
    le = date.fromisoformat(demande.le) if demande.le else date.today()
    try:
        return repondre(request, consolider(contrat, le))
    except AvenantRefuse as refus:
        raise Probleme(404, str(refus)) from None


@api.get(
    "/demarches/{cle}/indicateurs", response={200: Indicateurs, 304: None} | _REFUS,
    operation_id="lire_indicateurs", tags=["Diagnostic et projets"],
    summary="Les indicateurs d’un territoire",
    description="Le portrait : valeur, millésime, source, part couverte. Droit : « diagnostic.voir ».",
)  # fmt: skip
def indicateurs(
    request: HttpRequest,
    cle: Path[_Numero],
    if_none_match: _ETIQUETTE = None,
) -> HttpResponse:
    lecteur = _exiger(request, LECTURE)
    _sans_inconnus(request, set())
    demarche = lecteur.demarches("diagnostic.voir").avec_contexte().filter(pk=cle).first()
    if demarche is None:
        raise Probleme(404)
    try:
        lu = lire_portrait(demarche, date.today())
    except (ObservatoireVide, ValueError) as vide:
        raise Probleme(404, str(vide)) from None
    lignes = [
        {
            "code": x.indicateur.code,
            "libelle": x.indicateur.libelle,
            "famille": famille.code,
            "valeur": x.valeur.valeur,
            "unite": x.valeur.unite,
            "millesime": x.valeur.millesime,
            "source": x.valeur.source,
            "couverture": x.valeur.couverture,
            "secret": x.valeur.secret,
            "note": x.valeur.note,
            "departement": x.departement,
            "region": x.region,
            "france": x.france,
        }
        for famille in lu.familles
        for x in famille.lignes
    ]
    return repondre(request, {"demarche": demarche.pk, "resultats": lignes})


_CLE_D_ENVOI = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{8,100}$",
        description="Rejoue la même réponse pendant une semaine si le même envoi est répété.",
    ),
]  # fmt: skip


@api.post(
    "/fiches", response={201: FicheLue} | _REFUS_ECRITURE, operation_id="creer_fiche",
    tags=["Diagnostic et projets"], summary="Créer une fiche",
    description="Un brouillon, avec les contrôles de la page. Portée « fiches.ecrire ».",
)  # fmt: skip
def creer_fiche(
    request: HttpRequest,
    corps: Body[fiches.FicheNouvelle],
    idempotency_key: _CLE_D_ENVOI = None,
) -> HttpResponse:
    lecteur = _exiger(request, FICHES)
    _sans_inconnus(request, set())

    def faire() -> HttpResponse:
        fiche = fiches.creer(lecteur, corps)
        lieu = {"Location": f"{RACINE}/fiches/{fiche.pk}"}
        return repondre(request, ecrire_fiche(fiche), statut=201, entetes=lieu)

    return idempotence.une_fois(request, lecteur, faire)


@api.patch(
    "/fiches/{cle}", response={200: FicheLue} | _REFUS_ECRITURE, operation_id="modifier_fiche",
    tags=["Diagnostic et projets"], summary="Modifier une fiche",
    description="Seuls les champs envoyés bougent. « If-Match » porte l’ETag de la fiche lue : si elle a "
    "changé depuis, rien n’est écrit (412). Portée « fiches.ecrire ».",
)  # fmt: skip
def modifier_fiche(
    request: HttpRequest,
    cle: Path[_Numero],
    corps: Body[fiches.FicheEcrite],
    if_match: Annotated[str, Header(alias="If-Match", max_length=200)],
    idempotency_key: _CLE_D_ENVOI = None,
) -> HttpResponse:
    lecteur = _exiger(request, FICHES)
    _sans_inconnus(request, set())

    def faire() -> HttpResponse:
        fiche = fiches_lues(lecteur).filter(pk=cle).first()
        if fiche is None:
            raise Probleme(404)
        exiger_version(request, ecrire_fiche(fiche))
        return repondre(request, ecrire_fiche(fiches.modifier(lecteur, fiche, corps)))

    return idempotence.une_fois(request, lecteur, faire)


# --- errors ---------------------------------------------------------------------------------------------


@api.exception_handler(Probleme)
def _probleme(request: HttpRequest, erreur: Probleme) -> HttpResponse:
    return reponse(erreur)


@api.exception_handler(AuthenticationError)
def _sans_jeton(request: HttpRequest, erreur: AuthenticationError) -> HttpResponse:
    return reponse(Probleme(401))


@api.exception_handler(ValidationError)
def _forme(request: HttpRequest, erreur: ValidationError) -> HttpResponse:
    return reponse(Probleme(422, erreurs=erreurs_de_forme(erreur.errors)))


@api.exception_handler(HttpError)
def _http(request: HttpRequest, erreur: HttpError) -> HttpResponse:
    return reponse(Probleme(erreur.status_code))


@api.exception_handler(Http404)
def _introuvable(request: HttpRequest, erreur: Http404) -> HttpResponse:
    return reponse(Probleme(404))


@api.exception_handler(PermissionDenied)
def _non_permis(request: HttpRequest, erreur: PermissionDenied) -> HttpResponse:
    return reponse(Probleme(403, str(erreur)))


@api.exception_handler(RequestDataTooBig)
def _trop_gros(request: HttpRequest, erreur: RequestDataTooBig) -> HttpResponse:
    return reponse(Probleme(413))


@api.exception_handler(Exception)
def _interne(request: HttpRequest, erreur: Exception) -> HttpResponse:
    _journal.error("API : %s %s", request.method, request.path, exc_info=erreur)
    return reponse(Probleme(500))
