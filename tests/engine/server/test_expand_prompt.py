from longtake.v1 import job_pb2, model_pb2


def expand(caller, guidance: job_pb2.Guidance, *, shown: bool = False):
    request = model_pb2.ExpandPromptRequest(guidance=guidance, shown=shown)
    return caller.call(caller.models.ExpandPrompt, request)


def test_a_prompt_is_shown_as_it_would_go_to_a_model(caller):
    camera = job_pb2.CameraMove(kind=job_pb2.CAMERA_KIND_PAN_LEFT)
    guidance = job_pb2.Guidance(prompt="a fox on a road", camera=camera)
    answer = expand(caller, guidance)
    assert answer.prompt.startswith("a fox on a road. Wide shot, ")
    assert "the camera pans to the left" in answer.added
    assert answer.written_by == "template"
    again = expand(caller, job_pb2.Guidance(prompt=answer.prompt))
    assert (again.prompt, list(again.added)) == (answer.prompt, [])
    shown = expand(caller, guidance, shown=True)
    assert shown.prompt == "a fox on a road. The camera pans to the left."


def test_a_camera_without_a_kind_is_refused(caller, refusal):
    request = model_pb2.ExpandPromptRequest(
        guidance=job_pb2.Guidance(prompt="x", camera=job_pb2.CameraMove(amount=0.5))
    )
    refused = refusal(caller.call, caller.models.ExpandPrompt, request)
    assert refused.reason == "WRONG_CALL"
