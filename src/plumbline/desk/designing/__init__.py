"""Stage 2 of the road: which documents are asked for, what answers each, which are weak, and the gate."""
