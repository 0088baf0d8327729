from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "plumbline.organisation"
    label = "organisation"
    verbose_name = "Organisation"
