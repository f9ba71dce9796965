"""The agreed démarche of the contract tests."""

from tests.plateforme.contrats.conftest import accord, contrat, en_vigueur, monde, sans_fichiers, sans_pdf

__all__ = ["accord", "contrat", "en_vigueur", "monde", "sans_fichiers", "sans_pdf"]
