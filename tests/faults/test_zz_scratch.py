import os, time, gc
from book_scene import STEPS
from dying import run_until, Point


def test_costs(scene, ground):
    def t(label, f, n=30):
        b = time.perf_counter()
        for _ in range(n):
            f()
        print(label, round((time.perf_counter() - b) / n * 1000, 2), "ms")

    def forkonly():
        c = os.fork()
        if c == 0:
            os._exit(0)
        os.waitpid(c, 0)

    do = lambda: STEPS["stock distribute"](scene, "r", 0)
    t("fork", forkonly)
    gc.collect()
    gc.freeze()
    t("fork frozen", forkonly)
    t("state", ground.state)
    t("die at 1", lambda: run_until(ground, Point("before", 1), do))
    w = run_until(ground, None, do)
    print(w)
    ground.put_back()
    t("die at mid", lambda: run_until(ground, Point("before", w.statements // 2), do))
    t("die at end", lambda: run_until(ground, Point("before", w.statements), do))
    t("whole, put back", lambda: (run_until(ground, None, do), ground.put_back()))
    t("put back", ground.put_back)
