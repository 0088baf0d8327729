"""What people do with Plumbline, told sentence by sentence, in a real browser against a real server."""
