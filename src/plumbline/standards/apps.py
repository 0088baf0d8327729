from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "plumbline.standards"
    label = "standards"
