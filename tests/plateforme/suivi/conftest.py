"""The agreed démarche of the contract tests."""

from tests.plateforme.contrats.conftest import accord, contrat, monde

__all__ = ["accord", "contrat", "monde"]
