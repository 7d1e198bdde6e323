"""A list of named checks: each prints a line, the run ends with a count, and nothing stops at the first failure."""
import sys
import traceback


class Checks:
    def __init__(self):
        self.passed = 0
        self.failed = []

    def check(self, name):
        """Runs the decorated function at once; it passes unless it raises."""

        def run(function):
            try:
                function()
            except Exception:  # noqa: BLE001 - every failure is a result here
                self.failed.append(name)
                print(f"FAILED  {name}")
                traceback.print_exc(file=sys.stdout)
            else:
                self.passed += 1
                print(f"ok      {name}")
            sys.stdout.flush()

        return run

    def finish(self):
        """Prints the count; the exit code of the run."""
        print(f"{self.passed} passed, {len(self.failed)} failed")
        return 1 if self.failed or not self.passed else 0
