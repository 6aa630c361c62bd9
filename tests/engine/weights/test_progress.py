from longtake_engine.weights.progress import StoreProgress, Tally


def test_bytes_are_counted_over_all_files_and_those_that_were_there_do_not_make_it_fast():
    told: list[StoreProgress] = []
    tally = Tally(told.append, "downloading", 100)
    tally.begin("a")
    tally.find(30)  # in the cache, and right
    tally.begin("b")
    tally.find(20)  # in the cache, and wrong
    tally.reject()
    tally.find(5)  # a piece
    tally.reach(15)
    tally.pause("verifying")
    tally.begin("c")
    tally.add(25)
    assert [(one.done_bytes, one.fresh_bytes) for one in told] == [
        *[(0, 0), (30, 0)],
        *[(30, 0), (50, 0), (30, 0), (35, 0), (45, 10), (45, 10)],
        *[(45, 10), (70, 35)],
    ]
    assert told[7].phase == "verifying"
    assert told[-1] == StoreProgress("downloading", "c", 70, 100, 35)
