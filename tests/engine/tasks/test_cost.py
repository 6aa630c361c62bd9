from longtake_engine.models.schedule import Scheduled
from longtake_engine.tasks.cost import kept_bytes
from longtake_engine.tasks.extend import estimate as tasks
from longtake_engine.testing.backend import Repeat
from longtake_engine.testing.picture import format_of
from longtake_engine.testing.windows import Drift


def test_only_what_is_made_window_by_window_takes_room_meanwhile():
    format = format_of("yuv420p", 64, 48)
    assert kept_bytes(Repeat(), format, 100) == 0
    assert kept_bytes(Scheduled(Drift()), format, 100) == 100 * 64 * 48 * 3 // 2


def test_an_estimate_of_an_extension_counts_it(clip, extend_spec, monkeypatch):
    def disk_bytes(backend) -> int:
        monkeypatch.setattr(tasks, "find_backends", lambda *_: (backend,))
        return tasks.estimate_extension(extend_spec(clip, tail=10)).disk_bytes

    assert disk_bytes(Scheduled(Drift())) - disk_bytes(Repeat()) == 10 * 128 * 72 * 3 // 2
