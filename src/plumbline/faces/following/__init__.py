"""Following: who hears what happens to a record or a register, and whose turn it has become; read from the log."""
