// What errors of a network's parameters do to its outputs.
#include "bindings/contents.hpp"
#include "bindings/networks.hpp"
#include "bindings/signals.hpp"

namespace fitnet::bindings {

namespace {

struct CovarianceOfOutputs {
    const int64_t p, m;
    const Threads threads;
    const PredictiveCovariance covariance;
};

// X (n, p) to (n, m, m), float64.
nb::object covariances(const CovarianceOfOutputs& of, nb::handle X) {
    const int64_t n = length(X);
    const double* rows = readable<double>(X, "X", {n, of.p});
    const nb::object found = new_array<double>({n, of.m, of.m});
    double* to = memory<double>(found);
    watching_signals(
        [&](const KeepGoing& keep_going) { return of.covariance.rows(rows, n, to, of.threads, keep_going); });
    return found;
}

nb::object new_covariance(const Layers& layers, nb::handle parameters, nb::handle factor, int n_threads) {
    const int64_t P = count_parameters(layers);
    const double* numbers = readable<double>(parameters, "parameters", {P});
    const double* triangle = readable<double>(factor, "factor", {P * (P + 1) / 2});
    return nb::cast(new CovarianceOfOutputs{layers.front().inputs, layers.back().outputs, threads_from(n_threads),
                                            PredictiveCovariance(layers, numbers, triangle)},
                    nb::rv_policy::take_ownership);
}

}  // namespace

void bind_covariances(nb::module_& module) {
    nb::class_<CovarianceOfOutputs>(module, "PredictiveCovariance").def("__call__", &covariances);
    module.def("predictive_covariance", &new_covariance);
}

}  // namespace fitnet::bindings
