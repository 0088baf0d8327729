"""Working rows: a whole company on its way into a ZIP that somebody asked for in the browser."""

from plumbline.faces.sheets.models import Run


class Export(Run):
    """The file is for whom it was made, and goes after a day; that it was made stands in the history."""

    @property
    def file_name(self) -> str:
        return f"{self.uid}.zip"
