from django.apps import AppConfig


class NonconformitiesConfig(AppConfig):
    name = "plumbline.registers.improvement.nonconformities"
    label = "nonconformities"
