"""What this machine has for a model to work on, as torch finds it."""

from importlib.util import find_spec

import psutil

from longtake_engine.models.diffusion.placement import Machine

_AHEAD = 8  # from this compute capability on, NVIDIA's cards reckon in bfloat16


def this_machine() -> Machine:
    """The first card, if torch has one, and what is free now. Brings torch."""
    import torch  # noqa: PLC0415 # heavy

    memory = psutil.virtual_memory().available
    if torch.cuda.is_available():
        free, _ = torch.cuda.mem_get_info(0)
        modern = torch.version.hip is not None or torch.cuda.get_device_capability(0)[0] >= _AHEAD
        return Machine("cuda:0", free, memory, "bfloat16" if modern else "float16")
    if torch.backends.mps.is_available():
        # One memory for both.
        return Machine("mps", memory, memory, "bfloat16")
    return Machine(memory_free_bytes=memory)


def choose_attention(machine: Machine) -> str | None:
    """The name by which diffusers knows the quickest exact attention that is installed here; None
    for torch's own, which it takes by itself. Nothing is downloaded for it."""
    if not machine.device.startswith("cuda") or machine.half == "float32":
        return None
    if find_spec("flash_attn_interface") is not None:
        return "_flash_3"
    return "flash" if find_spec("flash_attn") is not None else None
