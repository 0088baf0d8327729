"""Audits and their findings (9.2): look at every area with plain questions, write down what was seen.
An initial audit finds gaps, which become tasks; its report is signed by the lead auditor."""
