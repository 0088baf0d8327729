"""What each command of `plumb` does; loaded by name once the settings stand, so that `plumb --help` needs no Django."""
