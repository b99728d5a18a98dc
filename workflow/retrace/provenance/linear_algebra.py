"""How NumPy and its linear algebra are held to one way of computing, whatever the machine."""

from __future__ import annotations

# Sums in another order are other bytes: one thread each.
_ONE_THREAD = tuple(
    f"{library}_NUM_THREADS" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
)


def environment() -> dict[str, str]:
    """Variables that make results the same on every x86 processor with AVX2.

    Every such processor since 2013 has it. Left alone, OpenBLAS and NumPy use whatever a processor
    has, and then last bits, and with them whole random searches, depend on it. On other processors
    the variables fix the number of threads only. They count for programs that are started with
    them: NumPy reads them when it is imported.

    Returns
    -------
    dict of str to str
        Names and values for a process's environment.
    """
    import numpy

    variables = dict.fromkeys(_ONE_THREAD, "1")
    extensions = numpy.show_config(mode="dicts")["SIMD Extensions"]
    # What was disabled is not found, but AVX2 is not disabled here.
    if "X86_V3" in extensions.get("found", []):
        variables |= {
            "OPENBLAS_CORETYPE": "Haswell",
            "OPENBLAS_L2_SIZE": "512",
            "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
        }
    return variables
