"""Dates and times in German as this house writes it: short months, 24 hours."""

DATE_FORMAT = "j. M Y"
DATETIME_FORMAT = "j. M Y, H:i"
