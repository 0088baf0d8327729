"""Dates and times in German as this house writes it: short months, 24 hours."""

DATE_FORMAT = "j. N Y"
DATETIME_FORMAT = "j. N Y, H:i"
