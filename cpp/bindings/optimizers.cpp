// Optimizers and their settings.
#include <nanobind/nanobind.h>

#include "bindings/contents.hpp"
#include "fitnet.hpp"

namespace fitnet::bindings {

void bind_optimizers(nb::module_& module) {
    nb::enum_<Optimizer>(module, "Optimizer")
        .value("gradient_descent", Optimizer::gradient_descent)
        .value("momentum", Optimizer::momentum)
        .value("adam", Optimizer::adam);
    nb::class_<OptimizerSettings>(module, "OptimizerSettings")
        .def("__init__",
             [](OptimizerSettings* self, Optimizer kind, double beta1, double beta2, double epsilon,
                double weight_decay) { new (self) OptimizerSettings{kind, beta1, beta2, epsilon, weight_decay}; });
}

}  // namespace fitnet::bindings
