from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "plumbline.desk"
    label = "desk"
