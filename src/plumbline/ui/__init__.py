"""Components, forms, charts and the frame; imports nothing of ours."""
