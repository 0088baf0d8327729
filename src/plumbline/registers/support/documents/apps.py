from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "plumbline.registers.support.documents"
    label = "documents"
