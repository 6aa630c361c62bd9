"""Motion given to what stands still: a camera that moves over it, currents that flow in it, and
things lifted out of it and laid elsewhere."""
