"""An empty database gets the tables of the last migration at once: step by step it takes many times as long."""

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def make(connection: BaseDatabaseWrapper) -> int:
    """Make them, and note every migration as applied; how many migrations that spared, none where there is a table.

    The models are those of the migrations, not of the program. What an application has besides (`beside_tables` of its
    AppConfig, given the schema editor) is as its migrations leave it; a test compares both ways.
    """
    with connection.cursor() as cursor:
        if connection.introspection.table_names(cursor):
            return 0
    loader = MigrationLoader(connection)
    recorder = MigrationRecorder(connection)
    with connection.schema_editor() as editor:
        recorder.ensure_schema()
        for model in loader.project_state().apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for config in apps.get_app_configs():
            if beside := getattr(config, "beside_tables", None):
                beside(editor)
        made = [recorder.Migration(app=app, name=name) for app, name in loader.graph.nodes]
        recorder.migration_qs.bulk_create(made)
    return len(made)
