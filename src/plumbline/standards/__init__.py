"""The standards as data: editions, clauses, requirements with basis, checks and questions, in several languages."""
