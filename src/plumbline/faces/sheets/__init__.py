"""Lists out as CSV and XLSX, and in again: any register, read from its declaration."""
