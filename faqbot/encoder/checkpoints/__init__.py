"""Models as folders: what one must hold, what identifies its vectors, and how one comes from the hub."""
