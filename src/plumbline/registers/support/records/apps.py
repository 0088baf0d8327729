from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "plumbline.registers.support.records"
    label = "records"
