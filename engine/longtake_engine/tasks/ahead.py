"""Work done ahead: the next items are made in another thread while the last one is used."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def work_ahead(
    items: Iterable[Item], check: Callable[[], None], depth: int = 2
) -> Generator[Item, None, None]:
    """`items`, up to `depth` of them made before they are asked for, one after the other.

    `check` is called before each is handed out, and ends the work by raising.

    What making one raises is raised where it would have come. A caller that stops early waits for
    the items under way and no longer.
    """
    source = iter(items)

    def make() -> tuple[Item, ...]:
        for item in source:
            return (item,)
        return ()

    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        waiting: deque[Future[tuple[Item, ...]]] = deque(pool.submit(make) for _ in range(depth))
        while True:
            made = waiting.popleft().result()
            if not made:
                return
            waiting.append(pool.submit(make))
            check()
            yield made[0]
