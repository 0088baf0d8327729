"""What must survive: an acknowledged record or file, through power cuts and kills; each run has one that must lose."""

LOST = 3  # exit code of an experiment that lost something acknowledged
BROKEN = 1


def verdict(worked: bool, lost: int, spoilt: int) -> int:
    """Return the exit code of an experiment; hardly anything acknowledged proves neither safety nor loss."""
    if lost:
        return LOST
    return 0 if worked and not spoilt else BROKEN
