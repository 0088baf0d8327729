"""The databases tests get: rolled back, checked at the end, private when they must commit."""
