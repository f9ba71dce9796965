"""`python -m arpent`: the console command."""

from arpent.plateforme.config.commande import main

if __name__ == "__main__":
    raise SystemExit(main())
