"""What kinds of scenes are drawn, and how often each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SceneSettings:
    """The mix of scenes: shares are the part of all scenes that has something, 0 to 1.

    Motions are drawn for pictures of 256 pixels over the whole span, and grow with the picture.
    """

    speed: float = 1.0  # all motion is multiplied by it
    still_share: float = 0.12  # nothing moves at all
    tripod_share: float = 0.35  # the camera stands, of those where something moves
    ground_share: float = 0.4  # a second ground before the first: land, water, a wall
    things: int = 4  # the most loose things; none is possible
    figure_share: float = 0.3  # a body with hinged limbs
    thin_share: float = 0.15  # wires, poles, lattices
    veil_share: float = 0.12  # smoke, reflections
    overlay_share: float = 0.15  # logos, subtitles and black bars, which stand still
    bend_share: float = 0.4  # of the things: they bend
    water_share: float = 0.12  # grounds that ripple
    blur_share: float = 0.35  # motion blur
    defocus_share: float = 0.3  # the grounds or the things are out of focus
    shadow_share: float = 0.25  # things cast shadows
    light_share: float = 0.35  # exposure that drifts, shade that passes
    flash_share: float = 0.04
    vignette_share: float = 0.2
    noise_share: float = 0.6
    compression_share: float = 0.45

    @classmethod
    def plain(cls) -> "SceneSettings":
        """Scenes whose pictures the true motion alone explains: no blur, light or sensor."""
        return cls(
            veil_share=0,
            blur_share=0,
            shadow_share=0,
            light_share=0,
            flash_share=0,
            vignette_share=0,
            noise_share=0,
            compression_share=0,
        )
