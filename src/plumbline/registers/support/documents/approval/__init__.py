"""Who reviews and who approves, remarks tied to passages, signing, and changes that anybody asks for."""
