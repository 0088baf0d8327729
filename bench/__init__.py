"""The goals of speed, measured: processor time, query counts and ratios within one run."""
