from django.apps import AppConfig


class NegociationsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "arpent.plateforme.negociations"
    label = "negociations"
