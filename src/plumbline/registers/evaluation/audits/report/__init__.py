"""The report of an audit in every format that leaves the house, from the same facts."""
