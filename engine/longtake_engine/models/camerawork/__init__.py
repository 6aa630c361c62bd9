"""What lies before a moving camera, and how the camera goes on over it."""
