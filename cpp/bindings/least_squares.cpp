// The normal equations of a least-squares step, and the curvature of the cross-entropy.
#include "bindings/contents.hpp"
#include "bindings/networks.hpp"
#include "bindings/signals.hpp"

namespace fitnet::bindings {

namespace {

nb::tuple least_squares(const Layers& layers, nb::handle parameters, nb::handle X, nb::handle Y, nb::handle weights,
                        int n_threads) {
    return for_dtype_of(parameters, [&](auto zero) {
        using T = decltype(zero);
        const int64_t P = count_parameters(layers);
        const T* values = readable<T>(parameters, "parameters", {P});
        const Rows<T> rows = rows_from<T>(layers, X, Y, weights);
        const nb::object JtJ = new_array<T>({P, P}), Jtr = new_array<T>({P});
        NormalEquations<T> equations{memory<T>(JtJ), memory<T>(Jtr), 0};
        const Threads threads = threads_from(n_threads);
        watching_signals([&](const KeepGoing& keep_going) {
            return normal_equations<T>(layers, values, rows, equations, threads, keep_going);
        });
        return nb::make_tuple(JtJ, Jtr, equations.sum_of_squares);
    });
}

nb::object classes(const Layers& layers, nb::handle parameters, nb::handle X, nb::handle weights, int n_threads) {
    return for_dtype_of(parameters, [&](auto zero) {
        using T = decltype(zero);
        const int64_t P = count_parameters(layers), n = length(X);
        const T* values = readable<T>(parameters, "parameters", {P});
        const Rows<T> rows{readable<T>(X, "X", {n, layers.front().inputs}), nullptr,
                           weights.is_none() ? nullptr : readable<T>(weights, "weights", {n}), n};
        if (n == 0) throw nb::value_error("`X` has no rows.");
        if (layers.back().activation != Activation::identity) throw nb::value_error("The outputs must be logits.");
        const nb::object matrix = new_array<T>({P, P});
        T* to = memory<T>(matrix);
        const Threads threads = threads_from(n_threads);
        watching_signals([&](const KeepGoing& keep_going) {
            return class_curvature<T>(layers, values, rows, to, threads, keep_going);
        });
        return matrix;
    });
}

}  // namespace

void bind_least_squares(nb::module_& module) {
    module.def("normal_equations", &least_squares, nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg().none(),
               nb::arg());
    module.def("class_curvature", &classes, nb::arg(), nb::arg(), nb::arg(), nb::arg().none(), nb::arg());
}

}  // namespace fitnet::bindings
