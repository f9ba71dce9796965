"""`python -m tests.architecture.matrice_generer`: asks everything again, shows what changed, writes the file.

With `--verifier`, writes nothing. The cells are then reviewed by a person: the test only proves that they
have not moved and that they follow the declared rights.
"""

from __future__ import annotations

import difflib
import logging
import os
import sys


def main(arguments: list[str]) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "arpent.plateforme.config.settings_tests"
    import django

    django.setup()
    from django.db import connection, transaction
    from django.test.utils import setup_test_environment, teardown_test_environment

    from . import matrice, monde

    logging.disable(logging.WARNING)
    setup_test_environment()
    ancienne_base = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        with transaction.atomic():
            texte = matrice.ecrire(matrice.mesurer(monde.batir())[0])
            transaction.set_rollback(True)
    finally:
        connection.creation.destroy_test_db(ancienne_base, verbosity=0)
        teardown_test_environment()
    avant = matrice.FICHIER.read_text(encoding="utf-8") if matrice.FICHIER.exists() else ""
    ecart = list(
        difflib.unified_diff(avant.splitlines(), texte.splitlines(), "avant", "après", lineterm="", n=0)
    )
    print("\n".join(ecart) or "Rien n’a changé.")
    if "--verifier" in arguments:
        return 1 if ecart else 0
    matrice.FICHIER.write_text(texte, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
