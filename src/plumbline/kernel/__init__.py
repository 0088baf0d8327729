"""What every record has: number, state, owner, due date, history, files, comments, links, signatures."""
