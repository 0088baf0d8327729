"""Labels to scan: a QR code with number and title for any record, on a sheet of 24, to stick where the thing is."""
