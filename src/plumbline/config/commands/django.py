"""`plumb django …`, `plumb makemigrations …`: Django's own commands, under the name of the house."""

from django.core.management import execute_from_command_line


def run(arguments: list[str]) -> int:
    """Hand the words on as they are."""
    execute_from_command_line(["plumb", *arguments])
    return 0
