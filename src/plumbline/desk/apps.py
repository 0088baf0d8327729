from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "plumbline.desk"
    label = "desk"

    def ready(self) -> None:
        """What is bound and listed by the way is one more step of the thread that writes long files."""
        from plumbline.faces.sheets import working

        from . import binding, listing

        for state in ("waiting", "running"):
            working.STEPS[binding.Binding, state] = binding.write
            working.STEPS[listing.Listing, state] = listing.write
