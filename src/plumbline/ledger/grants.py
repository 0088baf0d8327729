"""What the application's role may do on PostgreSQL: read and write rows, under the triggers; nothing else."""

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

STATEMENTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
)


def give(connection: BaseDatabaseWrapper) -> None:
    """Grant after a migration, where an owner's role is set apart from the application's."""
    role = settings.PLUMBLINE_DATABASE_ROLE
    if connection.vendor != "postgresql" or not role or role == connection.settings_dict["USER"]:
        return
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement.format(role=connection.ops.quote_name(role)))
