"""`plumb sweep`: what a crash or an older backup left of a disposal is done."""

from plumbline.registers.support.records.sweeping import Swept, sweep

from .telling import line, say


def run(json: bool) -> int:
    """Exit 1 where a hold stands against a disposal that was made once."""
    swept = tell(alone=False, silent=json)
    if json:
        line({"noted": swept.noted, "repeated": swept.repeated, "held": swept.held, "removed": swept.removed})
    elif not (swept.noted or swept.repeated or swept.removed or swept.held):
        say("Nothing was left: what was disposed of is gone.")
    return 1 if swept.held else 0


def tell(*, alone: bool, silent: bool = False) -> Swept:
    """Sweep, and say what there was to do."""
    swept = sweep(alone=alone)
    if silent:
        return swept
    if swept.repeated:
        say(f"Disposed of again, as before the backup: {', '.join(swept.repeated)}.")
    if swept.held:
        say(f"Disposed of once, and on hold here: {', '.join(swept.held)}. Lift the hold, then run `plumb sweep`.")
    if swept.removed:
        say(f"Taken off the disk, because disposed of: {swept.removed} file{'' if swept.removed == 1 else 's'}.")
    if swept.noted:
        say(f"Noted outside the database: {swept.noted} disposal{'' if swept.noted == 1 else 's'}.")
    return swept
