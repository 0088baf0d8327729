"""What must survive: an acknowledged record or file, through power cuts and kills; each run has one that must lose."""

LOST = 3  # exit code of an experiment that lost something; anything else but 0 is a broken experiment
