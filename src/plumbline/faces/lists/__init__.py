"""Lists as people want them: saved views, chosen columns, moves of many records at once, a list on paper."""
