// Linear algebra with symmetric positive definite matrices, in float64.
#include "bindings/arrays.hpp"
#include "bindings/contents.hpp"
#include "bindings/signals.hpp"

namespace fitnet::bindings {

namespace {

// A symmetric matrix (n, n) and what is added to its diagonal, float64; gives compute(matrix, result (n)), or None.
template <class Compute>
nb::object of_regular_matrix(nb::handle values, nb::handle ridge, int n_threads, const Compute& compute) {
    const int64_t n = length(ridge);
    const RegularMatrix matrix{readable<double>(values, "matrix", {n, n}), readable<double>(ridge, "ridge", {n}), n};
    const nb::object result = new_array<double>({n});
    const Threads threads = threads_from(n_threads);
    double* to = memory<double>(result);
    const bool solved =
        watching_signals([&](const KeepGoing& keep_going) { return compute(matrix, to, threads, keep_going); });
    return solved ? result : nb::none();
}

nb::object solution(nb::handle matrix, nb::handle ridge, nb::handle right, int n_threads) {
    const double* numbers = readable<double>(right, "right", {length(ridge)});
    return of_regular_matrix(matrix, ridge, n_threads, [&](auto&& of, double* x, Threads threads, const KeepGoing& go) {
        return solve_positive_definite(of, numbers, x, threads, go);
    });
}

nb::object diagonal_of_inverse(nb::handle matrix, nb::handle ridge, int n_threads) {
    return of_regular_matrix(matrix, ridge, n_threads, &inverse_diagonal);
}

}  // namespace

void bind_cholesky(nb::module_& module) {
    module.def("solve_positive_definite", &solution);
    module.def("inverse_diagonal", &diagonal_of_inverse);
}

}  // namespace fitnet::bindings
