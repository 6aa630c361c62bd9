"""Video textures: what moves in a clip goes on by showing it again where that is not seen."""
