"""A list of named checks: each prints a line, the run ends with a count, and nothing stops at the first failure.
What failed is said in one line with its reason, so that the end of a long log is enough to know it.
"""
import pathlib
import sys
import traceback


def reason(kind, error):
    """An error in one line."""
    return " ".join(f"{kind.__name__}: {error}".split())[:400]


def ended(kind, error, trace):
    """A run that ends before its checks do, as where a server does not start, says so like a check."""
    traceback.print_exception(kind, error, trace, file=sys.stdout)
    print(f"FAILED  {pathlib.Path(sys.argv[0]).name} ended: {reason(kind, error)}", flush=True)


sys.excepthook = ended


class Checks:
    def __init__(self):
        self.passed = 0
        self.failed = []

    def check(self, name):
        """Runs the decorated function at once; it passes unless it raises."""

        def run(function):
            try:
                function()
            except Exception as error:  # noqa: BLE001 - every failure is a result here
                self.failed.append(name)
                traceback.print_exc(file=sys.stdout)
                print(f"FAILED  {name}: {reason(type(error), error)}")
            else:
                self.passed += 1
                print(f"ok      {name}")
            sys.stdout.flush()

        return run

    def finish(self):
        """Prints the count; the exit code of the run."""
        print(f"{self.passed} passed, {len(self.failed)} failed")
        return 1 if self.failed or not self.passed else 0
