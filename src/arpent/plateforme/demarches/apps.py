from django.apps import AppConfig


class DemarchesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "arpent.plateforme.demarches"
    label = "demarches"

    def ready(self) -> None:
        """What the meetings may be about in this room, and what has a conversation there."""
        from .appui import genre as appui
        from .conversations import evenements, genres
        from .evenements import FAITS
        from .reunions import etapes
        from .reunions.lecture import comptes_rendus_valides

        etapes.declarer_au_demarrage()
        genres.declarer_au_demarrage()
        appui.declarer_au_demarrage()
        FAITS.append(lambda demarche: {"comptes_rendus_valides": comptes_rendus_valides(demarche)})
        evenements.ECRITS.append(appui.suivre_le_message)
