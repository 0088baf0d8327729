"""A quality alert, or an instruction for a time: who may write one for whom, and its one short form."""
