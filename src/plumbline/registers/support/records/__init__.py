"""Records (7.5.3): what was written down as proof that something was done, kept as long as it must be and no longer.
A category says for how long, counted from when, where, who may see; disposal is signed for and leaves a record."""
