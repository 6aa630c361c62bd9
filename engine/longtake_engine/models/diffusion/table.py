"""Which family runs a model of the catalogue."""

from longtake_engine.models.diffusion.cogvideox import cogvideox_family
from longtake_engine.models.diffusion.cosmos import cosmos_family
from longtake_engine.models.diffusion.family import Family
from longtake_engine.models.diffusion.helios import helios_family
from longtake_engine.models.diffusion.hunyuan import hunyuan_family
from longtake_engine.models.diffusion.ltx import ltx_family
from longtake_engine.models.diffusion.ltx2 import ltx2_family
from longtake_engine.models.diffusion.skyreels import skyreels_family
from longtake_engine.models.diffusion.svd import svd_family
from longtake_engine.models.diffusion.wan import wan_family
from longtake_engine.weights.entry import Entry


def family_of(entry: Entry) -> Family | None:
    """The family that runs a model; None where none does yet.

    Each module's function answers for the classes of pipelines that it knows.
    """
    asked = (
        wan_family,
        ltx_family,
        ltx2_family,
        skyreels_family,
        cogvideox_family,
        hunyuan_family,
        cosmos_family,
        helios_family,
        svd_family,
    )
    return next((family for find in asked if (family := find(entry)) is not None), None)
