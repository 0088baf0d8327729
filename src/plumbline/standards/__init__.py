"""The standards as data: editions, clauses, requirements with their basis, checks and questions, in several languages."""
