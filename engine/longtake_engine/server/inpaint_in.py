"""In-painting as it comes from the wire; refused with a sentence where it cannot mean anything."""

from longtake.v1 import job_pb2

from longtake_engine.errors import WrongCall
from longtake_engine.server.place_in import to_box, to_point, to_range
from longtake_engine.server.value_in import to_length, to_path
from longtake_engine.work import Defect, Inpaint, Length, MaskHides

_MOST_MARGIN = 200


def to_inpaint(spec: job_pb2.InpaintSpec) -> Inpaint:
    """What is to be filled.

    Raises:
        WrongCall: It contradicts itself or hides nothing.
    """
    if not (spec.mask_path or spec.boxes or spec.points or spec.defects):
        raise WrongCall(
            "Say what is to be filled: --mask, --box, --point, --logo, --dust, --scratches or"
            " --spots."
        )
    if not spec.mask_path and (spec.HasField("mask_start_frame") or _hides(spec) != "auto"):
        raise WrongCall("--mask-hides and --mask-start speak of a mask; give it with --mask.")
    if spec.mask_start_frame < 0:
        raise WrongCall("--mask-start is a frame of the clip, 0 or later.")
    if not 0 <= spec.margin <= _MOST_MARGIN:
        raise WrongCall(f"--margin {spec.margin} is not possible; give 0 to {_MOST_MARGIN} pixels.")
    return Inpaint(
        input_path=to_path(spec.input_path, "the clip"),
        mask_path=to_path(spec.mask_path, "the mask") if spec.mask_path else None,
        boxes=tuple(to_box(box) for box in spec.boxes),
        mask_hides=_hides(spec),
        mask_start_frame=spec.mask_start_frame if spec.HasField("mask_start_frame") else None,
        points=tuple(to_point(point) for point in spec.points),
        defects=tuple(_to_defect(defect) for defect in spec.defects),
        between_start=_between(spec, "between_start"),
        between_end=_between(spec, "between_end"),
        output_range=to_range(spec.output_range) if spec.HasField("output_range") else None,
        matte_path=to_path(spec.matte_path, "the matte (--matte-out)") if spec.matte_path else None,
        margin=spec.margin if spec.HasField("margin") else None,
    )


def _hides(spec: job_pb2.InpaintSpec) -> MaskHides:
    names: dict[int, MaskHides] = {
        job_pb2.MASK_HIDES_UNSPECIFIED: "auto",
        job_pb2.MASK_HIDES_AUTO: "auto",
        job_pb2.MASK_HIDES_WHITE: "white",
        job_pb2.MASK_HIDES_BLACK: "black",
        job_pb2.MASK_HIDES_ALPHA: "alpha",
        job_pb2.MASK_HIDES_CLEAR: "clear",
    }
    if spec.mask_hides not in names:
        raise WrongCall(
            f"A mask cannot hide by number {spec.mask_hides}; take auto, white, black, alpha or"
            " clear."
        )
    return names[spec.mask_hides]


def _to_defect(number: job_pb2.Defect) -> Defect:
    names: dict[int, Defect] = {
        job_pb2.DEFECT_LOGO: "logo",
        job_pb2.DEFECT_DUST: "dust",
        job_pb2.DEFECT_SCRATCHES: "scratches",
        job_pb2.DEFECT_SPOTS: "spots",
    }
    if number not in names:
        raise WrongCall(
            f"There is no defect of number {number}; take --logo, --dust, --scratches or --spots."
        )
    return names[number]


def _between(spec: job_pb2.InpaintSpec, name: str) -> Length | None:
    return to_length(getattr(spec, name), "--between") if spec.HasField(name) else None
