"""Times one measurement, as nine/main.go does."""

import sys
import time


def measure(name, do):
    """Repeats do, twice as often each time, until that takes long enough; i is 0 at last."""
    n, enough = 1, float(sys.argv[1])
    while True:
        start = time.process_time()
        for i in range(n - 1, -1, -1):
            made = do(i)
        took = time.process_time() - start
        if took >= enough:
            break
        n *= 2
    print(name, round(n / max(took, 1e-9)), made.hex() if isinstance(made, bytes) else made, sep="\t")
