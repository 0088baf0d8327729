"""How the installation is put together: settings, addresses, the command line and the table of contents."""
