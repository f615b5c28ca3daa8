// Losses of rows, alone and with the gradient with respect to the parameters.
#include "bindings/contents.hpp"
#include "bindings/interpreter.hpp"
#include "bindings/networks.hpp"

namespace fitnet::bindings {

namespace {

double loss_alone(const Layers& layers, const LossSettings& settings, nb::handle parameters, nb::handle X, nb::handle Y,
                  nb::handle weights, int n_threads) {
    return for_dtype_of(parameters, [&](auto zero) {
        using T = decltype(zero);
        const T* P = readable<T>(parameters, "parameters", {count_parameters(layers)});
        const Rows<T> rows = rows_from<T>(layers, X, Y, weights);
        const Threads threads = threads_from(n_threads);
        return outside_python([&](auto&) { return loss(layers, settings, P, rows, threads); });
    });
}

nb::tuple loss_with_gradient(const Layers& layers, const LossSettings& loss, nb::handle parameters, nb::handle X,
                             nb::handle Y, nb::handle weights, double l2, int n_threads) {
    return for_dtype_of(parameters, [&](auto zero) {
        using T = decltype(zero);
        const T* P = readable<T>(parameters, "parameters", {count_parameters(layers)});
        const Rows<T> rows = rows_from<T>(layers, X, Y, weights);
        const nb::object gradient = new_array<T>({count_parameters(layers)});
        const Threads threads = threads_from(n_threads);
        T* to = memory<T>(gradient);
        const double value =
            outside_python([&](auto&) { return loss_and_gradient(layers, loss, l2, P, rows, to, threads); });
        return nb::make_tuple(value, gradient);
    });
}

}  // namespace

void bind_losses(nb::module_& module) {
    nb::enum_<Loss>(module, "Loss")
        .value("squared_error", Loss::squared_error)
        .value("absolute_error", Loss::absolute_error)
        .value("huber", Loss::huber)
        .value("quantile", Loss::quantile)
        .value("poisson", Loss::poisson)
        .value("cross_entropy", Loss::cross_entropy);
    nb::class_<LossSettings>(module, "LossSettings")
        .def("__init__",
             [](LossSettings* self, Loss kind, double parameter) { new (self) LossSettings{kind, parameter}; });
    module.def("loss", &loss_alone, nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg().none(), nb::arg());
    module.def("loss_and_gradient", &loss_with_gradient, nb::arg(), nb::arg(), nb::arg(), nb::arg(), nb::arg(),
               nb::arg().none(), nb::arg(), nb::arg());
}

}  // namespace fitnet::bindings
