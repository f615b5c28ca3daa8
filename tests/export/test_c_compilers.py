"""C: exported headers under every compiler, sanitizers and threads, and their self-tests."""

import re

import pytest
from c_programs import COMPILERS, compiled, exported, includes, needs, output_of
from exported_kinds import EXPORTED

from fitnet import Network
from fitnet.rows import Categories
from kinds_of_models import model

MAIN = "#include <stdio.h>\n"


def sum_of_self_tests(subjects):
    """An expression."""
    return " + ".join(f"{subject.name}_self_test()" for subject in subjects)


@pytest.fixture(scope="module")
def headers(tmp_path_factory):
    """A folder with headers of all kinds, in every precision and with all derivatives, and their subjects."""
    folder = tmp_path_factory.mktemp("headers")
    wanted = [("none", "double"), ("jacobian", "single"), ("hessian", "double"), ("hessian", "single")]
    return folder, [
        subject
        for place, (derivatives, precision) in enumerate(wanted)
        for subject in exported(EXPORTED, folder, derivatives, precision, f"{place}_")
    ]


@pytest.mark.parametrize("compiler", [pytest.param(name, marks=needs(name)) for name in COMPILERS])
def test_every_compiler_takes_them_and_the_self_tests_pass(headers, compiler, tmp_path):
    folder, subjects = headers
    text = f'{MAIN}{includes(subjects)}int main(void)\n{{\n    printf("%d", {sum_of_self_tests(subjects)});\n}}\n'
    assert output_of(compiled(tmp_path, text, f"-I{folder}", compiler=compiler)) == "0"


@needs("gcc")
def test_a_header_may_be_included_twice_and_in_two_units(headers, tmp_path):
    folder, subjects = headers
    some = includes(subjects[:3])
    (tmp_path / "other.c").write_text(f"{some}int other(void);\nint other(void) {{ return k0_0_self_test(); }}\n")
    text = f"{some}{some}int other(void);\nint main(void) {{ return other() + k0_0_self_test(); }}\n"
    output_of(compiled(tmp_path, text, f"-I{folder}", "other.c"))


@needs("gcc")
def test_an_altered_weight_fails_the_self_test(tmp_path):
    subjects = exported({name: EXPORTED[name] for name in ("tanh", "ensemble of one output")}, tmp_path)
    for subject in subjects:
        header = tmp_path / f"{subject.name}.h"
        text = header.read_text()
        start = text.index("_parameters_1[] = {\n") + len("_parameters_1[] = {\n")
        first = text[start : text.index(",", start)]
        altered = f"{float(first.rstrip('f')) * (1 + 1e-6)!r}"
        header.write_text(text[:start] + altered + text[start + len(first) :])
    tests = '%d %d", k0_self_test() > 0, k1_self_test() > 0'
    text = f'{MAIN}{includes(subjects)}int main(void) {{ printf("{tests}); }}\n'
    assert output_of(compiled(tmp_path, text, strict=False)) == "1 1"


@needs("gcc")
def test_sanitizers_find_nothing(tmp_path):
    subjects = exported(EXPORTED, tmp_path)
    bad = "".join(strange_rows(subject) for subject in subjects)
    text = f'{MAIN}{includes(subjects)}int main(void)\n{{\n{bad}    printf("%d", {sum_of_self_tests(subjects)});\n}}\n'
    options = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    assert output_of(compiled(tmp_path, text, *options)) == "0"


def strange_rows(subject):
    """Statements that predict rows of numbers that no model expects."""
    n, N = subject.name, subject.name.upper()
    call = f"{n}_predict(x, y)"
    if subject.numbers:
        call += f", {n}_jacobian(x, y, j), {n}_hessian(x, y, j, h)"
    if subject.interval is not None:
        call += f", {n}_interval(x, y, y)"
    return (
        f"    {{ {n}_real x[{N}_INPUTS], y[{N}_OUTPUTS], j[{N}_OUTPUTS * ({N}_NUMBERS + 1)], "
        f"h[{N}_OUTPUTS * ({N}_NUMBERS * {N}_NUMBERS + 1)];\n"
        f"      const {n}_real strange[] = {{NAN, INFINITY, -INFINITY, -1, 0, 1, 2, 1e9f, -1e30f, 3e38f}};\n"
        f"      for (size_t s = 0; s < 10; ++s) {{ for (size_t i = 0; i < {N}_INPUTS; ++i) x[i] = strange[s];\n"
        f"          (void)j, (void)h; {call}; }} }}\n"
    )


THREADS = """
#include <pthread.h>
#include <stdio.h>
#include <string.h>
INCLUDES
enum { ROWS = 500 };
static double rows[3 * ROWS];
static void *work(void *results)
{
    double *y = results;
    for (size_t i = 0; i < ROWS; ++i, y += 7) {
        k0_jacobian(rows + 3 * i, y, y + 1);
        k1_interval(rows + 3 * i, y + 4, y + 5);
        y[6] = k1_self_test();
    }
    return NULL;
}
int main(void)
{
    static double alone[7 * ROWS], together[2][7 * ROWS];
    pthread_t threads[2];
    for (size_t i = 0; i < 3 * ROWS; ++i)
        rows[i] = (double)(i * 7919 % 1000) / 500 - 1;
    work(alone);
    for (int t = 0; t < 2; ++t)
        if (pthread_create(threads + t, NULL, work, together[t])) return 1;
    for (int t = 0; t < 2; ++t)
        pthread_join(threads[t], NULL);
    printf("%d", memcmp(alone, together[0], sizeof alone) || memcmp(alone, together[1], sizeof alone));
    return 0;
}
"""


@needs("gcc")
@pytest.mark.parametrize("sanitizer", [[], ["-fsanitize=thread"]], ids=["plain", "sanitized"])
def test_threads_give_the_bits_that_one_gives(sanitizer, tmp_path):
    kinds = ("plain relu, float32", "ensemble of one output")
    subjects = exported({name: EXPORTED[name] for name in kinds}, tmp_path, "jacobian")
    options = ["-O1", "-D_POSIX_C_SOURCE=200112L", "-pthread", *sanitizer]
    assert output_of(compiled(tmp_path, THREADS.replace("INCLUDES", includes(subjects)), *options)) == "0"


STACK = """
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <string.h>
INCLUDES
static unsigned char stack[1 << 20] __attribute__((aligned(4096)));
static size_t used(void *(*work)(void *))
{
    pthread_attr_t attributes;
    pthread_t thread;
    size_t first = 0;
    memset(stack, 0xA5, sizeof stack);
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, stack, sizeof stack);
    if (pthread_create(&thread, &attributes, work, NULL) || pthread_join(thread, NULL))
        return 0;
    while (stack[first] == 0xA5)
        ++first;
    return sizeof stack - first;
}
static void *nothing(void *none) { return none; }
FUNCTIONS
int main(void)
{
    const size_t before = used(nothing);
    CALLS
    return 0;
}
"""


@needs("gcc")
@pytest.mark.parametrize("level", ["-O0", "-O2"])
def test_the_stack_suffices(level, tmp_path):
    kinds = ("more outputs than inputs", "error bars", "ensemble, encoded", "ensemble, normalised", "sixty inputs")
    kinds += ("projected", "ensemble, projected, float32")
    subjects = exported({name: EXPORTED[name] for name in kinds}, tmp_path)
    names = [subject.name for subject in subjects]  # the self-test calls all that there is
    functions = "".join(f"static void *w{n}(void *none) {{ {n}_self_test(); return none; }}\n" for n in names)
    calls = "".join(f'printf("%zu %d ", used(w{n}) - before, {n.upper()}_STACK_BYTES);' for n in names)
    text = STACK.replace("INCLUDES", includes(subjects)).replace("FUNCTIONS", functions).replace("CALLS", calls)
    numbers = list(map(int, output_of(compiled(tmp_path, text, level, "-pthread", "-Wl,-z,now")).split()))
    for taken, said in zip(numbers[::2], numbers[1::2], strict=True):
        assert 500 < taken <= said < 4 * taken


@needs("gcc")
def test_many_rows_at_once_and_the_worst_status(tmp_path):
    subjects = exported({"gaps": EXPORTED["gaps"], "plain": EXPORTED["tanh"]}, tmp_path, "none")
    text = f"""{MAIN}{includes(subjects)}
int main(void)
{{
    const double X[] = {{0, 20, 1e-4, 0, NAN, 1e-4, 0, 1000, 1e-4, INFINITY, 20, 1e-4}};
    double Y[8], y[2];
    printf("%d %d %d ", k0_predict_rows(2, X, Y), k0_predict_rows(3, X, Y), k0_predict_rows(4, X, Y));
    k0_predict(X + 6, y);
    printf("%d %d ", y[0] <= Y[4] && y[0] >= Y[4], Y[6] != Y[6]);
    printf("%d %d", k1_predict_rows(0, X, Y), k1_predict_rows(3, X, Y));
}}
"""
    assert output_of(compiled(tmp_path, text)) == "0 1 2 1 1 0 2"


def test_levels_whose_macros_would_be_the_same_get_numbers(tmp_path):
    words = Categories(("stack", "a", "a_b"), (("bytes", "x"), ("b_c", "y"), ("c", "z")))
    given = model(3, Network.of_widths((6, 4, 1), "relu"), categories=words)
    (subject,) = exported({"alike": given}, tmp_path)
    found = re.findall(r"#define (\w+)", (tmp_path / f"{subject.name}.h").read_text())
    assert len(set(found)) == len(found)
    assert {"K0_STACK_BYTES", "K0_STACK_BYTES_2", "K0_A_B_C", "K0_A_B_C_2"} <= set(found)


def test_the_door_writes_one_header(tmp_path):
    EXPORTED["tanh"].export(tmp_path / "Flow-2.h", precision="single", derivatives="none")
    text = (tmp_path / "Flow-2.h").read_text()
    assert "static inline int flow_2_predict(const flow_2_real *x, flow_2_real *y)" in text
    assert "typedef float flow_2_real;" in text
    assert "flow_2_jacobian" not in text
