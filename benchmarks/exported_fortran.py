"""How long exported Fortran takes: a row, its Jacobian and a row of many, of 3-64-64-1; and what compilers take.

Run: python -m benchmarks.exported_fortran [flags of gfortran, -O2 unless given]
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from fitnet import Ensemble, Model, Network, Scaling

ROWS, REPEATS, MEMBERS = 20_000, 9, 24
PROGRAM = """
program timing
  use, intrinsic :: iso_fortran_env, only: int64
  use net_model
  implicit none
  integer, parameter :: n = {rows}, wp = net_kind
  real(wp), allocatable :: x(:, :), y(:, :)
  real(wp) :: one(net_inputs), of_one(net_outputs), jacobian(net_outputs, net_numbers), total, best(3)
  integer(int64) :: start, finish, rate
  integer :: status(n), repeat, i

  allocate (x(n, net_inputs), y(n, net_outputs))
  call random_number(x)
  best = huge(best)
  total = 0
  do repeat = 1, {repeats}
    call system_clock(start, rate)
    do i = 1, n
      one = x(i, :)
      call net_predict(one, of_one, status(i))
      total = total + of_one(1)
    end do
    call system_clock(finish)
    best(1) = min(best(1), real(finish - start, wp) / rate / n)
    call system_clock(start)
    do i = 1, n
      one = x(i, :)
      call net_jacobian(one, of_one, jacobian, status(i))
      total = total + jacobian(1, 1)
    end do
    call system_clock(finish)
    best(2) = min(best(2), real(finish - start, wp) / rate / n)
    call system_clock(start)
    call net_predict_rows(x, y, status)
    call system_clock(finish)
    best(3) = min(best(3), real(finish - start, wp) / rate / n)
    total = total + sum(y)
  end do
  print "(3f10.0, l2)", 1e9_wp * best, total > -huge(total)
end program timing
"""


def model(members: int, activation: str, dtype: str) -> Model | Ensemble:
    """Random parameters, scaled inputs."""
    generator = np.random.default_rng(0)
    network = Network.of_widths((3, 64, 64, 1), activation)
    ranges = {"input_scaling": Scaling([0.5] * 3, [0.3] * 3), "input_ranges": [[0.0] * 3, [1] * 3]}
    made = [Model(network, network.initial_parameters(generator, "glorot", dtype), **ranges) for _ in range(members)]
    return made[0] if members == 1 else Ensemble(made)


def main() -> None:
    """Print a line a model."""
    flags = sys.argv[1:] or ["-O2"]
    print("                            export   module  compile      row  Jacobian  of many   (s, kB, s, ns, ns, ns)")
    cases = [(1, activation, "float32") for activation in ("relu", "tanh", "silu", "gelu", "softplus")]
    for members, activation, dtype in [*cases, (1, "relu", "float64"), (MEMBERS, "relu", "float32")]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "net.f90"
            start = time.perf_counter()
            model(members, activation, dtype).export(path)
            exported = time.perf_counter()
            subprocess.run(["gfortran", *flags, "-c", path.name], cwd=folder, check=True)
            compiled = time.perf_counter() - exported
            (path.parent / "timing.f90").write_text(PROGRAM.format(rows=ROWS, repeats=REPEATS))
            subprocess.run(["gfortran", *flags, "net.o", "timing.f90", "-o", "timing"], cwd=folder, check=True)
            times = subprocess.run([path.parent / "timing"], capture_output=True, text=True, check=True).stdout
            size = path.stat().st_size / 1000
        named = f"{members:2} x {activation}, {dtype}"
        print(f"{named:25} {exported - start:9.2f} {size:8.0f} {compiled:8.2f} {times.rstrip()[:-2]}", flush=True)


if __name__ == "__main__":
    main()
