from django.apps import AppConfig


class ActeursConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "arpent.plateforme.acteurs"
    label = "acteurs"
