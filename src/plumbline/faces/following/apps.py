from django.apps import AppConfig


class FollowingConfig(AppConfig):
    name = "plumbline.faces.following"
    label = "following"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add this reading to every register."""
        from plumbline.kernel import faces

        from .face import Following

        faces.add(Following())
