// Outputs and their derivatives with respect to the inputs, for parameters as they come.
#include "bindings/contents.hpp"
#include "bindings/interpreter.hpp"
#include "bindings/networks.hpp"

namespace fitnet::bindings {

namespace {

// compute(layers, P, X, n, to, threads), where `to` is a new array of `shape`: n, m and so many p.
template <class Compute>
nb::object of_rows(const Layers& layers, nb::handle parameters, nb::handle X, int n_threads,
                   std::initializer_list<int64_t> shape, const Compute& compute) {
    return for_dtype_of(parameters, [&](auto zero) {
        using T = decltype(zero);
        const int64_t n = length(X);
        const T* P = readable<T>(parameters, "parameters", {count_parameters(layers)});
        const T* rows = readable<T>(X, "X", {n, layers.front().inputs});
        nb::object found = new_array<T>(shape);
        const Threads threads = threads_from(n_threads);
        T* to = memory<T>(found);
        outside_python([&](auto&) { compute(layers, P, rows, n, to, threads); });
        return found;
    });
}

nb::object predict_rows(const Layers& layers, nb::handle parameters, nb::handle X, int n_threads) {
    return of_rows(layers, parameters, X, n_threads, {length(X), layers.back().outputs},
                   [](const auto&... call) { predict(call...); });
}

nb::object jacobian_of_rows(const Layers& layers, nb::handle parameters, nb::handle X, int n_threads) {
    return of_rows(layers, parameters, X, n_threads, {length(X), layers.back().outputs, layers.front().inputs},
                   [](const auto&... call) { input_jacobian(call...); });
}

nb::object hessian_of_rows(const Layers& layers, nb::handle parameters, nb::handle X, int n_threads) {
    const int64_t p = layers.front().inputs;
    return of_rows(layers, parameters, X, n_threads, {length(X), layers.back().outputs, p, p},
                   [](const auto&... call) { input_hessian(call...); });
}

}  // namespace

void bind_predictions(nb::module_& module) {
    module.def("predict", &predict_rows);
    module.def("input_jacobian", &jacobian_of_rows);
    module.def("input_hessian", &hessian_of_rows);
}

}  // namespace fitnet::bindings
