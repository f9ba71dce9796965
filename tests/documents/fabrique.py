"""Documents made up for the tests, as large or as small as one wants."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from arpent.plateforme.documents.donnees import (
    ArticleDoc,
    ConstatDoc,
    ConstatRegleDoc,
    ContratDoc,
    DiagnosticDoc,
    EnjeuDoc,
    FicheDoc,
    IndicateurDoc,
    LigneMaquetteDoc,
    LignePlanDoc,
    MaquetteDoc,
    PartieDoc,
    VisaDoc,
)

LE_JOUR = date(2026, 6, 1)
THEMES = (
    "Développement économique, agriculture, tourisme",
    "Services et vie quotidienne",
    "Voirie",
    "Cadre de vie",
    "Urbanisme, logement, accueil",
    "Eau potable et assainissement",
)
OWNERS = ("Communauté de communes des Causses", "Commune de Saint-Exemple", "Syndicat des eaux du Haut-Pays")
TITRES = (
    "Création d’une micro-crèche de douze places",
    "Réfection de la voie communale n° 4",
    "Interconnexion des réseaux d’eau potable et réhabilitation du réservoir de la Croix-Haute",
    "Aménagement du cœur de village",
    "Maison de santé pluridisciplinaire",
    "Rénovation énergétique de deux logements communaux",
)
LIPSUM = (
    "Le projet répond à une attente ancienne des habitants et s’appuie sur une étude de faisabilité remise "
    "à l’automne. Les travaux seront conduits en une seule tranche ; le foncier est maîtrisé et les "
    "autorisations d’urbanisme sont déposées."
)


def fiche(rang: int = 1, **champs: object) -> FicheDoc:
    cout = Decimal("48250.37") * rang
    etat, aide = (cout * 3 / 10).quantize(Decimal("0.01")), (cout / 5).quantize(Decimal("0.01"))
    valeurs: dict[str, object] = {
        "numero": f"{1 + rang % 3}.{rang}",
        "titre": TITRES[rang % 6],
        "maitre_ouvrage": OWNERS[rang % 3],
        "theme": THEMES[rang % 6],
        "axe": ("Axe 1. Accueillir et bien vivre", "Axe 2. Relier et équiper", "Axe 3. Produire ici")[
            rang % 3
        ],
        "enjeu": "Maintenir les services de proximité",
        "maturite": ("structurant", "amorçage A", "amorçage B")[rang % 3],
        "priorite": f"priorité {1 + rang % 3}",
        "calendrier": "2027-2028",
        "localisation": "Saint-Exemple",
        "description": LIPSUM,
        "cout_ht": cout,
        "cout_ttc": cout * Decimal("1.2"),
        "assiette": cout,
        "plan": (
            LignePlanDoc("État", "DETR", "acquis", etat),
            LignePlanDoc("Département", "Contrat territorial", "proposé", aide, demonstration=True),
            LignePlanDoc(
                OWNERS[rang % 3], "Fonds propres", "prévu", cout - etat - aide, est_autofinancement=True
            ),
        ),
        "aide_proposee": aide,
        "aide_maximale": (cout / 2).quantize(Decimal("0.01")),
        "plafond_liant": "participation minimale du maître d’ouvrage",
        "constats": (
            ConstatRegleDoc(
                "Participation minimale du maître d’ouvrage",
                "CGCT, article L1111-10, III",
                "conforme",
                "Le reste à charge atteint 50 % des financements publics, au-dessus des 20 % exigés.",
                (cout / 2).quantize(Decimal("0.01")),
            ),
            ConstatRegleDoc(
                "Taux du thème", "Règlement, article 4", "à vérifier", "Taux de 20 %.", demonstration=True
            ),
        ),
        "demonstration": True,
    }
    return FicheDoc(**{**valeurs, **champs})  # type: ignore[arg-type]


def ligne(rang: int = 1) -> LigneMaquetteDoc:
    f = fiche(rang)
    assert f.cout_ht is not None
    assert f.aide_proposee is not None
    return LigneMaquetteDoc(
        numero=f.numero,
        titre=f.titre,
        maitre_ouvrage=f.maitre_ouvrage,
        theme=f.theme,
        annee=(2026, 2027, 2028, None)[rang % 4],
        cout_ht=f.cout_ht,
        assiette=f.cout_ht,
        aide=f.aide_proposee,
        financements=tuple(x for x in f.plan if x.financeur != "Département"),
        demonstration=rang % 2 == 0,
        axe=f.axe,
        maturite=f.maturite,
        calendrier=f.calendrier,
        priorite=str(rang),
        statut="Retenue",
        cout_ttc=f.cout_ttc,
        reference=str(100 + rang),
    )


def maquette(nombre: int = 12, enveloppe: Decimal | None = Decimal("1204630.00")) -> MaquetteDoc:
    return MaquetteDoc(
        titre="Maquette financière du contrat territorial 2026-2028",
        autorite="Département de l’Exemple",
        territoire="Causses et Haut-Pays",
        etabli_le=LE_JOUR,
        lignes=tuple(ligne(rang) for rang in range(1, nombre + 1)),
        enveloppe=enveloppe,
        formule=(
            "50 % à parts égales entre les 10 territoires, 25 % selon la longueur de voirie, "
            "15 % selon la population, 10 % selon la superficie.",
            "12 000 000,00 € × (0,50 ÷ 10 + 0,25 × 0,1021 + 0,15 × 0,0961 + 0,10 × 0,1094) = 1 204 630,00 €",
        ),
        sources=("Population municipale : INSEE, 2022.", "Superficie : IGN, 2024."),
        mentions_demonstration=("Taux d’aide par thème",),
        enveloppe_demonstration=True,
    )


def diagnostic() -> DiagnosticDoc:
    lignes = (
        ("Démographie", "Population municipale", "7 353 hab.", "+0,2 % par an", "76 604", "68,0 M"),
        ("Démographie", "Part des 75 ans et plus", "15,1 %", "+0,9 pt", "13,2 %", "10,1 %"),
        ("Emploi", "Taux d’activité des 15-64 ans", "78,4 %", "+1,1 pt", "77,9 %", "74,9 %"),
        ("Logement", "Part des logements vacants", "9,8 %", "", "10,4 %", "8,0 %"),
        ("Revenus", "Niveau de vie médian", "", "", "21 040 €", "23 160 €"),
    )
    return DiagnosticDoc(
        resume=("Un territoire qui retrouve des habitants, mais dont les services s’éloignent.",),
        indicateurs=tuple(
            IndicateurDoc(f, lib, v, e, d, fr, "INSEE, recensement de la population", "2022")
            for f, lib, v, e, d, fr in lignes
        ),
        constats=(
            ConstatDoc("force", "La population augmente de nouveau.", "Population : +0,2 % par an"),
            ConstatDoc("faiblesse", "La population vieillit.", "75 ans et plus : 15,1 %"),
            ConstatDoc("menace", "Un logement sur dix est vide.", "Logements vacants : 9,8 %"),
        ),
        enjeux=(
            EnjeuDoc("1", "Maintenir les services de proximité", "priorité forte", "À moins de 20 minutes."),
            EnjeuDoc("2", "Loger les actifs et les saisonniers", "priorité moyenne"),
        ),
    )


def contrat(nombre: int = 12, **champs: object) -> ContratDoc:
    valeurs: dict[str, object] = {
        "titre": "Contrat territorial 2026-2028",
        "reference": "CT-2026-07",
        "autorite": "Département de l’Exemple",
        "territoire": "Causses et Haut-Pays",
        "dispositif": "Contrats territoriaux",
        "periode": "2026-2028",
        "version": "projet n° 2",
        "parties": (
            PartieDoc(
                "Département de l’Exemple",
                "Mme Jeanne Martin",
                "présidente du Conseil départemental",
                "4 rue de la Rovère, 99000 Chef-lieu",
                "229900010",
                "ci-après « le Département »",
            ),
            *(PartieDoc(nom, qualite="maire ou président", siren="200000010") for nom in OWNERS),
        ),
        "preambule": (LIPSUM, LIPSUM),
        "visas": (
            VisaDoc("Vu le code général des collectivités territoriales, notamment son article L1111-10,"),
            VisaDoc("Vu la délibération du Conseil départemental", date(2026, 5, 18)),
            VisaDoc("Vu la délibération du conseil municipal de Saint-Exemple", attendu=True),
        ),
        "articles": tuple(
            ArticleDoc(str(n), titre, (LIPSUM, LIPSUM))
            for n, titre in enumerate(
                (
                    "Objet du contrat",
                    "Durée",
                    "Engagements du Département",
                    "Engagements des maîtres d’ouvrage",
                    "Maquette financière",
                    "Versement des subventions",
                    "Suivi et Rendez-vous de Territoire",
                    "Avenants",
                    "Caducité",
                    "Litiges",
                ),
                start=1,
            )
        ),
        "diagnostic": diagnostic(),
        "fiches": tuple(fiche(rang) for rang in range(1, nombre + 1)),
        "maquette": maquette(nombre),
        "mentions_demonstration": (
            "Enveloppe du territoire : valeur de démonstration.",
            "Taux d’aide par thème : valeurs de démonstration.",
        ),
        "fait_a": "Chef-lieu",
        "etabli_le": LE_JOUR,
    }
    return ContratDoc(**{**valeurs, **champs})  # type: ignore[arg-type]
