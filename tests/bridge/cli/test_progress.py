import io

from longtake.v1 import job_pb2
from longtake_bridge.cli.progress import show_progress, time_text


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _job(state: job_pb2.JobState = job_pb2.JOB_STATE_RUNNING, **progress) -> job_pb2.Job:
    return job_pb2.Job(state=state, progress=job_pb2.Progress(**progress))


def test_a_terminal_gets_a_bar_that_goes_away() -> None:
    stream = Terminal()
    with show_progress(stream) as tell:
        tell(_job(phase="measuring"))
        tell(_job(phase="making", done_frames=12, total_frames=48, remaining_s=75))
    shown = stream.getvalue().split("\r")
    bar = next(line for line in shown if line.startswith("making"))
    assert "25%" in bar
    assert bar.rstrip().endswith("| 12/48, 1 min 15 s left")
    assert shown[-1].strip() == "" and shown[-2].strip() == ""


def test_elsewhere_a_line_for_every_phase_and_not_for_every_frame() -> None:
    stream = io.StringIO()
    with show_progress(stream) as tell:
        tell(_job(job_pb2.JOB_STATE_QUEUED))
        tell(_job(phase="making", total_frames=48, remaining_s=-1))
        for frame in range(1, 49):
            tell(_job(phase="making", done_frames=frame, total_frames=48, remaining_s=3.2))
        tell(_job(job_pb2.JOB_STATE_SUCCEEDED, done_frames=48, total_frames=48))
    assert stream.getvalue().splitlines() == [
        "waiting for its turn",
        "making 0/48 frames",
    ]


def test_a_phase_that_counts_frames_itself_is_one_line() -> None:
    stream = io.StringIO()
    with show_progress(stream) as tell:
        for frame in range(30):
            tell(_job(phase=f"following (frame {frame})"))
        tell(_job(phase="making (motion)"))
        tell(_job(phase="making (glide)"))
    said = ["following (frame 0)", "making (motion)", "making (glide)"]
    assert stream.getvalue().splitlines() == said


def test_silence_where_it_is_wanted() -> None:
    stream = Terminal()
    with show_progress(stream, silent=True) as tell:
        tell(_job(phase="making"))
    assert stream.getvalue() == ""


def test_time_for_people() -> None:
    assert time_text(0.4) == "0 s"
    assert time_text(59.4) == "59 s"
    assert time_text(59.6) == "1 min 0 s"
    assert time_text(7500) == "2 h 5 min"
