from django.apps import AppConfig


class ConformityConfig(AppConfig):
    name = "plumbline.conformity"
    label = "conformity"
