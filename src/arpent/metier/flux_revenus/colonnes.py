"""The columns the estimate reads, one name per column of the observatoire.

Those of `OFFICIELLES` exist only once the official file is loaded; they then replace an approximation. They
are named without their vintage: the platform hands the latest one loaded (`emplois` is `emplois_22`…).
"""

POSTES_PRODUCTIFS_PRIVES = "postes_productifs_prives"
POSTES_PRODUCTIFS_PUBLICS = "postes_productifs_publics"
POSTES_PRESENTIELS_PRIVES = "postes_presentiels_prives"
POSTES_PRESENTIELS_PUBLICS = "postes_presentiels_publics"
EMPLOIS = "emplois"
EMPLOIS_AGRICOLES = "emplois_agriculture"
EMPLOIS_ADMINISTRATION = "emplois_administration"
CHAMBRES = "hotel_chambres"
EMPLACEMENTS = "camping_emplacements"
AUTRES_LITS = ("village_vacances_lits", "residence_tourisme_lits", "auberge_jeunesse_lits")
PENSIONS = "pensions_imposables"

POSTES = (
    POSTES_PRODUCTIFS_PRIVES, POSTES_PRODUCTIFS_PUBLICS,
    POSTES_PRESENTIELS_PRIVES, POSTES_PRESENTIELS_PUBLICS,
)  # fmt: skip
OFFICIELLES = (
    *POSTES, EMPLOIS, EMPLOIS_AGRICOLES, EMPLOIS_ADMINISTRATION, CHAMBRES, EMPLACEMENTS,
    *AUTRES_LITS, PENSIONS,
)  # fmt: skip
COMMUNES = (
    "population_2023", "P22_POP", "surface_ha", "actifs_15_64_2021", "chomeurs_15_64_2021", "dm_0014_pct_22",
    "dsp_csp_retraites_pct_22", "NBMENFISC21", "NBPERSMENFISC21",
    "residences_secondaires_occasionnelles_2021",
)  # fmt: skip
EPCI = (
    "n_communes", "eco_ratio_emplt_actoc_22", "eco_emp_pres_pct_23", "eco_sectagri_pct_22",
    "eco_sectadmin_pct_22", "rev_med_21", "rev_ird9d1_21", "rev_prestasoc_21",
)  # fmt: skip
