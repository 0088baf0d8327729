"""Search: the words of every record, found as typed or nearly so, among what the person who asks may see.

The door tells this face what was written (`Face.wrote`), and the rows that search stands on are written in the same
transaction; lists ask it to narrow and to count them (`Face.finder`). The full-text engines stand behind one interface.
"""
